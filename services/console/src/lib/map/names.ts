/** The names of places on the map, painted where nothing else is. */
import type { Colours } from "./colours";
import type { Label } from "./world";

/** What a place is called by whoever looks. */
export type Naming = (label: Label) => string;

/** What is taken up on the canvas already. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The part of the world that the canvas shows; `world` is its whole width in pixels. */
export interface View {
  zoom: number;
  world: number;
  origin: { x: number; y: number };
  width: number;
  height: number;
}

/** A name as it is painted, and half its width in pixels. */
interface Painted {
  text: string;
  across: number;
}

export class Names {
  private readonly painted = new Map<Label, Painted>();

  constructor(
    private readonly labels: readonly Label[],
    private naming: Naming,
  ) {}

  rename(naming: Naming): void {
    this.naming = naming;
    this.painted.clear();
  }

  /** Names where nothing else is: an event hides a name, never the other way round. */
  paint(context: CanvasRenderingContext2D, colours: Colours, view: View, taken: Box[]): void {
    const { zoom, world, origin, width, height } = view;
    context.textBaseline = "middle";
    for (const label of this.labels) {
      if (label.zoom > zoom) continue;
      const [x, y] = [label.x * world - origin.x, label.y * world - origin.y];
      if (x < 0 || y < 0 || x > width || y > height) continue;
      const country = label.kind === "country";
      context.font = `${country ? "600 10.5px" : "400 11px"} 'Inter Variable', system-ui, sans-serif`;
      context.letterSpacing = country ? "1px" : "0px";
      const { text, across } = this.measured(context, label);
      const middle = country ? x : x + across + 6;
      const room = box(middle, y, across + 4, 8);
      if (taken.some((other) => overlaps(room, other))) continue;
      taken.push(room);
      context.textAlign = "center";
      context.lineWidth = 3;
      context.strokeStyle = colours.land;
      context.strokeText(text, middle, y);
      context.fillStyle = colours.faint;
      context.fillText(text, middle, y);
      if (!country) context.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
    context.letterSpacing = "0px";
  }

  private measured(context: CanvasRenderingContext2D, label: Label): Painted {
    let found = this.painted.get(label);
    if (!found) {
      const name = this.naming(label);
      const text = label.kind === "country" ? name.toLocaleUpperCase() : name;
      this.painted.set(label, (found = { text, across: context.measureText(text).width / 2 }));
    }
    return found;
  }
}

export function box(x: number, y: number, across: number, down: number): Box {
  return { left: x - across, top: y - down, right: x + across, bottom: y + down };
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
