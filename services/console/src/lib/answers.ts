/** What the gateway answers, as far as the console reads it. */

export interface Me {
  agency: string;
  kind: string;
  country: string | null;
  groups: string[];
  may_post: boolean;
  may_read: boolean;
  types: string[] | null;
}

/** An officer's session in this browser. */
export interface Officer {
  name: string;
  agency: string;
  purpose: string | null;
  /** What each request that changes something repeats. */
  mark: string;
  roles: { operation: string; role: string; groups: string[] }[];
}

export interface WaysIn {
  password: boolean;
  provider: { name: string; address: string } | null;
  signed_in: boolean;
}

export interface OperationEntry {
  operation: string;
  name: string;
  state: string;
  role: string;
  exercise: boolean;
}

export interface Operation {
  thing: string;
  state: string;
  detail: {
    name: string;
    text?: string;
    exercise: boolean;
    lead: string[];
    priorities: string[];
    window: { from: string; to: string; time_zone: string };
  };
}

export interface Moment {
  as_of: string;
  at: string | null;
  live: boolean;
}

export interface HistoryPage {
  moment: Moment;
  fields: string[];
  rows: unknown[][];
  next: string | null;
  changes: string;
  tail: string;
}

/** One version of one line of the timeline. */
export interface Line {
  entry: string;
  known_from: string;
  known_until: string | null;
  thing: string;
  type: string;
  headline: string;
  state: "in_force" | "corrected" | "retracted";
  agency: string;
  on_behalf_of: string | null;
  country: string | null;
  category: string | null;
  occurred_at: string;
  occurred_to: string | null;
  precision: string;
  recorded_at: string;
  phase: string | null;
  in_scope: boolean;
  handling: string[];
  incident: string | null;
  place: string | null;
  latitude: number | null;
  longitude: number | null;
}

/** A line as it reads at one moment: which of its versions that is, only the course says. */
export type LineThen = Omit<Line, "known_from" | "known_until">;

export interface Amount {
  value: number | null;
  qualifier: string;
}

export interface Figure {
  metric: string;
  title: string;
  unit: string;
  reported: Amount;
  deduplicated: Amount;
  validated: (Amount & { agency?: string; entry?: string }) | null;
  released: (Amount & { released_to?: string; agency?: string; entry?: string })[];
  disputed?: unknown[];
  duplicates_pending: number;
  part_of: string | null;
  parts: string[];
  unattributed: number;
  not_stated: number;
}

export interface Contribution {
  entry: string | null;
  agency: string | null;
  occurred: string | null;
  headline: string;
  contribution: Amount & { unit: string };
}

export interface Page<Item> {
  moment: Moment;
  items: Item[];
  next: string | null;
  tail: string;
}

export interface Audience {
  scope: string;
  agencies?: string[];
  roles?: string[];
  groups?: string[];
}

export interface Entry {
  entry: string;
  thing: string;
  agency: string;
  actor: string;
  recorded_at: string;
  /** In an exercise, which has its own clock: when it really came. */
  received_at?: string;
  digest: string;
  etag: string | null;
  erased?: string[];
  erasures?: { entry: string; recorded_at: string; ground: string }[];
  imported?: boolean;
  report: {
    id: string;
    source: string;
    type: string;
    time?: string;
    data: Record<string, unknown> & {
      audience: Audience;
      handling: { codes: string[]; caveat?: string | null };
      evaluation?: { source: string; information: string } | null;
    };
  };
}

export interface Receipt {
  entry: string;
  operation: string;
  recorded_at: string;
  digest: string;
  etag?: string;
}

export interface EventType {
  type: string;
  title: string;
  description: string;
  posted_by: string[];
  opens: string | null;
  changes: string | null;
  needs_version: boolean;
}

/** Something that an event began, as the lists show it. */
export interface Thing {
  thing: string;
  kind: string;
  state: string;
  category: string | null;
  agency: string;
  country: string | null;
  occurred_at: string;
  recorded_at: string;
  headline: string;
  due_at: string | null;
  steps: { verb: string; entry: string; agency: string; outcome: string | null; occurred_at: string }[];
  detail: Record<string, unknown>;
}

export interface Tie {
  rel: string;
  from: string;
  to: string;
}

export interface File {
  root: string;
  agencies: string[];
  by_kind: Record<string, number>;
  things: (Thing & { ties: Tie[] })[];
  timeline: LineThen[];
  complete: boolean;
}

export type Brief = Pick<
  Thing,
  "thing" | "kind" | "state" | "headline" | "agency" | "country" | "occurred_at"
>;

export interface Entity {
  kind: string;
  records: number;
  things: Brief[];
}

export interface Entities {
  thing: string;
  entities: { kind: string; records: (Brief & { entry: string; line: string; written: string[] })[] }[];
}

export interface Measure {
  thing: string;
  agency: string;
  measure: string;
  count: number;
  minors: number | null;
  occurred_at: string;
}

export type Case = Thing & { measures: Measure[]; responsible: string };

export interface Participant {
  agency: string;
  role: string;
  country: string | null;
  state: "reporting" | "nil" | "silent" | "never" | "left";
  joined_at: string;
  last_report: { entry: string; type: string; recorded_at: string } | null;
  last_nil_report: {
    entry: string;
    recorded_at: string;
    topics: string[];
    from: string;
    to: string | null;
  } | null;
  silent_seconds: number;
}

export interface Latency {
  agency: string;
  reports: number;
  measured: number;
  median_seconds: number | null;
  p90_seconds: number | null;
}

export interface Disclosures {
  entry: string;
  given: { agency: string; actor: string; at: string; act: string; purpose: string }[];
  acknowledged: { agency: string; entry: string; recorded_at: string }[];
}

export interface Readiness {
  status: "ready" | "incomplete" | "unready";
  reasons: string[];
}

export interface Change {
  thing: string;
  kind: string;
  change: "new" | "changed" | "retracted";
  before: Thing | null;
  after: Thing;
  entries: { entry: string; type: string; agency: string; recorded_at: string }[];
}

type Numbers = Pick<Figure, "reported" | "deduplicated" | "validated" | "released" | "duplicates_pending">;

export interface Moved {
  metric: string;
  title: string;
  unit: string;
  before: Numbers | null;
  after: Numbers | null;
  delta: number | null;
}
