/** What is ours on the map: names, clusters and single events of one moment, on one canvas above the land. */
import L from "leaflet";
import { FAMILIES } from "../families";
import type { Cluster } from "../reduce";
import type { Colours } from "./colours";
import { radiusOf, ring, trace } from "./symbols";
import type { Label } from "./world";

const PADDING = 0.12;

/** What a place is called by whoever looks. */
export type Naming = (label: Label) => string;

/** A name as it is painted, and half its width in pixels. */
interface Painted {
  text: string;
  across: number;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class Overlay extends L.Layer {
  clusters: Cluster[] = [];
  /** The row that is looked at. */
  chosen = -1;
  private readonly canvas = document.createElement("canvas");
  private origin = L.point(0, 0);
  private readonly painted = new Map<Label, Painted>();

  constructor(
    private readonly labels: Label[],
    private colours: Colours,
    private naming: Naming,
  ) {
    super({ pane: "overlayPane" });
    this.canvas.className = "overlay";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  override onAdd(map: L.Map): this {
    map.getPane("overlayPane")!.append(this.canvas);
    this.place();
    return this;
  }

  override onRemove(): this {
    this.canvas.remove();
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    return {
      zoomstart: () => (this.canvas.hidden = true),
      moveend: () => this.place(),
      resize: () => this.place(),
    };
  }

  paint(colours: Colours, naming: Naming): void {
    [this.colours, this.naming] = [colours, naming];
    this.painted.clear();
    this.draw();
  }

  /** The cluster at a point of the map's container. */
  at(point: L.Point): Cluster | null {
    const world = 256 * 2 ** this._map.getZoom();
    const corner = this._map.getPixelBounds().min!;
    return (
      this.clusters.find(({ x, y, size }) => {
        const away = Math.hypot(x * world - corner.x - point.x, y * world - corner.y - point.y);
        return away <= Math.max(radiusOf(size) + 2, 12);
      }) ?? null
    );
  }

  /** The canvas covers a little more than is seen, so that panning shows no edge. */
  private place(): void {
    const map = this._map;
    const size = map.getSize();
    const dense = Math.min(devicePixelRatio, 2);
    const corner = map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
    const whole = size.multiplyBy(1 + 2 * PADDING).round();
    L.DomUtil.setPosition(this.canvas, corner);
    this.canvas.width = whole.x * dense;
    this.canvas.height = whole.y * dense;
    this.canvas.style.width = `${whole.x}px`;
    this.canvas.style.height = `${whole.y}px`;
    this.origin = map.getPixelOrigin().add(corner);
    this.canvas.hidden = false;
    this.draw();
  }

  draw(): void {
    const context = this.canvas.getContext("2d");
    if (!context || !this._map) return;
    const dense = Math.min(devicePixelRatio, 2);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const world = 256 * 2 ** this._map.getZoom();
    const placed = this.clusters.map((cluster) => ({
      cluster,
      x: cluster.x * world - this.origin.x,
      y: cluster.y * world - this.origin.y,
      radius: radiusOf(cluster.size),
    }));
    const taken = placed.map(({ x, y, radius }) => box(x, y, radius + 1, radius + 1));
    this.names(context, world, taken);
    for (const { cluster, x, y, radius } of placed) {
      if (cluster.size === 1) this.single(context, cluster.byFamily.indexOf(1), x, y, radius);
      else {
        const { families, surface, ink } = this.colours;
        ring(context, { x, y, radius, counts: cluster.byFamily, colours: families, fill: surface, ink });
      }
    }
    const around = placed.find(({ cluster }) => cluster.rows.includes(this.chosen));
    if (around) this.halo(context, around.x, around.y, around.radius + 5);
  }

  private single(
    context: CanvasRenderingContext2D,
    family: number,
    x: number,
    y: number,
    radius: number,
  ): void {
    trace(context, FAMILIES[family]!.shape, x, y, radius);
    context.lineWidth = 3;
    context.strokeStyle = this.colours.surface;
    context.stroke();
    context.fillStyle = this.colours.families[family]!;
    context.fill();
  }

  private halo(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = this.colours.focus;
    context.stroke();
  }

  /** Names where nothing else is: an event hides a name, never the other way round. */
  private names(context: CanvasRenderingContext2D, world: number, taken: Box[]): void {
    const zoom = this._map.getZoom();
    const [width, height] = [this.canvas.width, this.canvas.height];
    context.textBaseline = "middle";
    for (const label of this.labels) {
      if (label.zoom > zoom) continue;
      const [x, y] = [label.x * world - this.origin.x, label.y * world - this.origin.y];
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
      context.strokeStyle = this.colours.land;
      context.strokeText(text, middle, y);
      context.fillStyle = this.colours.faint;
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

function box(x: number, y: number, across: number, down: number): Box {
  return { left: x - across, top: y - down, right: x + across, bottom: y + down };
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
