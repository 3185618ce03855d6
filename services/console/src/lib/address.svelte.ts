/** What is looked at, in the address after `#`, which a browser never sends anywhere: so it can be kept and shared. */

/** What is kept on shelves beside the live room. */
export const BOARDS = [
  "changes",
  "search",
  "incidents",
  "entities",
  "protection",
  "participants",
  "disclosures",
  "reviews",
  "afterwards",
  "status",
] as const;
export type Board = (typeof BOARDS)[number];
export type View = "room" | "figures" | "report" | Board;
const VIEWS: readonly View[] = ["room", "figures", "report", ...BOARDS];

export interface Place {
  operation: string;
  view: View;
  at: number | null;
  /** The earlier of two moments that are compared; `at` is the later. */
  since: number | null;
  by: "known" | "happened";
  entry: string;
  /** The thing that a board shows. */
  thing: string;
  metric: string;
}

const NOWHERE: Place = {
  operation: "",
  view: "room",
  at: null,
  since: null,
  by: "known",
  entry: "",
  thing: "",
  metric: "",
};

export class Address {
  place = $state<Place>(read(location.hash));

  constructor() {
    addEventListener("hashchange", () => (this.place = read(location.hash)));
  }

  /** Goes somewhere else in the room; `replace` leaves no step to go back to. */
  go(change: Partial<Place>, replace = false): void {
    this.place = { ...this.place, ...change };
    const hash = written(this.place);
    if (hash === location.hash) return;
    if (replace) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
  }

  /** The address of another place in the room, for a link. */
  written(change: Partial<Place>): string {
    return written({ ...this.place, ...change });
  }

  leave(): void {
    this.go(NOWHERE);
  }
}

export function read(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [operation = "", view = "room"] = path.split("/");
  const said = new URLSearchParams(query);
  const time = (name: string) => {
    const found = Date.parse(said.get(name) ?? "");
    return Number.isNaN(found) ? null : found;
  };
  return {
    operation: /^[a-z0-9-]{3,40}$/.test(operation) ? operation : "",
    view: VIEWS.find((known) => known === view) ?? "room",
    at: time("at"),
    since: time("since"),
    by: said.get("by") === "happened" ? "happened" : "known",
    entry: said.get("entry") ?? "",
    thing: said.get("thing") ?? "",
    metric: said.get("metric") ?? "",
  };
}

export function written(place: Place): string {
  if (!place.operation) return "#/";
  const said = new URLSearchParams();
  if (place.at !== null) said.set("at", new Date(place.at).toISOString());
  if (place.since !== null) said.set("since", new Date(place.since).toISOString());
  if (place.by === "happened") said.set("by", place.by);
  if (place.entry) said.set("entry", place.entry);
  if (place.thing) said.set("thing", place.thing);
  if (place.metric) said.set("metric", place.metric);
  const query = said.toString();
  return `#/${place.operation}/${place.view}${query ? `?${query}` : ""}`;
}
