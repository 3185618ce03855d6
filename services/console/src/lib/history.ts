/** The operation's whole course in columns: what every picture of it is reduced from. */
import type { HistoryPage, Line } from "./answers";
import { familyOf } from "./families";

const OPEN = Number.POSITIVE_INFINITY;

export class History {
  size = 0;
  /** The cursor that asks for what changed since it was last read to the end. */
  changes = "";
  readonly lines: Line[] = [];
  knownFrom = new Float64Array(1024);
  knownUntil = new Float64Array(1024);
  occurred = new Float64Array(1024);
  recorded = new Float64Array(1024);
  /** Position on the map, from 0 to 1 in Web Mercator; NaN where there is none. */
  x = new Float64Array(1024);
  y = new Float64Array(1024);
  family = new Uint8Array(1024);
  country = new Uint16Array(1024);
  retracted = new Uint8Array(1024);
  readonly countries: string[] = [""];
  first = OPEN;
  last = 0;

  private readonly countryIndex = new Map([["", 0]]);
  private readonly openVersion = new Map<string, number>();
  private byRecorded: number[] = [];
  private byOccurred: number[] = [];
  private ordered = false;

  /** Takes a page of the course: a version that is told again with an end is ended, everything else is new. */
  take(page: Pick<HistoryPage, "fields" | "rows">): void {
    for (const row of page.rows) {
      const line = Object.fromEntries(page.fields.map((name, at) => [name, row[at]])) as unknown as Line;
      const known = this.openVersion.get(line.entry);
      if (known !== undefined && this.lines[known]!.known_from === line.known_from) this.end(known, line);
      else this.add(line);
    }
  }

  /** Rows in the order in which they came to be known, or in which they happened; oldest first. */
  order(by: "known" | "happened"): readonly number[] {
    if (!this.ordered) {
      const all = Array.from({ length: this.size }, (_, at) => at);
      this.byRecorded = all.toSorted((a, b) => this.recorded[a]! - this.recorded[b]! || a - b);
      this.byOccurred = all.toSorted((a, b) => this.occurred[a]! - this.occurred[b]! || a - b);
      this.ordered = true;
    }
    return by === "known" ? this.byRecorded : this.byOccurred;
  }

  current(entry: string): Line | undefined {
    const at = this.openVersion.get(entry);
    return at === undefined ? undefined : this.lines[at];
  }

  private end(at: number, line: Line): void {
    if (line.known_until === null) return;
    this.lines[at] = line;
    this.knownUntil[at] = Date.parse(line.known_until);
    this.openVersion.delete(line.entry);
  }

  private add(line: Line): void {
    const at = this.size++;
    if (at === this.knownFrom.length) this.grow();
    this.lines.push(line);
    this.knownFrom[at] = Date.parse(line.known_from);
    this.knownUntil[at] = line.known_until === null ? OPEN : Date.parse(line.known_until);
    this.occurred[at] = Date.parse(line.occurred_at);
    this.recorded[at] = Date.parse(line.recorded_at);
    this.family[at] = familyOf(line.type);
    this.country[at] = this.indexOf(line.country ?? "");
    this.retracted[at] = line.state === "retracted" ? 1 : 0;
    const located = line.latitude !== null && line.longitude !== null;
    this.x[at] = located ? mercatorX(line.longitude!) : Number.NaN;
    this.y[at] = located ? mercatorY(line.latitude!) : Number.NaN;
    if (line.known_until === null) this.openVersion.set(line.entry, at);
    this.first = Math.min(this.first, this.knownFrom[at]!);
    this.last = Math.max(this.last, this.knownFrom[at]!);
    this.ordered = false;
  }

  private indexOf(country: string): number {
    let index = this.countryIndex.get(country);
    if (index === undefined) {
      index = this.countries.push(country) - 1;
      this.countryIndex.set(country, index);
    }
    return index;
  }

  private grow(): void {
    const double = (old: Float64Array) => {
      const made = new Float64Array(old.length * 2);
      made.set(old);
      return made;
    };
    this.knownFrom = double(this.knownFrom);
    this.knownUntil = double(this.knownUntil);
    this.occurred = double(this.occurred);
    this.recorded = double(this.recorded);
    this.x = double(this.x);
    this.y = double(this.y);
    const length = this.knownFrom.length;
    const [family, country, retracted] = [this.family, this.country, this.retracted];
    this.family = new Uint8Array(length);
    this.family.set(family);
    this.country = new Uint16Array(length);
    this.country.set(country);
    this.retracted = new Uint8Array(length);
    this.retracted.set(retracted);
  }
}

export function mercatorX(longitude: number): number {
  return (longitude + 180) / 360;
}

export function mercatorY(latitude: number): number {
  const sine = Math.sin((Math.max(-85, Math.min(85, latitude)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
