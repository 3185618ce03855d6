/** What a record says by now. Its entry stays in the log as it was sent; what was said of it later amends it. */
import type { Entry, Line } from "./answers";
import type { Data } from "./form";

const CORRECTED = "record.corrected.v1";
const HANDLED = "handling.changed.v1";

export interface Reading {
  entry: Entry;
  /** As corrected, and with the handling and the audience that it has by now. */
  data: Entry["report"]["data"];
  /** The correction that holds. */
  corrected: Entry | null;
  /** The change of handling or audience that holds. */
  handled: Entry | null;
}

/** Lines of a thing's course that can amend an entry of it; those taken back do not, unless all of it was. */
export function amending(course: readonly Line[], of: Line | undefined): string[] {
  return course
    .filter((line) => line.type === CORRECTED || line.type === HANDLED)
    .filter((line) => line.state !== "retracted" || of?.state === "retracted")
    .map((line) => line.entry);
}

/** Reads an entry, and as many of those that may amend it, oldest first, as are needed to say how it reads. */
export async function readAmended(
  read: (entry: string) => Promise<Entry>,
  entry: string,
  later: readonly string[],
): Promise<Reading> {
  const [found, ...others] = await Promise.all([entry, ...later.filter((one) => one !== entry)].map(read));
  const first = found!;
  const corrected =
    others.findLast((one) => one.report.type === CORRECTED && (one.report.data as Data).target === entry) ??
    null;
  const handled = others.findLast((one) => one.report.type === HANDLED) ?? null;
  const said = (corrected?.report.data as Data | undefined)?.corrected ?? first.report.data;
  const data = { ...(said as Entry["report"]["data"]) };
  // A change of handling is about the record as a whole, whichever of its entries is looked at.
  if (handled) {
    const { new_audience, new_handling } = handled.report.data as Data;
    if (new_audience) data.audience = new_audience as typeof data.audience;
    if (new_handling) data.handling = new_handling as typeof data.handling;
  }
  return { entry: first, data, corrected, handled };
}
