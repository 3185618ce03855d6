import { expect, test } from "vitest";
import { FAMILIES, familyOf } from "../src/lib/families";
import { ALL_FAMILIES, clusters, histogram, picture, type Filter, type Moment } from "../src/lib/reduce";
import { at, course, line } from "./course";

const NOW: Moment = { at: null, by: "known" };
const ALL: Filter = { families: ALL_FAMILIES, country: "", words: "" };

function corrected() {
  const eleven = "2022-06-24T11:00:00.000Z";
  return course(
    line("a", "10:00", { known_until: eleven }),
    line("a", "10:00", { known_from: eleven, headline: "2 arrests", state: "corrected" }),
    line("b", "12:00", { occurred_at: "2022-06-24T08:00:00.000Z", country: "MD" }),
  );
}

function headlines(moment: Moment, filter = ALL) {
  const history = corrected();
  return picture(history, moment, filter, 10).newest.map((row) => history.lines[row]!.headline);
}

test("a moment shows what was known then: a correction, and what came late, only from when they came", () => {
  expect(headlines({ at: at("09:59"), by: "known" })).toEqual([]);
  expect(headlines({ at: at("10:30"), by: "known" })).toEqual(["1 arrest: smuggler, on view"]);
  expect(headlines({ at: at("11:00"), by: "known" })).toEqual(["2 arrests"]);
  expect(headlines({ at: at("12:00"), by: "known" })).toHaveLength(2);
});

test("by what had happened, a moment shows what is known today of it", () => {
  expect(headlines({ at: at("08:30"), by: "happened" })).toEqual(["1 arrest: smuggler, on view"]);
  expect(headlines({ at: at("10:00"), by: "happened" })).toEqual([
    "2 arrests",
    "1 arrest: smuggler, on view",
  ]);
});

test("now shows the last version of each record, once", () => {
  expect(headlines(NOW)).toEqual(["1 arrest: smuggler, on view", "2 arrests"]);
});

test("a filter narrows by country, family and all of its words", () => {
  expect(headlines(NOW, { ...ALL, country: "MD" })).toHaveLength(1);
  expect(headlines(NOW, { ...ALL, country: "FR" })).toEqual([]);
  expect(headlines(NOW, { ...ALL, words: " ARRESTS  ba " })).toEqual(["2 arrests"]);
  expect(headlines(NOW, { ...ALL, families: ALL_FAMILIES & ~(1 << familyOf("arrest.made.v1")) })).toEqual([]);
});

test("a country is found by its name where an event says its code, also within a headline", () => {
  const history = course(
    line("a", "10:00", { headline: "Hit in Nominals: person, record of IL" }),
    line("b", "10:01", { headline: "1 arrest: fugitive, red notice", country: "BA" }),
    line("c", "10:02", { headline: "SLTD: document of ILO", country: "RO", agency: "RO" }),
  );
  const found = (words: string) => picture(history, NOW, { ...ALL, words }, 10).newest;

  expect(found("Israel")).toEqual([0]);
  expect(found("herzegovina fugitive")).toEqual([1]);
  expect(found("isr")).toEqual([0]);
  expect(found("is")).toEqual([]);
});

test("families are counted whatever family is hidden, so that what is hidden can be seen to be there", () => {
  const shown = picture(corrected(), NOW, { ...ALL, families: 0 }, 10);

  expect(shown.total).toBe(0);
  expect(shown.byFamily[familyOf("arrest.made.v1")]).toBe(2);
});

test("the total counts what does not fit into the list", () => {
  const many = Array.from({ length: 9 }, (_, one) => line(`e${one}`, `10:0${one}`));

  const shown = picture(course(...many), NOW, ALL, 3);

  expect(shown.total).toBe(9);
  expect(shown.newest).toEqual([8, 7, 6]);
});

test("points that would overlap are one cluster, which counts each of its families", () => {
  const there = { latitude: 44, longitude: 18 };
  const history = course(
    line("a", "10:00", there),
    line("b", "10:01", { ...there, type: "hit.raised.v1" }),
    line("far", "10:02", { latitude: 60, longitude: 30 }),
    line("nowhere", "10:03"),
    line("gone", "10:04", { ...there, state: "retracted" }),
  );

  const found = clusters(history, NOW, ALL, 256 * 2 ** 6);

  expect(found.map((one) => one.size)).toEqual([2, 1]);
  expect(found[0]!.byFamily[familyOf("arrest.made.v1")]).toBe(1);
  expect(found[0]!.byFamily[familyOf("hit.raised.v1")]).toBe(1);
  expect(found[1]!.rows).toEqual([2]);
});

test("neighbours on two sides of a cell's border are one cluster", () => {
  const [world, cell] = [4600, 46];
  const border = (51 * cell) / world;
  const near = (x: number) => ({ latitude: 0.5, longitude: (x - 0.5) * 360 });
  const history = course(line("a", "10:00", near(border - 1e-5)), line("b", "10:01", near(border + 1e-5)));

  expect(clusters(history, NOW, ALL, world, cell).map((one) => one.size)).toEqual([2]);
});

test("no point is lost among clusters, however far the map is", () => {
  const many = Array.from({ length: 400 }, (_, one) =>
    line(`e${one}`, "10:00", { latitude: 40 + (one % 20) * 0.7, longitude: 10 + Math.floor(one / 20) * 0.9 }),
  );
  const history = course(...many);

  for (const zoom of [2, 4, 6, 9, 12]) {
    const found = clusters(history, NOW, ALL, 256 * 2 ** zoom);
    expect(found.reduce((sum, one) => sum + one.size, 0)).toBe(400);
    expect(new Set(found.flatMap((one) => one.rows)).size).toBe(400);
  }
});

test("the histogram holds each record once, the last in the last bin", () => {
  const history = corrected();

  const counts = histogram(history, ALL, [at("10:00"), at("12:00")], 4, "known");

  expect(counts).toHaveLength(FAMILIES.length);
  expect([...counts[familyOf("arrest.made.v1")]!]).toEqual([1, 0, 0, 1]);
});
