"""What waits for one agency: things whose next step the door would take from it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from schemas.event import By, Event
from schemas.events.cross_check import CrossCheckResulted
from schemas.events.document_opinion import DocumentOpinionGiven
from schemas.events.duplicate import DuplicateConfirmed
from schemas.events.hit import HitActioned, HitVerified
from schemas.events.information import InformationAnswered
from schemas.events.permission import PermissionGranted
from schemas.events.task import TaskCompleted
from services.gateway.offers import Asking, probe
from services.gateway.picture import Picture
from services.gateway.policy import Concerned
from services.shared.tables import things

MOST = 500


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of thing in a state, and what is to be said next."""

    kind: str
    states: tuple[str, ...]
    next: type[Event]
    by_owner: bool = False
    """Others may take this step too; it waits for who opened the thing."""


STEPS = (
    Step("hit", ("raised",), HitVerified),
    Step("hit", ("confirmed",), HitActioned, by_owner=True),
    Step("check", ("requested", "acknowledged"), CrossCheckResulted),
    Step("request", ("requested",), InformationAnswered),
    Step("pair", ("suggested",), DuplicateConfirmed),
    Step("permission", ("requested",), PermissionGranted),
    Step("task", ("assigned",), TaskCompleted),
    Step("opinion", ("requested",), DocumentOpinionGiven),
)


async def waiting_for(asking: Asking, picture: Picture) -> list[dict[str, Any]]:
    """Things that wait for the caller, oldest first; at most MOST of them."""
    columns = things.c
    wanted = or_(*(and_(columns.kind == step.kind, columns.state.in_(step.states)) for step in STEPS))
    query = select(things).where(picture.true_then(things), wanted).order_by(columns.recorded_at, columns.key)
    found = []
    for row in await picture.rows(query):
        step = await _step(asking, picture, row)
        if step is not None:
            found.append(_told(row, step))
        if len(found) == MOST:
            break
    return found


async def _step(asking: Asking, picture: Picture, row: dict[str, Any]) -> Step | None:
    detail = row["detail"]
    posters, parties = tuple(detail["posters"]), detail.get("parties") or {}
    for step in STEPS:
        if step.kind != row["kind"] or row["state"] not in step.states:
            continue
        if step.by_owner and asking.caller.agency not in posters:
            continue
        if By.CONCERNED in step.next.posted_by:
            parties = {**parties, By.CONCERNED.value: await _owners(asking, picture, row)}
        concerned = Concerned(posters, posters, row["audience_id"], parties, row["country"])
        if asking.would_post(probe(step.next), concerned):
            return step
    return None


async def _owners(asking: Asking, picture: Picture, row: dict[str, Any]) -> list[str]:
    """Who owns the records that a pair or a request for permission speaks of."""
    viewer = picture.viewer
    opening = await asking.targets.find(viewer.operation, row["key"], tokens=viewer.tokens, by_entry=False)
    owners: set[str] = set()
    for record in opening.line.event.about if opening else ():
        found = await asking.targets.find(viewer.operation, record, tokens=viewer.tokens, by_entry=False)
        owners.update(found.concerned.posters if found else ())
    return sorted(owners)


def _told(row: dict[str, Any], step: Step) -> dict[str, Any]:
    told = ("kind", "state", "headline", "agency", "country", "occurred_at", "recorded_at")
    return {
        "thing": row["key"],
        **{name: row[name] for name in told},
        "next": {"type": step.next.type, "title": step.next.title},
    }
