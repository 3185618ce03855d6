/** Sums over the lines behind a figure: by day, by agency. */
import type { Contribution } from "./answers";
import { say } from "./labels.svelte";
import { day } from "./time";

export interface Bar {
  name: string;
  value: number;
}

/** In the order in which the names first come; lines without a name are told as restricted. */
export function summed(lines: Contribution[], named: (line: Contribution) => string | null): Bar[] {
  const sums = new Map<string, number>();
  for (const line of lines) {
    const name = named(line) ?? say("restricted");
    sums.set(name, (sums.get(name) ?? 0) + (line.contribution.value ?? 0));
  }
  return [...sums].map(([name, value]) => ({ name, value }));
}

export function byDay(lines: Contribution[], zone: string): Bar[] {
  const dated = lines.toSorted((a, b) => (a.occurred ?? "").localeCompare(b.occurred ?? ""));
  return summed(dated, (line) => (line.occurred ? day(Date.parse(line.occurred), zone) : null));
}

export function byAgency(lines: Contribution[]): Bar[] {
  return summed(lines, (line) => line.agency).toSorted((a, b) => b.value - a.value);
}

/** All lines together; null where none says a quantity. */
export function total(lines: Contribution[]): number | null {
  const stated = lines.filter((line) => line.contribution.value !== null);
  return stated.length ? stated.reduce((sum, line) => sum + line.contribution.value!, 0) : null;
}
