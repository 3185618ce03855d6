/** What the console says, in the reader's language: written in English where it is said, and translated by files. */

type Label = string | Partial<Record<Intl.LDMLPluralRule, string>>;

interface Labels {
  /** Sentences and names of controls, by their English text. */
  says: Record<string, Label>;
  /** Codes of the contract, by their English words; one that nobody translated is shown as it is. */
  words: Record<string, string>;
}

interface Language {
  code: string;
  /** Its name as its speakers write it. */
  name: string;
  /** For dates and numbers. */
  locale: string;
  read: () => Promise<{ default: Labels }>;
}

const KEPT = "vcp.language";
/** Every file in `labels/` is a language, named by its code (ISO 639): none is listed anywhere. */
const FILES = import.meta.glob<{ default: Labels }>("../labels/*.json");
const LOCALES: Record<string, string> = { en: "en-GB" };

export const LANGUAGES: readonly Language[] = Object.entries(FILES)
  .map(([path, read]) => languageOf(path.slice(path.lastIndexOf("/") + 1, -".json".length), read))
  .toSorted((one, other) => one.name.localeCompare(other.name));
const ENGLISH = LANGUAGES.find(({ code }) => code === "en")!;

function languageOf(code: string, read: Language["read"]): Language {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return {
    code,
    name: name.charAt(0).toLocaleUpperCase(code) + name.slice(1),
    locale: LOCALES[code] ?? code,
    read,
  };
}

let language = $state.raw(ENGLISH);
let labels = $state.raw<Labels>({ says: {}, words: {} });
const plurals = $derived(new Intl.PluralRules(language.locale));
const numbers = $derived(new Intl.NumberFormat(language.locale));

export function locale(): string {
  return language.locale;
}

export function languageCode(): string {
  return language.code;
}

/** Speaks the language that was chosen before, or else the browser's own, if it is known here. */
export async function speakAsBefore(): Promise<void> {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages].map((tag) => tag?.split("-")[0]);
  const code = wanted.find((one) => LANGUAGES.some((known) => known.code === one));
  await speak(code ?? ENGLISH.code);
}

export async function speak(code: string): Promise<void> {
  const chosen = LANGUAGES.find((one) => one.code === code) ?? ENGLISH;
  const read = (await chosen.read()).default;
  [language, labels] = [chosen, read];
  document.documentElement.lang = chosen.code;
}

/** Chosen by hand: kept in this browser. */
export async function choose(code: string): Promise<void> {
  localStorage.setItem(KEPT, code);
  await speak(code);
}

/** A text with what stands in its braces; `count` chooses among forms. What nobody translated is said in English. */
export function say(text: string, given: Record<string, string | number> = {}): string {
  const found = labels.says[text] ?? text;
  const form = typeof found === "string" ? found : (formOf(found, Number(given["count"])) ?? text);
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = given[name];
    return typeof value === "number" ? numbers.format(value) : (value ?? whole);
  });
}

/** A text that is said later, by `say`, where it is shown: so that it is found among those to translate. */
export function labelled(text: string): string {
  return text;
}

/** A code of the contract, spelt as English words. */
export function word(text: string): string {
  return labels.words[text] ?? text;
}

/** Whether the reader's language has it; English has everything. */
export function isTranslated(text: string): boolean {
  return language === ENGLISH || text in labels.words;
}

function formOf(forms: Exclude<Label, string>, count: number): string | undefined {
  return forms[plurals.select(count)] ?? forms.other;
}
