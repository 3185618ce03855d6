import { expect, test } from "vitest";
import { History, mercatorX, mercatorY } from "../src/lib/history";
import { at, course, line, page } from "./course";

test("a version that is told again with an end is ended, and what follows it is the current one", () => {
  const history = course(line("a", "10:00"));

  history.take(
    page(
      line("a", "10:00", { known_until: "2022-06-24T11:00:00.000Z" }),
      line("a", "10:00", {
        known_from: "2022-06-24T11:00:00.000Z",
        headline: "2 arrests",
        state: "corrected",
      }),
    ),
  );

  expect(history.size).toBe(2);
  expect(history.knownUntil[0]).toBe(at("11:00"));
  expect(history.current("a")?.headline).toBe("2 arrests");
});

test("a page that is told twice adds nothing", () => {
  const history = course(line("a", "10:00"), line("b", "10:05"));

  history.take(page(line("a", "10:00"), line("b", "10:05")));

  expect(history.size).toBe(2);
  expect(history.order("known")).toEqual([0, 1]);
});

test("a record that ended and has no successor is no longer current", () => {
  const history = course(line("a", "10:00"));

  history.take(page(line("a", "10:00", { known_until: "2022-06-24T11:00:00.000Z" })));

  expect(history.current("a")).toBeUndefined();
});

test("what came late stands last by when it was known, and first by when it happened", () => {
  const history = course(
    line("a", "10:00"),
    line("late", "12:00", { occurred_at: "2022-06-24T08:00:00.000Z" }),
  );

  expect(history.order("known")).toEqual([0, 1]);
  expect(history.order("happened")).toEqual([1, 0]);
});

test("columns grow with the course and keep what was in them", () => {
  const history = new History();
  const many = Array.from({ length: 3000 }, (_, one) =>
    line(`e${one}`, "10:00", {
      country: one % 2 ? "BA" : "MD",
      latitude: 44,
      longitude: 18,
      state: "retracted",
    }),
  );

  history.take(page(...many));

  expect(history.size).toBe(3000);
  expect(history.countries[history.country[0]!]).toBe("MD");
  expect(history.countries[history.country[2999]!]).toBe("BA");
  expect(history.retracted[5]).toBe(1);
  expect(history.x[2999]).toBeCloseTo(mercatorX(18));
});

test("the map's corners are those of Web Mercator, and poles stay on it", () => {
  expect([mercatorX(-180), mercatorX(0), mercatorX(180)]).toEqual([0, 0.5, 1]);
  expect(mercatorY(0)).toBeCloseTo(0.5);
  expect(mercatorY(90)).toBe(mercatorY(85));
  expect(mercatorY(85)).toBeGreaterThan(0);
});
