/** What waits for an agency: the next step about a record, and what it must know has changed. */
import type { Recall, Waiting } from "./answers";
import { say } from "./labels.svelte";
import { capital, named, tongueOf, words } from "./words";

export interface Item {
  entry: string;
  /** What is to be done; English, as the contract calls it, or in the reader's own words. */
  next: string;
  nextIsEnglish: boolean;
  headline: string;
  about: string;
  recorded_at: string;
}

/** All of it, the oldest first. `headline` tells what an entry says now, if it is seen. */
export function itemsOf(
  waiting: Waiting[],
  recalls: Recall[],
  headline: (entry: string) => string | undefined,
): Item[] {
  const items = waiting.map((one) => ({
    entry: one.thing,
    next: named(one.next.title),
    nextIsEnglish: tongueOf(one.next.title) === "en",
    headline: one.headline,
    about: `${say("{kind} of {agency}", { kind: capital(words(one.kind)), agency: one.agency })} · ${words(one.state)}`,
    recorded_at: one.recorded_at,
  }));
  for (const one of recalls) {
    // Of what is seen no longer nothing can be said.
    if (!one.to_acknowledge || one.recorded_at === null) continue;
    items.push({
      entry: one.entry,
      next: one.change === "retracted" ? say("Acknowledge: taken back") : say("Acknowledge: corrected"),
      nextIsEnglish: false,
      headline: headline(one.entry) ?? "",
      about: say("You were shown it before {agency} changed it", { agency: one.originator }),
      recorded_at: one.recorded_at,
    });
  }
  return items.toSorted((a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at));
}
