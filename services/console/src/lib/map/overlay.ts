/** What is ours on the map: names, clusters and single events of one moment, on one canvas above the land. */
import L from "leaflet";
import { FAMILIES } from "../families";
import type { Cluster } from "../reduce";
import type { Colours } from "./colours";
import { box, Names, type Naming } from "./names";
import { radiusOf, ring, trace } from "./symbols";
import type { Label } from "./world";

const PADDING = 0.12;

export class Overlay extends L.Layer {
  clusters: Cluster[] = [];
  /** The row that is looked at. */
  chosen = -1;
  private readonly canvas = document.createElement("canvas");
  private origin = L.point(0, 0);
  private readonly names: Names;

  constructor(
    labels: Label[],
    private colours: Colours,
    naming: Naming,
  ) {
    super({ pane: "overlayPane" });
    this.names = new Names(labels, naming);
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
    this.colours = colours;
    this.names.rename(naming);
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
    const [width, height] = [this.canvas.width / dense, this.canvas.height / dense];
    const placed = this.clusters
      .map((cluster) => ({
        cluster,
        x: cluster.x * world - this.origin.x,
        y: cluster.y * world - this.origin.y,
        radius: radiusOf(cluster.size),
      }))
      .filter(({ x, y, radius: r }) => x > -r && y > -r && x < width + r && y < height + r);
    const taken = placed.map(({ x, y, radius }) => box(x, y, radius + 1, radius + 1));
    const view = { zoom: this._map.getZoom(), world, origin: this.origin, width, height };
    this.names.paint(context, this.colours, view, taken);
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
}
