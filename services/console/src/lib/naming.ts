/** Entries by which a form may name another record: a person knows them by their headlines. */
import { getContext, setContext } from "svelte";
import type { Data } from "./form";
import type { Room } from "./room.svelte";
import { dayAndTime } from "./time";

export interface Choice {
  entry: string;
  says: string;
}

const KEY = Symbol("choices");
const MOST = 200;

/** Those that the record itself names come first, then what was known last. */
export function choicesOf(room: Room, said: Data): Choice[] {
  const { history } = room;
  const found = new Map<string, Choice>();
  const take = (entry: string) => {
    const line = history.current(entry);
    if (!line || found.has(entry)) return;
    const when = dayAndTime(Date.parse(line.occurred_at), room.zone);
    found.set(entry, { entry, says: `${line.headline} · ${line.agency} · ${when}` });
  };
  for (const value of Object.values(said)) if (typeof value === "string") take(value);
  for (const row of history.order("known").toReversed()) {
    if (found.size >= MOST) break;
    const line = history.lines[row]!;
    if (line.entry === line.thing && line.state !== "retracted") take(line.entry);
  }
  return [...found.values()];
}

/** To be called while a form is made. */
export function offerChoices(choices: () => Choice[]): void {
  setContext(KEY, choices);
}

/** What a field of the form may name; nothing where no form offers any. */
export function offeredChoices(): () => Choice[] {
  return getContext<(() => Choice[]) | undefined>(KEY) ?? (() => []);
}
