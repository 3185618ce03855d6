"""Entities: the same person, object or organisation in several records, linked and never merged."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.gateway import view
from services.gateway.asked import Paged, Reading
from services.gateway.combined import write_combined
from services.gateway.cursors import micros
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.gateway.resembling import Record, records_marked, records_of, recurring
from services.gateway.shapes.boards import Entities, Entity, EntityKind
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, one_thing, things_by_id
from services.shared.marks import IDENTIFYING, Feature, Kind

_TOLD = ("kind", "state", "headline", "agency", "country", "occurred_at")
_MOST_TOLD = 20
_RECORD = {name: EXAMPLE[name] for name in ("thing", *_TOLD)}
_EXAMPLE = {
    "thing": EXAMPLE["thing"],
    "entities": [
        {
            "kind": "document",
            "records": [{"entry": EXAMPLE["thing"], "line": "in_force", "written": ["INVENTED-1"], **_RECORD}],
        }
    ],
}


class EntitiesAsked(Paged):
    """Which sorts of entities."""

    kind: Annotated[list[EntityKind], Field(max_length=6)] = Field(default=[])


@view.pages(
    "entities",
    summary="Persons and objects in several records",
    shape=Listed[Entity],
    asked=EntitiesAsked,
    example={"kind": "document", "records": 2, "things": [_RECORD]},
)
async def recurring_entities(picture: Picture, asked: EntitiesAsked) -> Page:
    """Documents, plates, VINs, telephones, registrations and persons (name, full date of birth) in several records.

    Of each, how many of the records that the caller sees, and up to twenty of them; in most records first. What was
    written in each is told by `things/{thing}/entities`.
    """
    kinds = [Kind[name.upper()] for name in asked.kind] or list(IDENTIFYING)
    binding = ("entities", asked.query(), *picture.viewer.binding)
    after = None
    if asked.cursor is not None:
        content = picture.seals.read(asked.cursor, bound_to=binding)
        after = (int.from_bytes(content[16:24], "big"), int.from_bytes(content[24:32], "big"))
    rows = await recurring(picture, kinds, after=after, limit=asked.limit + 1)
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    few = {row["mark"]: sorted(row["things"])[:_MOST_TOLD] for row in rows}
    shown = await things_by_id(picture, {id for ids in few.values() for id in ids})
    await write_combined(picture, few.keys(), shown.keys())
    items = [
        {
            "kind": Kind(row["mark"] >> 56).name.lower(),
            "records": row["records"],
            "things": [_brief(shown[id]) for id in few[row["mark"]] if id in shown],
        }
        for row in rows
    ]
    following = None
    if more:
        place = rows[-1]["records"].to_bytes(8, "big") + rows[-1]["mark"].to_bytes(8, "big")
        content = picture.moment.seen.to_bytes(8, "big") + micros(picture.moment.clock) + place
        following = picture.seals.cursor(content, bound_to=binding)
    return Page(items, following)


def _brief(thing: dict[str, Any]) -> dict[str, Any]:
    return {name: thing[name] for name in ("thing", *_TOLD)}


@view.document(
    "things/{thing}/entities",
    summary="The same persons and objects elsewhere",
    shape=Entities,
    asked=Reading,
    example=_EXAMPLE,
)
async def entities(picture: Picture, thing: UUID, asked: Reading) -> dict[str, Any] | None:
    """Each document, plate, VIN, telephone, registration and person (name, full date of birth) of a thing elsewhere.

    Only records that the caller sees are compared, and told with what was written in each. That two records are about
    the same human is for people to say: nothing is merged, and nothing is counted by it.
    """
    if await one_thing(picture, thing) is None:
        return None
    marks = picture.vault.marks
    operation = picture.viewer.operation
    own = {
        (feature.kind, feature.value): marks.mark(feature.kind, feature.value, operation=operation)
        for record in await records_of(picture, thing)
        for feature in record.features
        if feature.kind in IDENTIFYING
    }
    found = await records_marked(picture, set(own.values()))
    shown = await things_by_id(picture, {record.thing for record in found})
    groups = [(kind, _with(kind, value, found, shown)) for kind, value in sorted(own)]
    return {
        "thing": thing,
        "entities": [
            {"kind": kind.name.lower(), "records": records}
            for kind, records in groups
            if len({record["thing"] for record in records}) > 1
        ],
    }


def _with(kind: Kind, value: str, found: list[Record], shown: dict[UUID, dict[str, Any]]) -> list[dict[str, Any]]:
    """The records in which it stands, compared as they were written, the earliest first."""
    told = []
    for record in found:
        written = _written(record.features, kind, value)
        if written and record.thing in shown:
            line = {"entry": record.entry, "line": record.state, "written": written}
            told.append({**line, **_brief(shown[record.thing])})
    return sorted(told, key=lambda one: (one["occurred_at"], one["entry"]))


def _written(features: tuple[Feature, ...], kind: Kind, value: str) -> list[str]:
    there = (feature.written for feature in features if (feature.kind, feature.value) == (kind, value))
    return list(dict.fromkeys(there))
