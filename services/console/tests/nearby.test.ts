import { expect, test } from "vitest";
import { Nearby } from "../src/lib/nearby";

/** Numbers that look like chance and are the same each time. */
function* chance(): Generator<number> {
  for (let state = 42; ;) yield (state = (state * 16807) % 2147483647) / 2147483647;
}

test("the first point that is near is the one that looking at all of them finds", () => {
  const numbers = chance();
  const next = () => numbers.next().value as number;
  const points = Array.from({ length: 500 }, () => ({ x: next(), y: next() }));
  const nearby = new Nearby(0.05);
  points.forEach((point, index) => nearby.add(point, index));

  for (let turn = 0; turn < 500; turn++) {
    const moved = Math.floor(next() * points.length);
    nearby.take(points[moved]!, moved);
    points[moved] = { x: next(), y: next() };
    nearby.add(points[moved]!, moved);
    const to = { x: next(), y: next() };
    const found = points.findIndex(({ x, y }) => Math.hypot(x - to.x, y - to.y) < 0.04);
    expect(nearby.first(to, points, 0.04)).toBe(found === -1 ? null : found);
  }
});
