/** Courses as the gateway tells them, for tests: invented lines, each with what a test says of it. */
import type { Line } from "../src/lib/answers";
import { History } from "../src/lib/history";

const LINE: Line = {
  entry: "e1",
  known_from: "2022-06-24T10:00:00.000Z",
  known_until: null,
  thing: "e1",
  type: "arrest.made.v1",
  headline: "1 arrest: smuggler, on view",
  state: "in_force",
  agency: "BA",
  on_behalf_of: null,
  country: "BA",
  category: "smuggler",
  occurred_at: "2022-06-24T09:00:00.000Z",
  occurred_to: null,
  precision: "minute",
  recorded_at: "2022-06-24T10:00:00.000Z",
  phase: null,
  in_scope: true,
  strand: null,
  crime_areas: [],
  handling: ["H0"],
  conditions: null,
  incident: null,
  place: null,
  latitude: null,
  longitude: null,
  crossing_point: null,
  border_section: null,
  imported: false,
};
const FIELDS = Object.keys(LINE) as (keyof Line)[];

/** A time of 24 June 2022. */
export function at(clock: string): number {
  return Date.parse(`2022-06-24T${clock}Z`);
}

/** A line that was recorded at a clock time, and goes on being known unless a test says otherwise. */
export function line(entry: string, clock: string, said: Partial<Line> = {}): Line {
  const time = new Date(at(clock)).toISOString();
  return { ...LINE, entry, thing: entry, known_from: time, recorded_at: time, occurred_at: time, ...said };
}

export function page(...lines: Line[]) {
  return { fields: FIELDS as string[], rows: lines.map((one) => FIELDS.map((name) => one[name])) };
}

export function course(...lines: Line[]): History {
  const history = new History();
  history.take(page(...lines));
  return history;
}
