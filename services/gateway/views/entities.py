"""Entities: the same person, document, vehicle or telephone in several records, linked and never merged."""

from typing import Any
from uuid import UUID

from services.gateway import view
from services.gateway.asked import Reading
from services.gateway.picture import Picture
from services.gateway.resembling import Record, records_marked, records_of
from services.gateway.views.things import EXAMPLE, one_thing, things_by_id
from services.shared.marks import IDENTIFYING, Feature, Kind

_EXAMPLE = {
    "thing": EXAMPLE["thing"],
    "entities": [
        {
            "kind": "document",
            "records": [
                {
                    "entry": EXAMPLE["thing"],
                    "thing": EXAMPLE["thing"],
                    "line": "in_force",
                    "written": ["INVENTED-1"],
                    "kind": "arrest",
                    "state": "detained",
                    "headline": EXAMPLE["headline"],
                    "agency": "BA",
                    "occurred_at": EXAMPLE["occurred_at"],
                }
            ],
        }
    ],
}
_TOLD = ("kind", "state", "headline", "agency", "country", "occurred_at")


@view.document(
    "things/{thing}/entities", summary="The same persons and objects elsewhere", asked=Reading, example=_EXAMPLE
)
async def entities(picture: Picture, thing: UUID, asked: Reading) -> dict[str, Any] | None:
    """Each document, plate, VIN, telephone and person (name with full date of birth) of a thing, and where else it is.

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
            thing = {name: shown[record.thing][name] for name in _TOLD}
            told.append(
                {"entry": record.entry, "thing": record.thing, "line": record.state, "written": written, **thing}
            )
    return sorted(told, key=lambda one: (one["occurred_at"], one["entry"]))


def _written(features: tuple[Feature, ...], kind: Kind, value: str) -> list[str]:
    there = (feature.written for feature in features if (feature.kind, feature.value) == (kind, value))
    return list(dict.fromkeys(there))
