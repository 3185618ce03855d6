/** Times as people read them: always with their zone, never rounded in secret. */

import { locale, say, word } from "./labels.svelte";

const CLOCK = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + zone + JSON.stringify(options);
  let found = CLOCK.get(key);
  if (!found)
    CLOCK.set(
      key,
      (found = new Intl.DateTimeFormat(locale(), { timeZone: zone, hourCycle: "h23", ...options })),
    );
  return found;
}

/** 24 Jun 12:00 */
export function dayAndTime(time: number, zone: string): string {
  return `${day(time, zone)} ${clock(time, zone)}`;
}

export function day(time: number, zone: string): string {
  return format(zone, { day: "2-digit", month: "short" }).format(time);
}

export function clock(time: number, zone: string): string {
  return format(zone, { hour: "2-digit", minute: "2-digit" }).format(time);
}

/** Fri 24 Jun 2022 12:00 */
export function fullDay(time: number, zone: string): string {
  const date = format(zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).format(
    time,
  );
  return `${date.replace(",", "")} ${clock(time, zone)}`;
}

/** 2022-06-24 10:00:00Z: exact, for records. */
export function exact(time: string): string {
  return new Date(time).toISOString().replace("T", " ").replace(".000Z", "Z");
}

/** A moment as the gateway is asked for it: to the end of its millisecond, as the course is read here. */
export function asked(time: number): string {
  return new Date(time).toISOString().replace("Z", "999Z");
}

/** Vienna, for Europe/Vienna. */
export function placeOf(zone: string): string {
  return word((zone.split("/").at(-1) ?? zone).replaceAll("_", " "));
}

/** The midnights of a zone between two times. */
export function midnights(from: number, to: number, zone: string): number[] {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    hour: "2-digit",
    minute: "2-digit",
  });
  const found: number[] = [];
  const hour = 3600_000;
  for (let time = Math.ceil(from / hour) * hour; time <= to; time += hour) {
    if (parts.format(time) === "00:00") found.push(time);
  }
  return found;
}

export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return say("just now");
  if (minutes < 60) return say("{count} min ago", { count: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? say("{count} h ago", { count: hours })
    : say("{count} days ago", { count: Math.floor(hours / 24) });
}
