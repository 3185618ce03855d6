/** The only place that asks the gateway. The token goes in a header and nowhere else. */
import type { Receipt } from "./answers";
import { problemOf, unreachable } from "./problem";

export type Query = Record<string, string | number | string[] | null | undefined>;

export class Api {
  /** How far this machine's clock is behind the gateway's, in milliseconds. */
  clockOffset = 0;

  constructor(private readonly token: string) {}

  async get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
    const answer = await this.fetch(path + asked(query), { signal: signal ?? null });
    return (await answer.json()) as Answer;
  }

  /** A page that the gateway makes. */
  async page(path: string, query: Query): Promise<string> {
    return (await this.fetch(path + asked(query), {})).text();
  }

  /** How the gateway says that it is, also when it is not well. */
  async state<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
    let answer: Response;
    try {
      answer = await fetch(path, { signal, cache: "no-store", credentials: "omit" });
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable();
    }
    if (!answer.headers.get("content-type")?.startsWith("application/json")) throw await problemOf(answer);
    return (await answer.json()) as Answer;
  }

  /** One report through the door. The same id is used again when the answer was lost. */
  async post(operation: string, report: object, etag: string | null): Promise<Receipt> {
    const headers: Record<string, string> = { "Content-Type": "application/cloudevents+json" };
    if (etag) headers["If-Match"] = etag;
    const path = `/v1/operations/${operation}/events`;
    const answer = await this.fetch(path, { method: "POST", headers, body: JSON.stringify(report) });
    return (await answer.json()) as Receipt;
  }

  /** The report that opens an operation. */
  async open(report: object): Promise<Receipt> {
    const headers = { "Content-Type": "application/cloudevents+json" };
    const given = { method: "POST", headers, body: JSON.stringify(report) };
    return (await (await this.fetch("/v1/operations", given)).json()) as Receipt;
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
    const headers = { ...(given.headers as Record<string, string>), Authorization: `Bearer ${this.token}` };
    let answer: Response;
    try {
      answer = await fetch(path, { ...given, headers, cache: "no-store", credentials: "omit" });
    } catch (error) {
      if (given.signal?.aborted) throw error;
      throw unreachable();
    }
    const date = answer.headers.get("date");
    if (date && Math.abs(Date.parse(date) - Date.now()) > 2000)
      this.clockOffset = Date.parse(date) - Date.now();
    if (!answer.ok) throw await problemOf(answer);
    return answer;
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
