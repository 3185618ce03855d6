/** What is typed into a search, and whether a line says it. */
import type { Line } from "./answers";
import { countriesNamed } from "./countries";

/** A word that is looked for; and, where it begins a country's name, how events spell that country. */
export interface Sought {
  word: string;
  country: RegExp | null;
}

export function soughtIn(typed: string): Sought[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const codes = countriesNamed(word);
    return { word, country: codes.length ? new RegExp(`\\b(?:${codes.join("|")})\\b`) : null };
  });
}

/** Whether a line says all of the words. */
export function says(line: Line, words: readonly Sought[]): boolean {
  const text = `${line.headline} ${line.agency} ${line.place ?? ""} ${line.country ?? ""} ${line.type}`;
  const lower = text.toLowerCase();
  return words.every(({ word, country }) => lower.includes(word) || country?.test(text));
}
