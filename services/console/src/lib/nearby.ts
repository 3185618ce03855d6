/** Which of many points is near: looked for in the squares around, not among all. */

interface Point {
  x: number;
  y: number;
}

export class Nearby {
  private readonly squares = new Map<number, number[]>();

  /** @param side of a square; no point is looked for farther away than this. */
  constructor(private readonly side: number) {}

  add(point: Point, index: number): void {
    const key = this.key(point.x, point.y);
    const there = this.squares.get(key);
    if (there) there.push(index);
    else this.squares.set(key, [index]);
  }

  /** Takes a point away, before it is moved. */
  take(point: Point, index: number): void {
    const there = this.squares.get(this.key(point.x, point.y))!;
    there.splice(there.indexOf(index), 1);
  }

  /** The lowest index of a point that is nearer than `distance`; null where there is none. */
  first(to: Point, points: readonly Point[], distance: number): number | null {
    let found: number | null = null;
    for (const right of [-this.side, 0, this.side]) {
      for (const down of [-this.side, 0, this.side]) {
        for (const index of this.squares.get(this.key(to.x + right, to.y + down)) ?? []) {
          if (found !== null && index > found) continue;
          const { x, y } = points[index]!;
          if (Math.hypot(x - to.x, y - to.y) < distance) found = index;
        }
      }
    }
    return found;
  }

  private key(x: number, y: number): number {
    return Math.floor(y / this.side) * 2 ** 26 + Math.floor(x / this.side);
  }
}
