/** Who is signed in: an officer, by the browser's session, or whoever holds a token, which lives in this tab alone. */
import { Api, type Shown } from "./api";
import type { Me, Officer, OperationEntry, WaysIn } from "./answers";
import { say } from "./labels.svelte";
import { asProblem, Problem } from "./problem";

const KEPT = "vcp.token";
const EVERYWHERE = "*";

export class Session {
  api = $state.raw<Api | null>(null);
  me = $state.raw<Me | null>(null);
  /** Null with a token. */
  officer = $state.raw<Officer | null>(null);
  operations = $state.raw<OperationEntry[]>([]);
  ways = $state.raw<WaysIn | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** What was signed in has ended without anybody's asking. */
  ended = $state(false);
  /** How one last signed in, or tried to. */
  byToken = $state(false);
  busy = $state(false);
  /** All tabs of a browser have one session: another officer's, or none, must not look like this one's. */
  private readonly tabs = new BroadcastChannel("vcp.session");

  constructor() {
    this.tabs.onmessage = ({ data }) => {
      if (this.officer && this.officer.mark !== data) location.reload();
    };
  }

  /** Signs in again after the page was loaded anew, in this tab by its token or by the browser's session. */
  async resume(): Promise<void> {
    const token = sessionStorage.getItem(KEPT);
    if (token) return this.withToken(token);
    await this.attempt(async () => {
      await this.findWays();
      if (!this.ways?.signed_in) return;
      const officer = await new Api({ mark: null }).get<"/v1/session">("/v1/session");
      await this.enter({ mark: officer.mark }, officer);
    });
  }

  async withToken(typed: string): Promise<void> {
    const token = typed.trim();
    this.byToken = true;
    await this.attempt(async () => {
      await this.enter({ token }, null);
      sessionStorage.setItem(KEPT, token);
    });
    if (this.problem?.signIn) sessionStorage.removeItem(KEPT);
  }

  async withPassword(name: string, password: string, purpose: string): Promise<void> {
    this.byToken = false;
    await this.attempt(async () => {
      const form = { name, password, purpose: purpose.trim() || null };
      const officer = await new Api({ mark: null }).send<Officer>("POST", "/v1/session", form);
      if (officer) await this.enter({ mark: officer.mark }, officer);
    });
  }

  /** How one can sign in here, unless it is known. */
  async findWays(): Promise<void> {
    this.ways ??= await new Api({ mark: null }).get<"/v1/sign-in">("/v1/sign-in");
  }

  /** Looks again in which operations one takes part. */
  async renew(): Promise<void> {
    const found = await this.api?.get<"/v1/operations">("/v1/operations");
    if (found) this.operations = found.items;
  }

  /** Who one is in an operation: an officer has a role in each, a token the same rights in all. */
  meIn(operation: string): Me {
    const me = this.me!;
    if (!this.officer) return me;
    const roleIn = (place: string) => this.officer?.roles.find((one) => one.operation === place)?.role;
    return { ...me, may_post: (roleIn(operation) ?? roleIn(EVERYWHERE)) === "reporter" };
  }

  async signOut(): Promise<void> {
    const api = this.officer && this.api;
    this.leave();
    if (!api) return;
    try {
      await api.send("DELETE", "/v1/session");
      this.tabs.postMessage(null);
    } catch (error) {
      if (asProblem(error).signIn) return;
      this.problem = new Problem(
        "signed-in",
        0,
        say("You are still signed in"),
        say("Load this page again to sign out."),
      );
    }
  }

  private async enter(shown: Shown, officer: Officer | null): Promise<void> {
    const api = new Api(shown);
    const me = await api.get<"/v1/me">("/v1/me");
    const { items } = await api.get<"/v1/operations">("/v1/operations");
    api.ended = () => {
      if (this.api !== api) return;
      this.leave();
      this.ended = true;
    };
    [this.api, this.me, this.officer, this.operations] = [api, me, officer, items];
    if (officer) this.tabs.postMessage(officer.mark);
  }

  private leave(): void {
    sessionStorage.removeItem(KEPT);
    [this.api, this.me, this.officer, this.operations, this.problem] = [null, null, null, [], null];
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    [this.busy, this.problem, this.ended] = [true, null, false];
    try {
      await what();
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
    }
  }
}
