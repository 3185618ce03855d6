/** A refusal as the gateway words it, or that it could not be reached. */

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
  return new Problem("unreachable", 0, "The command post cannot be reached", "It is tried again by itself.");
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
    return new Problem(kind, answer.status, said.title ?? "Refused", said.detail ?? "", said.errors ?? []);
  } catch {
    return new Problem(
      "unreadable",
      answer.status,
      `The answer was ${answer.status}`,
      "It says nothing more.",
    );
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem("unexpected", 0, "Something went wrong in this page", String(error));
}
