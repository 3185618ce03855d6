/** Who is signed in. The token lives in this tab alone: it is gone when the tab is closed. */
import { Api } from "./api";
import type { Me, OperationEntry } from "./answers";
import { asProblem, Problem } from "./problem";

const KEPT = "vcp.token";

export class Session {
  api = $state.raw<Api | null>(null);
  me = $state.raw<Me | null>(null);
  operations = $state.raw<OperationEntry[]>([]);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  /** Signs in again after the page was loaded anew in the same tab. */
  async resume(): Promise<void> {
    const token = sessionStorage.getItem(KEPT);
    if (token) await this.signIn(token);
  }

  async signIn(token: string): Promise<void> {
    this.busy = true;
    this.problem = null;
    const api = new Api(token.trim());
    try {
      const me = await api.get<Me>("/v1/me");
      const { items } = await api.get<{ items: OperationEntry[] }>("/v1/operations");
      sessionStorage.setItem(KEPT, token.trim());
      [this.api, this.me, this.operations] = [api, me, items];
    } catch (error) {
      this.problem = asProblem(error);
      if (this.problem.signIn) sessionStorage.removeItem(KEPT);
    } finally {
      this.busy = false;
    }
  }

  /** Looks again in which operations one takes part. */
  async renew(): Promise<void> {
    const found = await this.api?.get<{ items: OperationEntry[] }>("/v1/operations");
    if (found) this.operations = found.items;
  }

  signOut(problem: Problem | null = null): void {
    sessionStorage.removeItem(KEPT);
    [this.api, this.me, this.operations, this.problem] = [null, null, [], problem];
  }
}
