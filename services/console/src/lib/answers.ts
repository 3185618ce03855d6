/** What the gateway answers: taken from its own description (openapi.json), as `npm run types` writes it. */
import type { components, paths } from "../../generated/gateway";

type Shapes = components["schemas"];

/** Addresses that are read, as the description has them, and what each answers. */
export type Address = {
  [Path in keyof paths]: paths[Path] extends { get: { responses: { 200: object } } } ? Path : never;
}[keyof paths];
export type Answer<Path extends Address> = paths[Path] extends {
  get: { responses: { 200: { content: infer Content } } };
}
  ? Content[keyof Content]
  : never;

/** An address with something in each of its braces. */
export type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Filled<After>}`
  : Path;

/** The views of an operation, by their addresses below it. */
export type View = {
  [Path in Address]: Path extends `/v1/operations/{operation}/${infer Below}` ? Below : never;
}[Address];
export type Seen<Of extends View> = Answer<Extract<Address, `/v1/operations/{operation}/${Of}`>>;

export type Me = Shapes["Me"];
export type Officer = Shapes["OfficerSession"];
export type WaysIn = Shapes["WaysIn"];
export type OperationEntry = Shapes["OperationEntry"];
export type Operation = Shapes["Operation"];
export type HistoryPage = Shapes["Course"];
/** One version of one line of the timeline. */
export type Line = LineThen & { known_from: string; known_until: string | null };
/** A line as it reads at one moment: which of its versions that is, only the course says. */
export type LineThen = Shapes["Line"];
export type Amount = Shapes["Amount"];
export type Figure = Shapes["Figure"];
export type Contribution = Shapes["Contribution"];
export type Audience = Shapes["Audience"];
export type Entry = Shapes["Entry"];
export type Receipt = Shapes["Receipt"];
export type Thing = Shapes["Thing"];
export type Brief = Shapes["Brief"];
export type Tied = Shapes["Tied"];
export type Entity = Shapes["Entity"];
export type Entities = Shapes["Entities"];
export type Case = Shapes["Case"];
export type Participant = Shapes["Participant"];
export type Latency = Shapes["Latency"];
export type Disclosures = Shapes["Disclosures"];
export type Readiness = Shapes["Readiness"];
export type Change = Shapes["Change"];
export type Moved = Shapes["Moved"];
export type Offer = Shapes["Offer"];
export type OffersAbout = Shapes["OffersAbout"];
export type Recall = Shapes["Recall"];
export type Found = Shapes["SearchResult"];
export type Waiting = Shapes["Waiting"];
