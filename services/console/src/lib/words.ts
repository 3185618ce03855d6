/** Numbers and codes in words. */
import type { Amount } from "./answers";

const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });
const QUALIFIERS: Record<string, string> = {
  about: "about ",
  over: "over ",
  at_least: "at least ",
  almost: "almost ",
  under: "under ",
};

/** An amount with its qualifier: `over 276`; a quantity that nobody stated is said so, and never zero. */
export function amount(of: Amount | null | undefined): string {
  if (!of) return "–";
  if (of.qualifier === "withheld") return "not told";
  if (of.value === null || of.value === undefined) return "not stated";
  return (QUALIFIERS[of.qualifier] ?? "") + NUMBER.format(of.value);
}

export function number(value: number): string {
  return NUMBER.format(value);
}

/** `extradition_pending` as words. */
export function words(code: string): string {
  return code.replaceAll("_", " ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const REGIONS = new Intl.DisplayNames(["en-GB"], { type: "region", fallback: "code" });

export function countryName(code: string): string {
  if (code === "XK") return "Kosovo*";
  return /^[A-Z]{2}$/.test(code) ? (REGIONS.of(code) ?? code) : code;
}

/** Who may see an entry, in a sentence's part. */
export function audienceInWords(audience: {
  scope: string;
  agencies?: string[];
  roles?: string[];
  groups?: string[];
}): string {
  if (audience.scope === "all") return "all participants";
  if (audience.scope === "eu") return "EU Member States, Frontex, Europol, Eurojust";
  const named = [
    ...(audience.agencies ?? []),
    ...(audience.roles ?? []).map((role) => `role ${words(role)}`),
    ...(audience.groups ?? []).map((group) => `group ${words(group)}`),
  ];
  return `the owner, ${named.join(", ")}`;
}
