/** Saying something to the room: what is offered, and a report of it. */
import type { Offer, OffersAbout } from "./answers";
import type { Api } from "./api";
import type { Data } from "./form";
import type { Room } from "./room.svelte";

export function offersAbout(api: Api, operation: string, entry: string): Promise<OffersAbout> {
  return api.get<"/v1/operations/{operation}/offers/{entry}">(`/v1/operations/${operation}/offers/${entry}`);
}

/** The types that one may report here and now. */
export async function offersToReport(api: Api, operation: string): Promise<Offer[]> {
  return (await api.get<"/v1/operations/{operation}/offers">(`/v1/operations/${operation}/offers`)).items;
}

/** The moment at which a report is made: an exercise goes by its own clock. */
export function momentOf(room: Room): number {
  return room.entry.exercise ? room.history.last : room.api.now();
}

/** A CloudEvent. Its id is made once for a form, so that sending it again is never a second report. */
export function report(room: Room, agency: string, type: string, id: string, data: Data): object {
  return {
    specversion: "1.0",
    id,
    source: `/${agency.toLowerCase()}/console`,
    type,
    ...(room.entry.exercise ? { time: new Date(momentOf(room)).toISOString() } : {}),
    data,
  };
}

export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
