"""Messages between desks, with their text for those who may see them."""

from collections import defaultdict
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, or_, select

from schemas.vocabulary import AgencyCode
from services.gateway import view
from services.gateway.asked import Sorted
from services.gateway.opened import open_entries
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.gateway.shapes.records import Message
from services.gateway.shapes.words import Listed
from services.gateway.views.things import EXAMPLE, add_counts, one_thing, things_page
from services.shared.tables import entries, things


class MessagesAsked(Sorted):
    """Messages by desk and by what they are about."""

    desk: Annotated[list[AgencyCode], Field(max_length=20)] = Field(default=[], description="Written by or to.")
    regarding: UUID | None = Field(None, description="About this entry.")


_EXAMPLE = {
    **EXAMPLE,
    "kind": "message",
    "state": "sent",
    "category": None,
    "headline": "Message to BA",
    "detail": {"to": ["BA"], "regarding": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"},
    "text": "Invented: the van is expected after ten.",
}

add_counts("messages", "message")


@view.pages("messages", summary="Messages between desks", shape=Listed[Message], asked=MessagesAsked, example=_EXAMPLE)
async def messages(picture: Picture, asked: MessagesAsked) -> Page:
    """Messages with their text as it holds; null where it was erased or the message retracted."""
    detail, conditions = things.c.detail, list[ColumnElement[bool]]()
    if asked.desk:
        to = (detail["to"].has_key(agency) for agency in asked.desk)
        conditions.append(or_(things.c.agency.in_(asked.desk), *to))
    if asked.regarding is not None:
        conditions.append(detail["regarding"].astext == str(asked.regarding))
    found = await things_page(picture, asked, *conditions, name="messages", kind="message")
    return Page(await _with_text(picture, found.rows), found.next)


@view.thing("messages/{thing}", summary="One message, by its entry", shape=Message, example=_EXAMPLE)
async def message(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One message with its text."""
    found = await one_thing(picture, thing, kind="message")
    return (await _with_text(picture, [found]))[0] if found else None


async def _with_text(picture: Picture, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = [item["thing"] for item in found]
    # Put in order here: asked to order them, the database would walk along the whole log.
    query = select(entries.c.since, entries.c.body).where(picture.true_then(entries), entries.c.thing.in_(ids))
    rows = sorted(await picture.rows(query), key=lambda row: row["since"])
    bodies = [row["body"] for row in rows]
    histories: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in await open_entries(bodies, picture):
        histories[entry["thing"]].append(entry)
    return [{**item, "text": _text(item, histories[str(item["thing"])])} for item in found]


def _text(item: dict[str, Any], history: list[dict[str, Any]]) -> str | None:
    """The text in force: of the last correction that was not taken back, else as sent."""
    if item["state"] == "retracted":
        return None
    taken_back: set[str] = set()
    for entry in reversed(history):
        data, type = entry["report"]["data"], entry["report"]["type"]
        if entry["entry"] in taken_back:
            continue
        if type == "record.retracted.v1":
            taken_back.add(data["target"])
        elif type == "record.corrected.v1" and data["target"] == str(item["thing"]):
            text: str | None = data["corrected"].get("text")
            return text
    sent: str | None = history[0]["report"]["data"].get("text") if history else None
    return sent
