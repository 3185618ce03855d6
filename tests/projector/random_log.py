"""Logs to test with: written line by line as the door writes them, or made up at random."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER, Event, secrets
from schemas.subjects import entry_id
from services.projector.particulars import without_sealed
from services.shared.lines import Head, Line, read_line, write_line
from services.shared.records import Stored

OPERATION = "drill-of-tests"
BEGIN = datetime(2022, 6, 24, 6, tzinfo=UTC)
AGENCIES = ("AT", "BA", "HR", "FRONTEX", "MD")


class WrittenLog:
    """A log in memory, in which every entry has its position."""

    def __init__(self, operation: str = OPERATION) -> None:
        self.operation = operation
        self.stored: list[Stored] = []
        self.data: dict[UUID, dict[str, Any]] = {}
        """What each entry says, sealed."""

    def post(
        self,
        event: type[Event],
        *,
        by: str = "BA",
        thing: UUID | None = None,
        at: datetime | None = None,
        **members: Any,
    ) -> UUID:
        """Append the type's example with these members instead of its own; the entry's id."""
        position = len(self.stored) + 1
        entry = entry_id(self.operation, agency=by, source="/tests", id=str(position))
        data = {**event.example(), **members}
        if event.changes and event.changes not in members:
            data[event.changes] = str(thing)
        thing = thing or entry
        self.data[entry] = seal(event, data)
        report = {
            "specversion": "1.0",
            "id": str(position),
            "source": "/tests",
            "type": event.type,
            "data": self.data[entry],
        }
        head = Head(
            entry=str(entry),
            operation=self.operation,
            thing=str(thing),
            agency=by,
            actor="system",
            recorded_at=(at or BEGIN + timedelta(minutes=position)).isoformat(),
            digest="",
        )
        body = write_line(json.dumps(report, default=str).encode(), head)
        self.stored.append(Stored(position, body))
        return entry

    def lines(self, until: int | None = None) -> list[Line]:
        return [read_line(stored.position, stored.body) for stored in self.stored[:until]]


def seal(event: type[Event], data: dict[str, Any]) -> dict[str, Any]:
    """What stays in an entry's `data` once the door has sealed it."""
    return without_sealed(json.loads(json.dumps(data, default=str)), secrets(event))


def random_log(size: int, *, seed: int, operation: str = OPERATION, handling_changes: bool = False) -> WrittenLog:
    """Openings, commands, corrections and retractions of all sorts, also of each other."""
    random = Random(seed)
    log = WrittenLog(operation)
    log.post(REGISTER["operation.created.v1"], by="FRONTEX", code=operation)
    openings = [
        event
        for event in REGISTER.values()
        if event.changes is None and not event.type.startswith(("operation.", "participant.", "phase."))
    ]
    commands: dict[str, list[type[Event]]] = {}
    for event in REGISTER.values():
        # What may be done to any record has its share of its own below.
        if event.changes and event.changes != "target":
            commands.setdefault(event.changes, []).append(event)
    histories: dict[UUID, list[UUID]] = {}
    events: dict[UUID, type[Event]] = {}
    while len(log.stored) < size:
        if not histories or random.random() < 0.45:
            event = random.choice(openings)
            entry = log.post(event, by=random.choice(AGENCIES), **_variation(event, random))
            histories[entry] = [entry]
            events[entry] = event
            continue
        thing = random.choice(list(histories)[-40:])
        target = random.choice(histories[thing])
        possible = commands.get(events[thing].opens or "", [])
        dice = random.random()
        if dice < 0.55 and possible:
            event = random.choice(possible)
            entry = log.post(event, by=random.choice(AGENCIES), thing=thing, **_variation(event, random))
        elif dice < 0.75:
            corrected = events[target]
            event = REGISTER["record.corrected.v1"]
            data = {**log.data[target], **_variation(corrected, random)}
            entry = log.post(event, thing=thing, target=str(target), corrected=seal(corrected, data))
        elif dice < 0.95 or not handling_changes:
            event = REGISTER["record.retracted.v1"]
            entry = log.post(event, thing=thing, target=str(target), reason="wrong")
        else:
            event = REGISTER["handling.changed.v1"]
            narrower = {"scope": "named", "agencies": random.sample(AGENCIES, 2)}
            entry = log.post(
                event, thing=thing, target=str(target), new_audience=narrower, new_handling={"codes": ["H1"]}
            )
        histories[thing].append(entry)
        events[entry] = event
    return log


def _variation(event: type[Event], random: Random) -> dict[str, Any]:
    """Other values than the example's, where the type has them."""
    varied: dict[str, Any] = {
        "in_scope": random.random() < 0.8,
        "occurred": {
            "from": (BEGIN - timedelta(minutes=random.randrange(3000))).isoformat(),
            "precision": "minute",
        },
    }
    if isinstance(event.example().get("count"), int):
        varied["count"] = random.randrange(1, 5)
    if event.type == "hit.verified.v1":
        varied["outcome"] = random.choice(["confirmed", "refuted", "undetermined"])
    if event.type == "thb_case.updated.v1":
        varied["status"] = random.choice(["suspected", "confirmed", "refuted"])
    if event.type == "seizure.revised.v1":
        varied["quantity"] = {"value": random.randrange(1, 100), "unit": "KGM"}
    return varied
