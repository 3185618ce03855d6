/** What a form may name: other records, whom a person knows by their headlines; agencies and countries, by their names. */
import { getContext, setContext } from "svelte";
import type { Api } from "./api";
import type { Codes, Data } from "./form";
import type { Room } from "./room.svelte";
import { dayAndTime } from "./time";
import { countryName } from "./words";

export interface Choice {
  code: string;
  says: string;
}

/** Each is asked for when a field is shown, and may be known a little later. */
export interface Offered {
  records: () => Choice[];
  codes: (of: Codes) => Choice[];
}

const KEY = Symbol("choices");
const MOST = 200;
const NOTHING: Offered = { records: () => [], codes: () => [] };

/** Those that the record itself names come first, then what was known last. */
export function recordsOf(room: Room, said: Data): Choice[] {
  const { history } = room;
  const found = new Map<string, Choice>();
  const take = (code: string) => {
    const line = history.current(code);
    if (!line || found.has(code)) return;
    const when = dayAndTime(Date.parse(line.occurred_at), room.zone);
    found.set(code, { code, says: `${line.headline} · ${line.agency} · ${when}` });
  };
  for (const value of Object.values(said)) if (typeof value === "string") take(value);
  for (const row of history.order("known").toReversed()) {
    if (found.size >= MOST) break;
    const line = history.lines[row]!;
    if (line.entry === line.thing && line.state !== "retracted") take(line.entry);
  }
  return [...found.values()];
}

/** The agencies that take part, by their codes; one that leads need not have joined. */
export async function participantsOf(room: Room): Promise<Choice[]> {
  const path = `/v1/operations/${room.entry.operation}/participants` as const;
  const { items } = await room.api.get<"/v1/operations/{operation}/participants">(path, { limit: 1000 });
  const joined = items.filter((one) => one.state === "joined").map((one) => String(one.detail.agency));
  const leads: string[] = room.operation?.detail.lead ?? [];
  return [...new Set([...leads, ...joined])].toSorted().map(agencyNamed);
}

/** An agency of a country is known by the country; an international one by its code alone. */
export function agencyNamed(code: string): Choice {
  const [country = "", service] = code.split("-");
  return { code, says: country.length === 2 && !service ? countryName(country) : "" };
}

/** All countries that the contract knows, by their names. */
export async function countriesOf(api: Api): Promise<Choice[]> {
  const { labels } = await api.get<"/v1/codes/{list}">("/v1/codes/countries");
  const named = Object.keys(labels).map((code) => ({ code, says: countryName(code) }));
  return named.toSorted((a, b) => a.says.localeCompare(b.says));
}

/** To be called while a form is made. */
export function offerChoices(offered: Partial<Offered>): void {
  setContext(KEY, { ...NOTHING, ...offered });
}

/** What a field of the form may name; nothing where no form offers any. */
export function offeredChoices(): Offered {
  return getContext<Offered | undefined>(KEY) ?? NOTHING;
}
