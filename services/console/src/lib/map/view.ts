/** The map: Leaflet moves it, by mouse, touch and keyboard; land and events are painted by us. */
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import type { Cluster } from "../reduce";
import type { Colours } from "./colours";
import { Land } from "./land";
import type { Naming } from "./names";
import { Overlay } from "./overlay";
import { world } from "./world";

export interface Touched {
  chosen(row: number): void;
  over(cluster: Cluster | null, at: { x: number; y: number }): void;
  zoomed(): void;
}

export class MapView {
  private constructor(
    private readonly map: L.Map,
    private readonly land: Land,
    private readonly overlay: Overlay,
    private readonly touched: Touched,
  ) {
    map.on("click", (event: L.LeafletMouseEvent) => this.click(event.containerPoint));
    map.on("mousemove", (event: L.LeafletMouseEvent) => this.hover(event.containerPoint));
    map.on("mouseout movestart", () => touched.over(null, { x: 0, y: 0 }));
    map.on("zoomend", () => touched.zoomed());
  }

  static async open(
    element: HTMLElement,
    colours: Colours,
    naming: Naming,
    touched: Touched,
  ): Promise<MapView> {
    const { outlines, labels } = await world();
    const map = L.map(element, {
      attributionControl: false,
      zoomControl: false,
      minZoom: 2,
      maxZoom: 12,
      zoomSnap: 0.5,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fadeAnimation: false,
      inertia: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      maxBounds: L.latLngBounds([-84, -200], [84, 200]),
    });
    map.setView([45, 20], 5);
    const land = new Land({ outlines, labels }, colours).addTo(map);
    const overlay = new Overlay(labels, colours, naming).addTo(map);
    return new MapView(map, land, overlay, touched);
  }

  /** Pixels of the whole world at the zoom of now. */
  get worldPixels(): number {
    return 256 * 2 ** this.map.getZoom();
  }

  show(clusters: Cluster[], chosen: number): void {
    this.overlay.clusters = clusters;
    this.overlay.chosen = chosen;
    this.overlay.draw();
  }

  paint(colours: Colours, naming: Naming): void {
    this.land.paint(colours);
    this.overlay.paint(colours, naming);
  }

  /** Shows all of these points, given from 0 to 1 in Web Mercator. */
  fit(points: { x: number; y: number }[]): void {
    if (points.length === 0) return;
    const corners = points.map(({ x, y }) => L.CRS.EPSG3857.pointToLatLng(L.point(x * 256, y * 256), 0));
    this.map.fitBounds(L.latLngBounds(corners), { padding: [60, 60], maxZoom: 9, animate: false });
  }

  zoom(by: number): void {
    this.map.setZoom(this.map.getZoom() + by);
  }

  resized(): void {
    this.map.invalidateSize({ animate: false });
  }

  close(): void {
    this.map.remove();
  }

  private click(point: L.Point): void {
    const cluster = this.overlay.at(point);
    if (!cluster) return;
    if (cluster.size === 1 || this.map.getZoom() >= 11) this.touched.chosen(cluster.rows.at(-1)!);
    else this.map.setView(this.map.containerPointToLatLng(point), this.map.getZoom() + 1.5);
  }

  private hover(point: L.Point): void {
    const cluster = this.overlay.at(point);
    this.map.getContainer().classList.toggle("over-event", cluster !== null);
    this.touched.over(cluster, { x: point.x, y: point.y });
  }
}
