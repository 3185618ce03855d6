/** Families of events: what is told apart at a glance, each by its shape, its word and its colour. */
import { labelled } from "./labels.svelte";
import { capital, words } from "./words";

export type Shape = "up" | "circle" | "square" | "diamond" | "hexagon" | "down";

export interface Family {
  name: string;
  title: string;
  shape: Shape;
  dark: string;
  light: string;
}

/** The colours were measured: far apart for every kind of colour vision, on dark and on light. */
export const FAMILIES: readonly Family[] = [
  { name: "arrests", title: labelled("Arrests"), shape: "up", dark: "#ec5b2c", light: "#c24b0e" },
  { name: "hits", title: labelled("Hits"), shape: "circle", dark: "#f0d840", light: "#503809" },
  { name: "protection", title: labelled("Protection"), shape: "diamond", dark: "#f3a4e4", light: "#a9219a" },
  { name: "goods", title: labelled("Goods, vehicles"), shape: "square", dark: "#52e3a4", light: "#0f805b" },
  { name: "border", title: labelled("Border"), shape: "hexagon", dark: "#3f86fa", light: "#1240d4" },
  { name: "desk", title: labelled("Desk"), shape: "down", dark: "#94807f", light: "#27343a" },
];

const DESK = FAMILIES.length - 1;
const NOUNS: readonly (readonly string[])[] = [
  ["arrest", "suspect"],
  ["hit", "notice", "sis_alert"],
  ["thb_case", "victim", "child_at_risk", "serious_incident"],
  ["seizure", "goods", "vehicle", "premises"],
  ["border_check", "refusal", "irregular_migration", "document_fraud", "document_opinion", "incident"],
];
const BY_NOUN = new Map(NOUNS.flatMap((nouns, family) => nouns.map((noun) => [noun, family] as const)));

/** The family of an event type by its noun; a type that nobody placed belongs to the desk. */
export function familyOf(type: string): number {
  return BY_NOUN.get(type.slice(0, type.indexOf("."))) ?? DESK;
}

/** The family of a kind of thing, whose name is not always its event's noun. */
export function familyOfKind(kind: string): number {
  const nouns: Record<string, string> = {
    case: "thb_case",
    child: "child_at_risk",
    search: "premises",
    detection: "irregular_migration",
    document: "document_fraud",
    opinion: "document_opinion",
  };
  return BY_NOUN.get(nouns[kind] ?? kind) ?? DESK;
}

/** `arrest.made.v1` in words. */
export function typeInWords(type: string): string {
  const [noun = "", verb = ""] = type.split(".");
  return capital(words(`${noun}_${verb}`));
}
