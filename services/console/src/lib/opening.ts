/** Opening an operation: a report that begins it, and one for each that takes part from the beginning. */
import type { Answer } from "./answers";
import type { Api } from "./api";
import { newId } from "./acting";
import type { Data } from "./form";
import { asProblem, type Problem } from "./problem";

export type Template = Answer<"/v1/templates/{template}">;

/** International ones, which may take part in any operation. */
export const BODIES = ["FRONTEX", "EUROPOL", "EUROJUST", "INTERPOL"];

export interface Joining {
  agency: string;
  role: string;
}

/** `AT, RO-CUSTOMS` as participants. */
export function participantsIn(text: string, known: readonly Joining[]): Joining[] {
  const codes = text.toUpperCase().split(/[\s,;]+/);
  return [...new Set(codes.filter(Boolean))].map(
    (agency) => known.find((one) => one.agency === agency) ?? { agency, role: "participant" },
  );
}

/** Made once for a form, so that sending it again opens nothing twice and lets nobody in twice. */
export class Opening {
  private readonly id = newId();

  constructor(
    private readonly api: Api,
    private readonly agency: string,
  ) {}

  async open(data: Data): Promise<void> {
    await this.api.open(this.report("operation.created.v1", this.id, data));
  }

  /** Those who could not be let in, and why. */
  async letIn(operation: string, joining: readonly Joining[], common: Data): Promise<[string, Problem][]> {
    const refused: [string, Problem][] = [];
    for (const { agency, role } of joining) {
      const body = BODIES.includes(agency);
      const who = {
        kind: body ? agency.toLowerCase() : "national",
        country: body ? null : agency.slice(0, 2),
      };
      const data = { ...common, agency, role, name: null, ...who };
      const report = this.report("participant.joined.v1", `${this.id}-${agency}`, data);
      await this.api
        .post(operation, report, null)
        .catch((error: unknown) => refused.push([agency, asProblem(error)]));
    }
    return refused;
  }

  private report(type: string, id: string, data: Data): object {
    const exercise = data.exercise === true;
    const time = exercise ? { time: new Date(this.api.now()).toISOString() } : {};
    return { specversion: "1.0", id, source: `/${this.agency.toLowerCase()}/console`, type, ...time, data };
  }
}
