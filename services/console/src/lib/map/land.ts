/** Land and borders as tiles painted once: panning only moves them. */
import L from "leaflet";
import type { Colours } from "./colours";
import { UNITS, type World } from "./world";

export class Land extends L.GridLayer {
  constructor(
    private readonly world: World,
    private colours: Colours,
  ) {
    super({ tileSize: 512, noWrap: true, updateWhenIdle: false, keepBuffer: 1 });
  }

  paint(colours: Colours): void {
    this.colours = colours;
    this.redraw();
  }

  protected override createTile(coords: L.Coords): HTMLElement {
    const tile = document.createElement("canvas");
    const dense = Math.min(devicePixelRatio, 2);
    tile.width = tile.height = 512 * dense;
    const context = tile.getContext("2d")!;
    const worldPixels = 256 * 2 ** coords.z;
    const across = 512 / worldPixels;
    const [left, top] = [coords.x * across, coords.y * across];
    context.setTransform(
      (worldPixels * dense) / UNITS,
      0,
      0,
      (worldPixels * dense) / UNITS,
      -coords.x * 512 * dense,
      -coords.y * 512 * dense,
    );
    context.fillStyle = this.colours.land;
    context.strokeStyle = this.colours.border;
    context.lineWidth = (0.8 * UNITS) / worldPixels;
    context.lineJoin = "round";
    for (const { path, bounds } of this.world.outlines) {
      if (bounds[0] > left + across || bounds[2] < left || bounds[1] > top + across || bounds[3] < top)
        continue;
      context.fill(path, "evenodd");
      context.stroke(path);
    }
    return tile;
  }
}
