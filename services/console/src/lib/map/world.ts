/** The base map's land, projected once; and the names on it. */
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { mercatorX, mercatorY } from "../history";

/** Outlines are kept in these units a world, so that a path stays exact at every zoom. */
export const UNITS = 4096;

export interface Outline {
  path: Path2D;
  /** In worlds: left, top, right, bottom. */
  bounds: [number, number, number, number];
}

export interface Label {
  name: string;
  x: number;
  y: number;
  zoom: number;
  kind: "country" | "capital" | "city";
  /** A country's code; empty where it has none. */
  region: string;
}

export interface World {
  outlines: Outline[];
  labels: Label[];
}

let kept: Promise<World> | null = null;

/** Read once, and again after it could not be read. */
export function world(): Promise<World> {
  kept ??= read().catch((error: unknown) => {
    kept = null;
    throw error;
  });
  return kept;
}

async function read(): Promise<World> {
  const [topology, names] = await Promise.all([fetched("world.json"), fetched("labels.json")]);
  const { objects } = topology as Topology<{ countries: GeometryCollection }>;
  const land = feature(topology as Topology, objects.countries);
  const polygons = land.features.flatMap(({ geometry }) => {
    if (geometry?.type === "Polygon") return [geometry.coordinates];
    return geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
  });
  return { outlines: polygons.flatMap(outlinesOf), labels: labelsOf(names as Names) };
}

async function fetched(name: string): Promise<unknown> {
  const answer = await fetch(`/console/basemap/${name}`);
  if (!answer.ok) throw new Error(`The map's ${name} could not be read.`);
  return answer.json();
}

function outlinesOf(rings: number[][][]): Outline[] {
  const path = new Path2D();
  let [left, top, right, bottom] = [9, 9, -9, -9];
  for (const ring of rings) {
    unwrapped(ring).forEach(([longitude, latitude], at) => {
      const [x, y] = [mercatorX(longitude), mercatorY(latitude)];
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];
      if (at === 0) path.moveTo(x * UNITS, y * UNITS);
      else path.lineTo(x * UNITS, y * UNITS);
    });
    path.closePath();
  }
  const one: Outline = { path, bounds: [left, top, right, bottom] };
  if (right <= 1) return [one];
  // What crosses the 180th meridian shows on both sides of the map.
  const shifted = new Path2D();
  shifted.addPath(path, new DOMMatrix().translate(-UNITS, 0));
  return [one, { path: shifted, bounds: [left - 1, top, right - 1, bottom] }];
}

/** Rings are spherical: a jump across the 180th meridian goes on beyond it, and a ring around a pole is closed there. */
function unwrapped(ring: number[][]): [number, number][] {
  let turns = 0;
  const line = ring.map(([longitude = 0, latitude = 0], at): [number, number] => {
    const step = at ? longitude - ring[at - 1]![0]! : 0;
    if (step > 180) turns -= 360;
    else if (step < -180) turns += 360;
    return [longitude + turns, latitude];
  });
  const [first, last] = [line[0]!, line.at(-1)!];
  if (Math.abs(last[0] - first[0]) > 180) line.push([last[0], -85], [first[0], -85], first);
  return line;
}

interface Names {
  countries: [string, number, number, number, string][];
  cities: [string, number, number, number, 0 | 1][];
}

function labelsOf(names: Names): Label[] {
  const countries = names.countries.map(([name, longitude, latitude, zoom, region]): Label => {
    return {
      name,
      x: mercatorX(longitude),
      y: mercatorY(latitude),
      zoom,
      kind: "country",
      region,
    };
  });
  const cities = names.cities.map(([name, longitude, latitude, zoom, capital]): Label => {
    return {
      name,
      x: mercatorX(longitude),
      y: mercatorY(latitude),
      zoom,
      kind: capital ? "capital" : "city",
      region: "",
    };
  });
  return [...countries, ...cities];
}
