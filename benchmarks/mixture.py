"""An invented operation of eleven days as operations are: its log at any length, and written straight into JetStream.

Openings of all sorts by sixteen agencies, answers some hundreds of entries later, so that of each queue little still
waits; daily aggregates, cumulative numbers, corrections, retractions, pairs, and what is for some agencies only.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from schemas.event import REGISTER
from services.shared.bus import Log, Record
from services.shared.lines import read_line
from services.shared.nats_rights import INSTALLER
from services.stack import Stack
from tests.projector.random_log import WrittenLog

AGENCIES = ("BA", "AT", "HR", "MD", "RO", "RS", "HU", "SI", "SK", "BG", "GR", "IT", "DE", "PL", "ES", "ME")
DAYS = timedelta(days=11)
_AT_ONCE = 1_000
_ARRESTED = ("smuggler", "smuggler", "smuggler", "fugitive", "courier", "document_offender", "irregular_migrant")
_RARE_COUNTRY, _RARE_CATEGORY = "CY", "trafficker"
_DATABASES = ("Nominals", "SLTD", "SMV", "SIS", "EIS", "national")
_SEIZED = ("cannabis", "cocaine", "heroin", "hashish", "amphetamine")
_OPENINGS = {
    "border_check.reported": 12,
    "arrest.made": 8,
    "hit.raised": 14,
    "cross_check.requested": 14,
    "seizure.made": 6,
    "vehicle.detected": 7,
    "document_fraud.detected": 7,
    "irregular_migration.detected": 5,
    "information.requested": 4,
    "task.assigned": 3,
    "message.sent": 6,
    "incident.reported": 3,
    "suspect.identified": 3,
    "thb_case.reported": 1,
    "victim.safeguarded": 1,
    "goods.detected": 2,
    "premises.searched": 2,
    "deployment.reported": 1,
    "nil_report.filed": 0.5,
    "alert.broadcast": 0.2,
    "sitrep.issued": 0.1,
    "duplicate.suggested": 0.2,
}


class _Writing:
    """A log that is being made up: what came last, and what is to come later."""

    def __init__(self, operation: str, entries: int, *, begin: datetime) -> None:
        self.log = WrittenLog(operation)
        self.random = Random(20220624)
        self._begin = begin
        self._step = DAYS / entries
        self._numbers = count()
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self.recent: dict[str, list[UUID]] = {name: [] for name in _OPENINGS}

    @property
    def now(self) -> datetime:
        return self._begin + len(self.log.stored) * self._step

    def post(self, name: str, *, by: str, **members: Any) -> UUID:
        happened = self.now - timedelta(minutes=self.random.expovariate(1 / 120))
        occurred = {"from": happened.isoformat(), "precision": "minute"}
        return self.log.post(REGISTER[f"{name}.v1"], by=by, at=self.now, **{"occurred": occurred, **members})

    def later(self, thing: UUID, name: str, *, by: str, **members: Any) -> None:
        """A command on the thing, some hundreds of entries from now."""
        at = len(self.log.stored) + self.random.randrange(100, 800)
        heappush(self._due, (at, next(self._numbers), lambda: self._command(thing, name, by, members)))

    def _command(self, thing: UUID, name: str, by: str, members: dict[str, Any]) -> None:
        self.post(name, by=by, thing=thing, **members)

    def catch_up(self) -> None:
        while self._due and self._due[0][0] <= len(self.log.stored):
            heappop(self._due)[2]()

    def open_one(self) -> None:
        random = self.random
        name = random.choices(list(_OPENINGS), list(_OPENINGS.values()))[0]
        agency = random.choice(AGENCIES)
        rare = random.random() < 0.0005
        country = _RARE_COUNTRY if rare else agency
        place = {
            "country": country,
            "crossing_point": f"{country}-{random.randrange(12)}",
            "latitude": random.uniform(38, 52),
            "longitude": random.uniform(10, 30),
        }
        members = self._members(name, rare=rare)
        if name not in _WITHOUT_PLACE:
            members["place"] = place
        if random.random() < 0.05:
            # What is for some alone: half of it the reader does not see.
            members["audience"] = {"scope": "named", "agencies": random.sample(AGENCIES[:6], 3)}
        thing = self.post(name, by=agency, **members)
        self.recent[name] = [*self.recent[name][-400:], thing]
        self._follow(name, thing, agency)

    def _members(self, name: str, *, rare: bool) -> dict[str, Any]:
        random = self.random
        everybody = {"audience": {"scope": "all"}}
        match name:
            case "arrest.made":
                led_by = self.recent["hit.raised"]
                links = [{"rel": "result_of", "target": str(random.choice(led_by))}] if led_by else []
                return {
                    "category": _RARE_CATEGORY if rare else random.choice(_ARRESTED),
                    "count": random.choice((1, 1, 1, 2, 3)),
                    "in_scope": random.random() < 0.8,
                    "phase": random.choice(("preparation", "operational", "operational", None)),
                    "links": links if random.random() < 0.4 else [],
                }
            case "hit.raised":
                return {"database": random.choice(_DATABASES), "object": random.choice(("person", "document"))}
            case "seizure.made":
                return {"category": random.choice(_SEIZED), "status": random.choice(("final", "pending_inventory"))}
            case "border_check.reported":
                return self._checks()
            case "information.requested":
                return {**everybody, "to": random.sample(AGENCIES, 2), "clock": random.choice(("8h", "3d", "7d"))}
            case "task.assigned":
                due_at = self.now + timedelta(hours=random.randrange(2, 48))
                return {"to": [random.choice(AGENCIES)], "due_at": due_at.isoformat()}
            case "alert.broadcast":
                return {"expires_at": (self.now + timedelta(hours=random.randrange(1, 72))).isoformat()}
            case "message.sent":
                return {**everybody, "to": [random.choice(AGENCIES)], "regarding": None}
            case "duplicate.suggested" if len(self.recent["arrest.made"]) > 2:
                a, b = random.sample(self.recent["arrest.made"], 2)
                return {"a": str(a), "b": str(b)}
            case "thb_case.reported" | "victim.safeguarded":
                return {**everybody, **({"case": None} if name == "victim.safeguarded" else {})}
        return {}

    def _checks(self) -> dict[str, Any]:
        """Increments, daily aggregates that include what was reported singly, and cumulative numbers."""
        begin = self.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        occurred = {
            "from": begin.isoformat(),
            "to": (begin + timedelta(hours=1)).isoformat(),
            "precision": "period",
        }
        search = {"covers": ["document"], "level": "database_search", "system": self.random.choice(_DATABASES)}
        first = {"covers": ["person"], "level": "first_line", "direction": "entry"}
        lines = [{**line, "quantity": self.random.randrange(5, 400)} for line in (first, search)]
        dice = self.random.random()
        if dice < 0.02:
            whole_day = {"from": (begin - timedelta(hours=23)).isoformat(), "to": occurred["to"], "precision": "period"}
            return {"occurred": whole_day, "lines": lines, "mode": "increment", "includes_itemised": True}
        mode = "cumulative_to_date" if dice < 0.12 else "increment"
        return {"occurred": occurred, "lines": lines, "mode": mode}

    def _follow(self, name: str, thing: UUID, agency: str) -> None:
        random = self.random
        dice = random.random()
        match name:
            case "hit.raised" if dice < 0.97:
                outcome = "confirmed" if dice < 0.7 else "refuted"
                self.later(thing, "hit.verified", by="INTERPOL", outcome=outcome)
                if dice < 0.5:
                    self.later(thing, "hit.actioned", by=agency)
            case "cross_check.requested" if dice < 0.97:
                outcome = "hit" if dice < 0.1 else "no_hit"
                hits = 1 if outcome == "hit" else 0
                self.later(thing, "cross_check.resulted", by="EUROPOL", outcome=outcome, hits=hits)
            case "information.requested" if dice < 0.9:
                everybody = {"scope": "all"}
                self.later(thing, "information.answered", by=random.choice(AGENCIES), audience=everybody)
            case "task.assigned" if dice < 0.95:
                self.later(thing, "task.completed", by=random.choice(AGENCIES))
            case "seizure.made" if dice < 0.6:
                quantity = {"value": random.randrange(1, 90), "unit": "KGM"}
                self.later(thing, "seizure.revised", by=agency, quantity=quantity)
            case "duplicate.suggested" if dice < 0.7:
                kept = self.log.data[thing]["a"]
                self.later(thing, "duplicate.confirmed", by="FRONTEX", kept=kept)
            case "vehicle.detected" if dice < 0.03:
                self.later(thing, "record.retracted", by=agency, target=str(thing))


_WITHOUT_PLACE = ("cross_check.requested", "information.requested", "task.assigned", "message.sent", "sitrep.issued")


def mixed_log(operation: str, entries: int, *, begin: datetime | None = None) -> WrittenLog:
    """The log of such an operation, which begins eleven days ago."""
    writing = _Writing(operation, entries, begin=begin or datetime.now(UTC) - DAYS)
    writing.post("operation.created", by="BA", code=operation, lead=["BA"], exercise=False)
    for agency in AGENCIES[1:]:
        members = {"agency": agency, "kind": "national", "country": agency, "role": "participant"}
        writing.post("participant.joined", by="BA", **members)
    while len(writing.log.stored) < entries:
        writing.catch_up()
        writing.open_one()
    return writing.log


def write_into(stack: Stack, log: WrittenLog) -> list[UUID]:
    """Appends a log as it stands, without the door; the entries' ids in their order."""
    return asyncio.run(_write(stack, log))


async def _write(stack: Stack, log: WrittenLog) -> list[UUID]:
    into = await Log.connect(stack.settings, name=INSTALLER)
    last: dict[UUID, int] = {}
    ids: list[UUID] = []
    try:
        await into.create(log.operation)
        for start in range(0, len(log.stored), _AT_ONCE):
            records = []
            for stored in log.stored[start : start + _AT_ONCE]:
                line = read_line(stored.position, stored.body)
                expected = last.get(line.thing, 0)
                last[line.thing] = stored.position
                ids.append(line.entry)
                type = line.event.type
                first = stored.position == 1
                records.append(
                    Record(str(line.thing), str(line.entry), line.agency, type, stored.body, expected, first=first)
                )
            await into.append_all(log.operation, records)
    finally:
        await into.close()
    return ids
