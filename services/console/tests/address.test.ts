import { expect, test } from "vitest";
import { read, written, type Place } from "../src/lib/address.svelte";

const PLACE: Place = {
  operation: "jad-danube-2022",
  view: "changes",
  at: Date.parse("2022-06-27T07:04:00.123Z"),
  since: Date.parse("2022-06-25T10:00:00Z"),
  by: "happened",
  entry: "e1",
  thing: "t1",
  metric: "arrests",
};

test("a place is the same after it was written into an address and read again", () => {
  expect(read(written(PLACE))).toEqual(PLACE);
});

test("an address says no more than it must", () => {
  const plain = { ...PLACE, view: "room" as const, at: null, since: null, by: "known" as const };

  expect(written({ ...plain, entry: "", thing: "", metric: "" })).toBe("#/jad-danube-2022/room");
  expect(written({ ...plain, operation: "" })).toBe("#/");
});

test.each(["", "#", "#/", "#/../../etc", "#/<script>/room", "#/x/room"])(
  "%s leads to no operation",
  (hash) => {
    expect(read(hash).operation).toBe("");
  },
);

test("what is no moment, and what is no view, is now, in the room", () => {
  expect(read("#/jad-1/kitchen?at=yesterday&by=guess")).toMatchObject({
    view: "room",
    at: null,
    by: "known",
  });
});
