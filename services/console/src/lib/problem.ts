/** A refusal as the gateway words it, or that it could not be reached. Its title is said in the reader's language. */
import { labelled } from "./labels.svelte";

export interface Fault {
  pointer: string;
  detail: string;
  accepted?: string[];
}

export class Problem extends Error {
  constructor(
    readonly kind: string,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly faults: Fault[] = [],
  ) {
    super(title);
  }

  get signIn(): boolean {
    return this.status === 401;
  }

  get unreachable(): boolean {
    return this.kind === "unreachable";
  }
}

export function unreachable(): Problem {
  return new Problem("unreachable", 0, labelled("The command post cannot be reached"), "");
}

export async function problemOf(answer: Response): Promise<Problem> {
  try {
    const said = (await answer.json()) as {
      type?: string;
      title?: string;
      detail?: string;
      errors?: Fault[];
    };
    const kind = (said.type ?? "").replace("/problems/", "");
    return new Problem(
      kind,
      answer.status,
      said.title ?? labelled("Refused"),
      said.detail ?? "",
      said.errors ?? [],
    );
  } catch {
    return new Problem(
      "unreadable",
      answer.status,
      labelled("The answer could not be read"),
      String(answer.status),
    );
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem("unexpected", 0, labelled("Something went wrong in this page"), String(error));
}
