import { afterEach, expect, test, vi } from "vitest";
import { say, speak } from "../src/lib/labels.svelte";
import { byAgency, byDay, total } from "../src/lib/sums";
import { asked, exact, fullDay, midnights, placeOf } from "../src/lib/time";
import { span } from "../src/lib/spans";
import { amount, audienceInWords, countryName, number, titled, words } from "../src/lib/words";

vi.stubGlobal("document", { documentElement: { lang: "" } });

afterEach(() => speak("en"));

test("an amount keeps its qualifier, and what nobody stated is never zero", () => {
  expect(amount({ value: 276, qualifier: "over" })).toBe("over 276");
  expect(amount({ value: 730127, qualifier: "exact" })).toBe("730,127");
  expect(amount({ value: null, qualifier: "exact" })).toBe("not stated");
  expect(amount({ value: null, qualifier: "withheld" })).toBe("not told");
  expect(amount(null)).toBe("–");
  expect(amount({ value: 0, qualifier: "exact" })).toBe("0");
});

test.each([
  [1, "1 лице"],
  [2, "2 лица"],
  [5, "5 лица"],
  [21, "21 лице"],
])("%i takes its own form in Serbian", async (count, said) => {
  await speak("sr");

  expect(say("{count} persons", { count })).toBe(said);
  expect(document.documentElement.lang).toBe("sr");
});

test("numbers, countries and codes follow the language; what is unknown to it stays as it is", async () => {
  await speak("sr");

  expect(number(730127.5)).toBe("730.127,5");
  expect(countryName("BA")).toBe("Босна и Херцеговина");
  expect(words("in_force")).toBe("на снази");
  expect(words("never_translated")).toBe("never translated");
  expect(say("{unknown} stays")).toBe("{unknown} stays");
});

test("a language that is not known is English", async () => {
  await speak("xx");

  expect(say("{count} persons", { count: 1 })).toBe("1 person");
});

test("who may see an entry is said in a part of a sentence", () => {
  expect(audienceInWords({ scope: "all" })).toBe("all participants");
  expect(audienceInWords({ scope: "named", agencies: ["AT"], roles: ["co_lead"] })).toBe(
    "the owner, AT, role co lead",
  );
});

test("times keep their zone and are asked for to the end of their millisecond", () => {
  const noon = Date.parse("2022-06-24T10:00:00.000Z");

  expect(fullDay(noon, "Europe/Vienna")).toBe("Fri 24 Jun 2022 12:00");
  expect(exact("2022-06-24T10:00:00Z")).toBe("2022-06-24 10:00:00Z");
  expect(exact("2022-06-24T10:00:00.250Z")).toBe("2022-06-24 10:00:00.250Z");
  expect(asked(noon)).toBe("2022-06-24T10:00:00.000999Z");
  expect(placeOf("America/Buenos_Aires")).toBe("Buenos Aires");
});

test("midnights are those of the zone, also when its clocks change", () => {
  const found = midnights(Date.parse("2022-10-29T12:00Z"), Date.parse("2022-11-01T12:00Z"), "Europe/Vienna");

  expect(found.map((time) => new Date(time).toISOString())).toEqual([
    "2022-10-29T22:00:00.000Z",
    "2022-10-30T23:00:00.000Z",
    "2022-10-31T23:00:00.000Z",
  ]);
});

test("lengths of time are said as people say them", () => {
  expect([null, 60, 5340, 5400, 172800].map(span)).toEqual(["–", "1 min", "89 min", "2 h", "2 days"]);
});

test("sums over a figure's lines are by day and agency; without a quantity there is no total", () => {
  const lines = [
    { entry: "a", agency: "BA", occurred: "2022-06-25T22:30:00Z", headline: "", value: 2 },
    { entry: "b", agency: "RS", occurred: "2022-06-24T10:00:00Z", headline: "", value: 5 },
    { entry: null, agency: null, occurred: null, headline: "", value: null },
  ].map(({ value, ...line }) => ({
    ...line,
    contribution: { value, qualifier: "exact" as const, unit: "person" },
  }));

  expect(byAgency(lines)).toEqual([
    { name: "RS", value: 5 },
    { name: "BA", value: 2 },
    { name: "restricted", value: 0 },
  ]);
  expect(byDay(lines, "Europe/Vienna").map((bar) => bar.name)).toEqual(["restricted", "24 Jun", "26 Jun"]);
  expect(total(lines)).toBe(7);
  expect(total(lines.slice(2))).toBeNull();
});

test("a figure's title is told in the reader's language, part by part", async () => {
  expect(titled("Seized: cannabis, hashish")).toBe("Seized: cannabis, hashish");
  await speak("sr");
  expect(titled("Seized: cannabis, hashish")).toBe("Заплењено: канабис, хашиш");
  expect(titled("False documents: Genuine, stolen or lost")).toBe(
    "Лажне исправе: Права, украдена или изгубљена",
  );
});
