/** Pictures of one moment, reduced from the course: pure functions of (course, moment, filter). */
import { FAMILIES } from "./families";
import type { History } from "./history";
import { Nearby } from "./nearby";
import { says, soughtIn } from "./search";

/** Which moment is looked at: null is now. By when it was known, or by when it had happened. */
export interface Moment {
  at: number | null;
  by: "known" | "happened";
}

export interface Filter {
  /** One bit a family. */
  families: number;
  country: string;
  words: string;
}

export const ALL_FAMILIES = (1 << FAMILIES.length) - 1;

/** Whether a version of a line is part of the picture of this moment. */
export function isShown(history: History, row: number, moment: Moment): boolean {
  const until = history.knownUntil[row]!;
  if (moment.at === null) return until === Number.POSITIVE_INFINITY;
  if (moment.by === "happened")
    return until === Number.POSITIVE_INFINITY && history.occurred[row]! <= moment.at;
  return history.knownFrom[row]! <= moment.at && until > moment.at;
}

export function passes(history: History, filter: Filter): (row: number) => boolean {
  // Read once: the filter on the screen is watched, and reading it for each of 50,000 rows takes half of a frame.
  const { families } = filter;
  const country = filter.country ? history.countries.indexOf(filter.country) : null;
  const words = soughtIn(filter.words);
  return (row) => {
    if (!(families & (1 << history.family[row]!))) return false;
    if (country !== null && history.country[row] !== country) return false;
    return words.length === 0 || says(history.lines[row]!, words);
  };
}

export interface Picture {
  /** Rows shown, newest first, as many as were asked for. */
  newest: number[];
  total: number;
  byFamily: number[];
}

export function picture(history: History, moment: Moment, filter: Filter, most: number): Picture {
  const order = history.order(moment.by);
  const narrow = passes(history, filter);
  const every = passes(history, { ...filter, families: ALL_FAMILIES });
  const newest: number[] = [];
  const byFamily = FAMILIES.map(() => 0);
  let total = 0;
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at]!;
    if (!isShown(history, row, moment) || !every(row)) continue;
    byFamily[history.family[row]!]!++;
    if (!narrow(row)) continue;
    total++;
    if (newest.length < most) newest.push(row);
  }
  return { newest, total, byFamily };
}

export interface Cluster {
  x: number;
  y: number;
  size: number;
  byFamily: number[];
  rows: number[];
}

/** Groups points that would overlap on the screen. The same input gives the same clusters, wherever the map is panned. */
export function clusters(
  history: History,
  moment: Moment,
  filter: Filter,
  worldPixels: number,
  cell = 46,
): Cluster[] {
  const narrow = passes(history, filter);
  const cells = new Map<number, Cluster>();
  const perWorld = worldPixels / cell;
  for (let row = 0; row < history.size; row++) {
    const [x, y] = [history.x[row]!, history.y[row]!];
    if (Number.isNaN(x) || history.retracted[row] || !isShown(history, row, moment) || !narrow(row)) continue;
    const key = Math.floor(y * perWorld) * 2 ** 26 + Math.floor(x * perWorld);
    let found = cells.get(key);
    if (!found) cells.set(key, (found = { x: 0, y: 0, size: 0, byFamily: FAMILIES.map(() => 0), rows: [] }));
    found.x += x;
    found.y += y;
    found.size++;
    found.byFamily[history.family[row]!]!++;
    found.rows.push(row);
  }
  return merged([...cells.values()], cell / worldPixels);
}

/** Neighbours across a cell's border are taken together as well, so that rings rarely overlap. */
function merged(cells: Cluster[], distance: number): Cluster[] {
  for (const one of cells) {
    one.x /= one.size;
    one.y /= one.size;
  }
  const kept: Cluster[] = [];
  const nearby = new Nearby(distance);
  for (const one of cells.sort((a, b) => b.size - a.size || a.rows[0]! - b.rows[0]!)) {
    const at = nearby.first(one, kept, distance * 0.8);
    if (at === null) {
      nearby.add(one, kept.push(one) - 1);
      continue;
    }
    const near = kept[at]!;
    nearby.take(near, at);
    const size = near.size + one.size;
    near.x = (near.x * near.size + one.x * one.size) / size;
    near.y = (near.y * near.size + one.y * one.size) / size;
    near.size = size;
    one.byFamily.forEach((count, family) => (near.byFamily[family]! += count));
    near.rows.push(...one.rows);
    nearby.add(near, at);
  }
  return kept;
}

/** How many lines came to be known, or happened, in each of equal spans; by family. */
export function histogram(
  history: History,
  filter: Filter,
  span: [number, number],
  bins: number,
  by: Moment["by"],
) {
  const narrow = passes(history, { ...filter, families: ALL_FAMILIES });
  const counts = FAMILIES.map(() => new Uint32Array(bins));
  const width = (span[1] - span[0]) / bins || 1;
  for (let row = 0; row < history.size; row++) {
    if (history.knownUntil[row] !== Number.POSITIVE_INFINITY || !narrow(row)) continue;
    const time = by === "known" ? history.recorded[row]! : history.occurred[row]!;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((time - span[0]) / width)));
    counts[history.family[row]!]![bin]!++;
  }
  return counts;
}
