"""Suggested duplicates: contributions to one figure that may be one, worked out from what the viewer sees."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_

from services.gateway.combined import write_combined
from services.gateway.cursors import from_micros, micros
from services.gateway.figures.alike import SAME_OCCASION, Around, Likeness, Told, likeness
from services.gateway.figures.counted import visible
from services.gateway.figures.marked import marks_of, things_marked
from services.gateway.figures.pairs import SUGGESTED, sides
from services.gateway.figures.questions import FigureSuggestions
from services.gateway.figures.weighing import weights
from services.gateway.pages import Page, narrowed
from services.gateway.picture import Picture
from services.gateway.views.things import things_by_id
from services.shared.marks import Kind
from services.shared.tables import facts

_SHOWN = ("thing", "kind", "headline", "agency", "country", "occurred_at", "etag")


def suggestions_of(name: str) -> str:
    """What the cursors of these pages are bound to."""
    return f"suggestions of {name}"


async def suggestions(picture: Picture, name: str, asked: FigureSuggestions) -> Page:
    """The pairs among a page of contributions and what is like them; those that people decided on are left out."""
    binding = (suggestions_of(name), asked.query(), *picture.viewer.binding)
    looked_at, more = await _page(picture, name, asked, binding)
    looked_at = await _with_marks(picture, looked_at)
    around = Around(await _with_marks(picture, await _like(picture, name, asked, looked_at)))
    found: dict[frozenset[UUID], tuple[Told, Told, Likeness]] = {}
    for one in looked_at:
        for other in sorted(around.near(one), key=_place, reverse=True):
            # Each pair is told once, where its later record stands.
            if _place(other) < _place(one) and (alike := likeness(one, other)):
                found[frozenset((one.thing, other.thing))] = (other, one, alike)
    items = await _items(picture, found)
    following = None
    if more:
        last = looked_at[-1]
        moment = picture.moment.seen.to_bytes(8, "big") + micros(picture.moment.clock)
        content = moment + micros(last.occurred_at) + last.thing.bytes
        following = picture.seals.cursor(content, bound_to=binding)
    return Page(items, following)


async def _page(
    picture: Picture, name: str, asked: FigureSuggestions, binding: tuple[str, ...]
) -> tuple[list[Told], bool]:
    conditions = narrowed(facts, asked)
    if asked.cursor is not None:
        content = picture.seals.read(asked.cursor, bound_to=binding)
        mark = (from_micros(content[16:24]), UUID(bytes=content[24:40]))
        conditions.append(tuple_(facts.c.occurred_at, facts.c.key) < mark)
    query = _claims(picture, name, conditions).order_by(facts.c.occurred_at.desc(), facts.c.key.desc())
    rows = await picture.rows(query.limit(asked.limit + 1))
    return [_told(row) for row in rows[: asked.limit]], len(rows) > asked.limit


async def _like(picture: Picture, name: str, asked: FigureSuggestions, looked_at: list[Told]) -> list[Told]:
    """What may be like them: of the same occasion, under the same reference, about the same subject."""
    if not looked_at:
        return []
    begin, end = looked_at[-1].occurred_at - SAME_OCCASION, looked_at[0].occurred_at
    alternatives = [
        facts.c.occurred_at.between(begin, end),
        facts.c.source_ref.in_({told.source_ref for told in looked_at if told.source_ref is not None}),
        facts.c.key.in_(await things_marked(picture, {mark for told in looked_at for mark in told.marks})),
    ]
    conditions = [or_(*alternatives), *narrowed(facts, asked)]
    return [_told(row) for row in await picture.rows(_claims(picture, name, conditions))]


async def _with_marks(picture: Picture, records: list[Told]) -> list[Told]:
    marks = await marks_of(picture, [told.thing for told in records])
    return [
        replace(
            told,
            marks=frozenset(mark for mark in marks[told.thing] if mark >> 56 != Kind.WORD),
            names=frozenset(mark for mark in marks[told.thing] if mark >> 56 == Kind.WORD),
        )
        for told in records
    ]


def _claims(picture: Picture, name: str, conditions: Iterable[ColumnElement[bool]]) -> Any:
    """What counts in a figure: single records, once each."""
    columns = (
        "key", "agency", "joint_with", "occurred_at", "country", "place", "source_ref", "category", "crime_areas",
    )  # fmt: skip
    return select(*(facts.c[column] for column in columns)).where(
        picture.true_then(facts),
        facts.c.metric == name,
        facts.c.latest_of.is_(None),
        facts.c.distinct_on.is_(None),
        ~facts.c.credit_only,
        visible(facts),
        *conditions,
    )


async def _items(picture: Picture, found: dict[frozenset[UUID], tuple[Told, Told, Likeness]]) -> list[dict[str, Any]]:
    """The pairs that nobody decided yet; those that somebody suggested already with their id."""
    recorded = [(frozenset((row["a"], row["b"])), row["key"], row["state"]) for row in await sides(picture)]
    decided = {pair for pair, _, state in recorded if state != SUGGESTED}
    suggested = {pair: key for pair, key, state in recorded if state == SUGGESTED}
    shown = await things_by_id(picture, {thing for pair in found for thing in pair})
    told = {pair: one for pair, one in found.items() if pair <= shown.keys() and pair not in decided}
    marks = {mark for earlier, later, alike in told.values() for mark in _combined(earlier, later, alike)}
    await write_combined(picture, marks, {thing for pair in told for thing in pair})
    return [
        {
            "a": {name: shown[earlier.thing][name] for name in _SHOWN},
            "b": {name: shown[later.thing][name] for name in _SHOWN},
            "reasons": list(alike.reasons),
            "score": alike.score,
            "band": alike.band,
            "bits": alike.bits,
            "weights": weights().version,
            "why": [reason._asdict() for reason in alike.why],
            "pair": suggested.get(pair),
        }
        for pair, (earlier, later, alike) in told.items()
    ]


def _told(row: dict[str, Any]) -> Told:
    return Told(
        row["key"], row["agency"], frozenset(row["joint_with"]), row["occurred_at"], row["country"], row["place"],
        row["source_ref"], frozenset({*row["crime_areas"], *([row["category"]] if row["category"] else [])}),
    )  # fmt: skip


def _combined(earlier: Told, later: Told, alike: Likeness) -> frozenset[int]:
    """The marks of what of the two is told together: equal numbers, and names where they are alike or are not."""
    level = next((reason.level for reason in alike.why if reason.feature == "name"), None)
    names = earlier.names | later.names if level == "other" else earlier.names & later.names
    return (earlier.marks & later.marks) | names


def _place(told: Told) -> tuple[datetime, UUID]:
    return told.occurred_at, told.thing
