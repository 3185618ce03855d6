/** Forms from JSON Schema: which fields an event type has, as far as its published schema says. */

export type Kind =
  "choice" | "text" | "entry" | "number" | "yesno" | "time" | "date" | "list" | "group" | "either" | "open";

export type Codes = "agency" | "country";

export interface Field {
  kind: Kind;
  name: string;
  title: string;
  description: string;
  required: boolean;
  nullable: boolean;
  sealed: boolean;
  long: boolean;
  whole: boolean;
  least?: number;
  most?: number;
  options: string[];
  /** Whose codes it holds, where its options are no matter of the schema. */
  codes: Codes | null;
  fields: Field[];
  item: Field | null;
  either: Field[];
}

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  title?: string;
  description?: string;
  enum?: (string | number | null)[];
  const?: unknown;
  format?: string;
  pattern?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  default?: unknown;
  "x-sealed"?: boolean;
}

export type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value };
export type Data = Record<string, Value>;

/** The fields of an event's `data`. */
export function fieldsOf(report: Schema): Field[] {
  const data = report.properties?.data ?? {};
  return fieldOf("data", data, report.$defs ?? {}, true).fields;
}

function fieldOf(name: string, given: Schema, defs: Record<string, Schema>, required: boolean): Field {
  const alternatives = (given.anyOf ?? [])
    .map((one) => resolved(one, defs))
    .filter((one) => one.type !== "null");
  const nullable = given.anyOf?.some((one) => one.type === "null") ?? false;
  const only = alternatives.length === 1 ? alternatives[0]! : null;
  const schema = only ?? resolved(given, defs);
  return {
    kind: alternatives.length > 1 ? "either" : kindOf(schema),
    name,
    title: titleOf(name, kindOf(schema)),
    description: given.description ?? (schema.properties ? "" : (schema.description ?? "")),
    required,
    nullable,
    sealed: given["x-sealed"] ?? schema["x-sealed"] ?? false,
    long: (schema.maxLength ?? 0) > 200,
    whole: schema.type === "integer",
    ...(schema.minimum === undefined ? {} : { least: schema.minimum }),
    ...(schema.maximum === undefined ? {} : { most: schema.maximum }),
    options: (schema.enum ?? []).map(String),
    codes: CODES[schema.pattern ?? ""] ?? null,
    fields: Object.entries(schema.properties ?? {}).map(([member, one]) =>
      fieldOf(member, one, defs, schema.required?.includes(member) ?? false),
    ),
    item: schema.items ? fieldOf("item", schema.items, defs, true) : null,
    either: alternatives.length > 1 ? alternatives.map((one) => fieldOf(name, one, defs, true)) : [],
  };
}

function resolved(schema: Schema, defs: Record<string, Schema>): Schema {
  if (!schema.$ref) return schema;
  return { ...defs[schema.$ref.replace("#/$defs/", "")], ...schema };
}

/** Codes are told by how the contract spells them. */
const CODES: Record<string, Codes> = {
  "^([A-Z]{2}(-[A-Z0-9]{2,12})?|[A-Z]{3,16})$": "agency",
  "^[A-Z]{2}$": "country",
};
const FORMATS: Record<string, Kind> = { "date-time": "time", date: "date", uuid: "entry" };

function kindOf(schema: Schema): Kind {
  if (schema.enum) return "choice";
  if (schema.type === "string") return FORMATS[schema.format ?? ""] ?? "text";
  if (schema.type === "number" || schema.type === "integer") return "number";
  if (schema.type === "boolean") return "yesno";
  if (schema.type === "array") return "list";
  return schema.properties ? "group" : "open";
}

function titleOf(name: string, kind: Kind): string {
  if (name === "to" && kind === "time") return "Until"; // Another is to whom one writes.
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whom a closed audience names is asked for, and sent, only with one that is closed. */
const NAMED = ["agencies", "roles", "groups"];

/** The members of a group that are asked for, after what is said in it already. */
export function asked(fields: Field[], data: Data): Field[] {
  const isAudience = ["scope", ...NAMED].every((name) => fields.some((field) => field.name === name));
  const isOpen = isAudience && data.scope !== "named";
  return isOpen ? fields.filter((field) => !NAMED.includes(field.name)) : fields;
}

/** What is sent: members that were left empty are left out, or null where they must be said. */
export function sent(fields: Field[], data: Data): Data {
  const found: Data = {};
  for (const field of asked(fields, data)) {
    const value = sentValue(field, data[field.name]);
    if (value !== undefined) found[field.name] = value;
    else if (field.required && field.nullable) found[field.name] = null;
  }
  return found;
}

function sentValue(field: Field, value: Value): Value {
  if (value === undefined || value === null || value === "") return undefined;
  if (field.kind === "group" && isData(value)) {
    const found = sent(field.fields, value);
    return Object.keys(found).length || field.required ? found : undefined;
  }
  if (field.kind === "either" && isData(value)) {
    const group = field.either.find((one) => one.kind === "group");
    return group ? sentValue({ ...group, required: true }, value) : value;
  }
  if (field.kind === "list" && Array.isArray(value)) {
    const found = value
      .map((one) => sentValue({ ...field.item!, required: true }, one))
      .filter((one) => one !== undefined);
    return found.length || field.required ? found : undefined;
  }
  return value;
}

export function isData(value: Value): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A time as it is typed in a zone, with the offset that the zone has then. */
export function withOffset(local: string, zone: string): string {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return local;
  const offset = offsetOf(asUtc - offsetOf(asUtc, zone), zone);
  const minutes = Math.abs(offset) / 60_000;
  const two = (count: number) => String(Math.floor(count)).padStart(2, "0");
  const seconds = local.length === 16 ? ":00" : "";
  return `${local}${seconds}${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** The same time as it is typed: 2022-06-24T12:00 */
export function asTyped(time: string | number, zone: string): string {
  const at = new Date(time).getTime();
  return Number.isNaN(at) ? "" : new Date(at + offsetOf(at, zone)).toISOString().slice(0, 16);
}

function offsetOf(time: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(time);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const there = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return there - Math.floor(time / 1000) * 1000;
}
