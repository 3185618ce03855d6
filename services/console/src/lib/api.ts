/** The only place that asks the gateway. A token goes in a header and nowhere else; a session's cookie is the browser's. */
import type { Address, Answer, Filled, Found, Readiness, Receipt } from "./answers";
import { problemOf, unreachable, type Problem } from "./problem";

export type Query = Record<string, string | number | string[] | null | undefined>;

/** How requests show who asks: by a token, or by the browser's session, whose mark is repeated with what changes something. */
export type Shown = { token: string } | { mark: string | null };

export class Api {
  /** How far this machine's clock is behind the gateway's, in milliseconds. */
  clockOffset = 0;
  /** Told when the gateway knows the token or the session no more. */
  ended: ((problem: Problem) => void) | null = null;

  constructor(private readonly shown: Shown) {}

  /** What is answered at an address of the gateway's description: `get<"/v1/codes/{list}">(`/v1/codes/${name}`)`. */
  async get<Path extends Address>(
    path: Filled<Path>,
    query: Query = {},
    signal?: AbortSignal,
  ): Promise<Answer<Path>> {
    return (await this.read(path, query, signal)) as Answer<Path>;
  }

  /** What is answered at an address of which only whoever asks knows what it is. */
  async read(path: string, query: Query = {}, signal?: AbortSignal): Promise<unknown> {
    return (await this.fetch(path + asked(query), { signal: signal ?? null })).json();
  }

  /** A page that the gateway makes. */
  async page(path: string, query: Query): Promise<string> {
    return (await this.fetch(path + asked(query), {})).text();
  }

  /** How the gateway says that it is, also when it is not well. */
  async state(signal: AbortSignal): Promise<Readiness> {
    let answer: Response;
    try {
      answer = await fetch("/health/ready", { signal, cache: "no-store", credentials: "omit" });
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable();
    }
    if (!answer.headers.get("content-type")?.startsWith("application/json")) throw await problemOf(answer);
    return (await answer.json()) as Readiness;
  }

  /** One report through the door. The same id is used again when the answer was lost. */
  async post(operation: string, report: object, etag: string | null): Promise<Receipt> {
    const headers: Record<string, string> = { "Content-Type": "application/cloudevents+json" };
    if (etag) headers["If-Match"] = etag;
    const path = `/v1/operations/${operation}/events`;
    const answer = await this.fetch(path, { method: "POST", headers, body: JSON.stringify(report) });
    return (await answer.json()) as Receipt;
  }

  /** Records in which a name or a number stands. What is sought goes in no address, where it would be written down. */
  async search(operation: string, sought: object, query: Query, signal: AbortSignal): Promise<Found> {
    const headers = { "Content-Type": "application/json" };
    const given = { method: "POST", headers, body: JSON.stringify(sought), signal };
    return (await (
      await this.fetch(`/v1/operations/${operation}/search${asked(query)}`, given)
    ).json()) as Found;
  }

  /** The report that opens an operation. */
  async open(report: object): Promise<Receipt> {
    const headers = { "Content-Type": "application/cloudevents+json" };
    const given = { method: "POST", headers, body: JSON.stringify(report) };
    return (await (await this.fetch("/v1/operations", given)).json()) as Receipt;
  }

  /** A small form, such as that of signing in; nothing comes back from what is ended. */
  async send<Answer>(
    method: "POST" | "PATCH" | "DELETE",
    path: string,
    form?: object,
  ): Promise<Answer | null> {
    const given = form ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(form) } : {};
    const answer = await this.fetch(path, { method, ...given });
    return answer.status === 204 ? null : ((await answer.json()) as Answer);
  }

  async stream(path: string, query: Query, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.fetch(path + asked(query), { signal });
    if (!answer.body) throw unreachable();
    return answer.body;
  }

  /** The gateway's time now, whatever this machine's clock says. */
  now(): number {
    return Date.now() + this.clockOffset;
  }

  private async fetch(path: string, given: RequestInit): Promise<Response> {
    const headers: Record<string, string> = { ...(given.headers as Record<string, string>) };
    if ("token" in this.shown) headers["Authorization"] = `Bearer ${this.shown.token}`;
    else if (given.method && this.shown.mark) headers["Vcp-Session-Mark"] = this.shown.mark;
    // A token is never helped, nor overruled, by a cookie that happens to be there.
    const credentials = "token" in this.shown ? "omit" : "same-origin";
    let answer: Response;
    try {
      answer = await fetch(path, { ...given, headers, cache: "no-store", credentials });
    } catch (error) {
      if (given.signal?.aborted) throw error;
      throw unreachable();
    }
    const date = answer.headers.get("date");
    if (date) {
      const offset = Date.parse(date) - Date.now();
      this.clockOffset = Math.abs(offset) > 2000 ? offset : 0; // The header says whole seconds, and answers take time.
    }
    if (answer.ok) return answer;
    const problem = await problemOf(answer);
    if (problem.signIn) this.ended?.(problem);
    throw problem;
  }
}

function asked(query: Query): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") said.append(name, String(one));
    }
  }
  const text = said.toString();
  return text ? `?${text}` : "";
}
