import { expect, test } from "vitest";
import { asTyped, fieldsOf, sent, withOffset, type Schema } from "../src/lib/form";
import { participantsIn } from "../src/lib/opening";

const SCHEMA: Schema = {
  properties: {
    data: {
      required: ["count", "handling", "until"],
      properties: {
        count: { type: "integer", minimum: 1 },
        text: { anyOf: [{ type: "string", maxLength: 4000 }, { type: "null" }], "x-sealed": true },
        until: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
        kind: { enum: ["fugitive", "smuggler"] },
        place: { $ref: "#/$defs/Place" },
        handling: { $ref: "#/$defs/Handling" },
        amount: { anyOf: [{ type: "number" }, { $ref: "#/$defs/Quantity" }] },
      },
    },
  },
  $defs: {
    Place: { properties: { country: { type: "string" }, text: { type: "string" } } },
    Handling: {
      required: ["codes"],
      properties: { codes: { type: "array", items: { enum: ["H0", "H1"] } } },
    },
    Quantity: { required: ["value"], properties: { value: { type: "number" }, unit: { type: "string" } } },
  },
};
const FIELDS = fieldsOf(SCHEMA);

function field(name: string) {
  return FIELDS.find((one) => one.name === name)!;
}

test("a form has the fields that the schema says, each of its kind", () => {
  expect(FIELDS.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    "count: number",
    "text: text",
    "until: time",
    "kind: choice",
    "place: group",
    "handling: group",
    "amount: either",
  ]);
  expect(field("count")).toMatchObject({ required: true, whole: true, least: 1 });
  expect(field("text")).toMatchObject({ sealed: true, long: true, nullable: true, required: false });
  expect(field("handling").fields[0]!.item!.options).toEqual(["H0", "H1"]);
});

test("what was left empty is left out, and null where it must be said", () => {
  const typed = {
    count: 2,
    text: "",
    kind: undefined,
    place: { country: "", text: "" },
    handling: { codes: [] },
  };

  expect(sent(FIELDS, typed)).toEqual({ count: 2, until: null, handling: { codes: [] } });
});

test("zero and no are said", () => {
  expect(sent(FIELDS, { count: 0, handling: { codes: ["H0"] } })).toMatchObject({ count: 0 });
});

test("either a plain value or a group is sent as it was filled in", () => {
  expect(sent(FIELDS, { amount: 3 })).toMatchObject({ amount: 3 });
  expect(sent(FIELDS, { amount: { value: 3, unit: "" } })).toMatchObject({ amount: { value: 3 } });
});

test.each([
  ["2022-06-24T12:00", "Europe/Vienna", "2022-06-24T12:00:00+02:00"],
  ["2022-12-24T12:00", "Europe/Vienna", "2022-12-24T12:00:00+01:00"],
  ["2022-06-24T12:00", "America/St_Johns", "2022-06-24T12:00:00-02:30"],
  ["2022-06-24T12:00:30", "UTC", "2022-06-24T12:00:30+00:00"],
])("%s in %s is %s, and is typed so again", (local, zone, said) => {
  expect(withOffset(local, zone)).toBe(said);
  expect(asTyped(said, zone)).toBe(local.slice(0, 16));
});

test("a time that is none stays as it was typed, for the gateway to refuse", () => {
  expect(withOffset("noon", "UTC")).toBe("noon");
  expect(asTyped("noon", "UTC")).toBe("");
});

test("participants are read from what was typed, each once, with the role of the template", () => {
  const known = [{ agency: "EUROPOL", role: "support" }];

  expect(participantsIn("at, ro-customs;EUROPOL  AT", known)).toEqual([
    { agency: "AT", role: "participant" },
    { agency: "RO-CUSTOMS", role: "participant" },
    { agency: "EUROPOL", role: "support" },
  ]);
  expect(participantsIn(" , ", known)).toEqual([]);
});

test("codes of agencies and countries are told from other text", () => {
  const agency = "^([A-Z]{2}(-[A-Z0-9]{2,12})?|[A-Z]{3,16})$";
  const properties: Record<string, Schema> = {
    to: { type: "array", items: { type: "string", pattern: agency } },
    handler: { anyOf: [{ type: "string", pattern: agency }, { type: "null" }] },
    country: { type: "string", pattern: "^[A-Z]{2}$" },
    text: { type: "string" },
  };
  const fields = fieldsOf({ properties: { data: { properties } } });

  expect(fields.map((one) => one.item?.codes ?? one.codes)).toEqual(["agency", "agency", "country", null]);
});

test("an audience lists agencies only when it is closed", () => {
  const listed: Schema = { type: "array", items: { type: "string" } };
  const audience: Schema = {
    required: ["scope"],
    properties: { scope: { enum: ["all", "named"] }, agencies: listed, roles: listed, groups: listed },
  };
  const fields = fieldsOf({ properties: { data: { properties: { audience } } } });
  const data = { audience: { scope: "named", agencies: ["AT"] } };

  expect(sent(fields, data)).toEqual(data);
  expect(sent(fields, { audience: { ...data.audience, scope: "all" } })).toEqual({
    audience: { scope: "all" },
  });
});
