"""The file of an incident, or of any thing: all that belongs together, across agencies, and by which tie."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.gateway import view
from services.gateway.asked import Reading
from services.gateway.pages import renamed, shown_columns
from services.gateway.picture import Picture
from services.gateway.shapes.boards import File
from services.gateway.shapes.records import Thing
from services.gateway.ties import Tie, ties_of
from services.gateway.views.things import EXAMPLE, one_thing, things_by_id
from services.shared.tables import entries, timeline

MOST_THINGS = 500
MOST_LINES = 1_000
_APART = frozenset({"last_entry", "entries", "disputed", "a", "b", "kept"})
"""Ties that tell of numbers or of a possible likeness, not that two records belong together."""
_LEAVES = frozenset(
    {"alert", "desk", "figure", "lesson", "message", "nil_report", "pair", "permission", "sitrep", "task"}
)
"""What stands in a file and leads no further: a message about two cases does not make them one."""
_OUTSIDE = frozenset({"operation", "participant", "phase"})
_EXAMPLE = {
    "root": "5f0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
    "agencies": ["BA", "MD"],
    "by_kind": {"incident": 1, "arrest": 1},
    "things": [
        {
            **EXAMPLE,
            "ties": [{"rel": "incident", "from": EXAMPLE["thing"], "to": "5f0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"}],
        }
    ],
    "timeline": [],
    "complete": True,
}


@view.thing(
    "things/{thing}", summary="One thing of any kind, by the entry that opened it", shape=Thing, example=EXAMPLE
)
async def thing_of_any_kind(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One thing of any kind."""
    return await one_thing(picture, thing)


@view.document("things/{thing}/file", summary="The file of a thing", shape=File, asked=Reading, example=_EXAMPLE)
async def file(picture: Picture, thing: UUID, asked: Reading) -> dict[str, Any] | None:
    """Everything that is tied to a thing, step by step, as far as the caller sees it, and its timeline.

    Records that may report the same are not taken together: only what names another record belongs to it. `complete`
    says whether all of it is here: at most 500 things and 1,000 lines are told.
    """
    return await _file(picture, thing)


@view.document("incidents/{thing}/file", summary="The file of an incident", shape=File, asked=Reading, example=_EXAMPLE)
async def incident_file(picture: Picture, thing: UUID, asked: Reading) -> dict[str, Any] | None:
    """All that belongs to an incident, across agencies: arrests, documents, cases, checks, and what hangs on them."""
    return await _file(picture, thing, kind="incident")


async def _file(picture: Picture, root: UUID, *, kind: str | None = None) -> dict[str, Any] | None:
    first = await one_thing(picture, root, kind=kind)
    if first is None:
        return None
    found = {root: first}
    ties: set[Tie] = set()
    frontier, complete = [root], True
    while frontier and complete:
        near = {tie for tie in await ties_of(picture, frontier) if tie.rel not in _APART}
        new = {end for tie in near for end in (tie.thing, tie.target)} - found.keys()
        seen = await things_by_id(picture, new)
        joined = {
            id: item for id, item in seen.items() if item["kind"] not in _OUTSIDE and item["state"] != "retracted"
        }
        complete = len(found) + len(joined) <= MOST_THINGS
        for id in sorted(joined)[: MOST_THINGS - len(found)]:
            found[id] = joined[id]
        ties |= near
        frontier = [id for id in new if id in found and found[id]["kind"] not in _LEAVES]
    lines = await _lines(picture, list(found))
    return {
        "root": root,
        "agencies": sorted({item["agency"] for item in found.values()}),
        "by_kind": _by_kind(found),
        "things": _in_order(found, ties),
        "timeline": lines[:MOST_LINES],
        "complete": complete and len(lines) <= MOST_LINES,
    }


def _belongs(item: dict[str, Any]) -> bool:
    return item["kind"] not in _OUTSIDE and item["state"] != "retracted"


def _in_order(found: dict[UUID, dict[str, Any]], ties: set[Tie]) -> list[dict[str, Any]]:
    of_thing: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for tie in sorted(ties):
        if tie.thing in found and tie.target in found:
            told = {"rel": tie.rel, "from": tie.thing, "to": tie.target}
            of_thing[tie.thing].append(told)
            of_thing[tie.target].append(told)
    ordered = sorted(found.values(), key=lambda item: (item["occurred_at"], item["thing"]))
    return [{**item, "ties": of_thing[item["thing"]]} for item in ordered]


def _by_kind(found: dict[UUID, dict[str, Any]]) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for item in found.values():
        counted[item["kind"]] += 1
    return dict(counted)


async def _lines(picture: Picture, things: list[UUID]) -> list[dict[str, Any]]:
    columns = timeline.c
    of_things = select(entries.c.key).where(picture.true_then(entries), entries.c.thing.in_(things))
    query = select(*shown_columns(timeline)).where(picture.true_then(timeline), columns.key.in_(of_things))
    if picture.moment.at is not None:
        query = query.where(columns.occurred_at <= picture.moment.at)
    ordered = query.order_by(columns.occurred_at, columns.key).limit(MOST_LINES + 1)
    return [renamed(row, "entry") for row in await picture.rows(ordered)]
