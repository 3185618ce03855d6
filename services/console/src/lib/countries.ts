/** Countries as people call them: a browser knows their names in every language, by their codes. */
import { locale } from "./labels.svelte";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SHORTEST = 3;
/** By language: the parts of each country's name, and its code. */
const NAMED = new Map<string, [string[], string][]>();

/** Codes of the countries of whose name, in the reader's language or in English, a part begins with this word. */
export function countriesNamed(word: string): string[] {
  if (word.length < SHORTEST) return [];
  const names = [...namesIn(locale()), ...namesIn("en-GB")];
  return names.filter(([parts]) => parts.some((part) => part.startsWith(word))).map(([, code]) => code);
}

function namesIn(language: string): [string[], string][] {
  let found = NAMED.get(language);
  if (!found) {
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    const codes = [...LETTERS].flatMap((first) => [...LETTERS].map((second) => first + second));
    found = codes.flatMap((code): [string[], string][] => {
      const name = names.of(code);
      return name ? [[name.toLowerCase().split(/[\s&]+/), code]] : [];
    });
    NAMED.set(language, found);
  }
  return found;
}
