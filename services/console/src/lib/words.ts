/** Numbers and codes in words, in the reader's language. */
import type { Amount, Audience } from "./answers";
import { isTranslated, locale, say, word } from "./labels.svelte";

const QUALIFIED: Record<string, (amount: string) => string> = {
  about: (amount) => say("about {amount}", { amount }),
  over: (amount) => say("over {amount}", { amount }),
  at_least: (amount) => say("at least {amount}", { amount }),
  almost: (amount) => say("almost {amount}", { amount }),
  under: (amount) => say("under {amount}", { amount }),
};
const NUMBERS = new Map<string, Intl.NumberFormat>();
const REGIONS = new Map<string, Intl.DisplayNames>();

/** An amount with its qualifier: `over 276`; a quantity that nobody stated is said so, and never zero. */
export function amount(of: Amount | null | undefined): string {
  if (!of) return "–";
  if (of.qualifier === "withheld") return say("not told");
  if (of.value === null || of.value === undefined) return say("not stated");
  const value = number(of.value);
  return QUALIFIED[of.qualifier]?.(value) ?? value;
}

export function number(value: number): string {
  let format = NUMBERS.get(locale());
  if (!format)
    NUMBERS.set(locale(), (format = new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 })));
  return format.format(value);
}

/** `extradition_pending` as words. */
export function words(code: string): string {
  return word(code.replaceAll("_", " "));
}

/** A title of the contract, of an event type or a field, in the reader's language; English where nobody translated it. */
export function named(title: string): string {
  return isTranslated(asKnown(title)) ? capital(word(asKnown(title))) : title;
}

/** The language in which `named` says it, where that is not the reader's. */
export function tongueOf(title: string): "en" | undefined {
  return isTranslated(asKnown(title)) ? undefined : "en";
}

/** Titles are known as they are, or as the words they are made of. */
function asKnown(title: string): string {
  return isTranslated(title) ? title : title.toLowerCase();
}

/** The title of a figure: `Seized: cannabis, hashish`. What has commas in its own name is known as a whole. */
export function titled(title: string): string {
  const [what = "", of] = title.split(": ");
  if (of === undefined) return word(title);
  const whole = word(of);
  return `${word(what)}: ${whole === of ? of.split(", ").map(word).join(", ") : whole}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function countryName(code: string): string {
  if (code === "XK") return say("Kosovo*");
  if (!/^[A-Z]{2}$/.test(code)) return code;
  let names = REGIONS.get(locale());
  if (!names)
    REGIONS.set(locale(), (names = new Intl.DisplayNames([locale()], { type: "region", fallback: "code" })));
  return names.of(code) ?? code;
}

/** Who reported, and for whom. */
export function reporter(of: { agency: string; on_behalf_of: string | null }): string {
  if (!of.on_behalf_of) return of.agency;
  return say("{agency} for {other}", { agency: of.agency, other: of.on_behalf_of });
}

/** Who may see an entry, in a sentence's part. */
export function audienceInWords(audience: Audience): string {
  if (audience.scope === "all") return say("all participants");
  if (audience.scope === "eu") return say("EU Member States, Frontex, Europol, Eurojust");
  const named = [
    ...(audience.agencies ?? []),
    ...(audience.roles ?? []).map((role) => say("role {role}", { role: words(role) })),
    ...(audience.groups ?? []).map((group) => say("group {group}", { group: words(group) })),
  ];
  return say("the owner, {others}", { others: named.join(", ") });
}
