"""Reads a drill's folder: who takes part, and every report in full as it will be posted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER
from schemas.subjects import entry_id
from services.drill.shorthand import moment, names_in, occurred, resolved, spelt


class DrillUnreadable(Exception):
    """The folder holds no drill that can be played; the text names the report and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AgencyOfDrill:
    """An agency that takes part: what it must be added with, and the groups that its readers belong to."""

    code: str
    kind: str
    country: str | None
    name: str
    groups: tuple[str, ...]
    offset: str
    """Of its clock from UTC."""

    @property
    def source(self) -> str:
        return f"/{self.code.lower()}/drill"


@dataclass(frozen=True, slots=True)
class Posting:
    """One report, ready to be posted."""

    id: str
    agency: str
    type: str
    time: datetime
    report: dict[str, Any]
    entry: UUID
    thing: UUID
    needs_version: bool
    names: frozenset[UUID]
    """The entries that its data names: they must be in the log before it."""

    @property
    def body(self) -> bytes:
        return json.dumps(self.report, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Drill:
    """An operation to play: its reports in the order of posting. The first opens the operation."""

    operation: str
    agencies: tuple[AgencyOfDrill, ...]
    postings: tuple[Posting, ...]
    starts: datetime
    """When the operation's window opens; what comes before is preparation."""


def agencies(drill: Path) -> list[AgencyOfDrill]:
    """Who takes part, for whoever hands out the tokens beforehand."""
    return [AgencyOfDrill(**{**one, "groups": tuple(one["groups"])}) for one in _frame(drill)["agencies"]]


def published(drill: Path) -> list[dict[str, Any]]:
    """The figures that were published about the operation: `metric`, `title`, `published`."""
    return json.loads((drill / "published.json").read_text(encoding="utf-8"))["figures"]


def read_drill(drill: Path) -> Drill:
    """The whole drill, every reference resolved. Raises DrillUnreadable."""
    frame = _frame(drill)
    known = {agency.code: agency for agency in agencies(drill)}
    lines = sorted(_lines(drill), key=lambda line: line["at"])
    ids = _entry_ids(lines, operation=frame["operation"], known=known)
    things: dict[UUID, UUID] = {}
    postings = []
    for line in lines:
        posting = _posting(line, frame=frame, agency=known[line["by"]], ids=ids, things=things)
        things[posting.entry] = posting.thing
        postings.append(posting)
    starts = moment(frame["starts"], offset=frame["offset"])
    return Drill(frame["operation"], tuple(known.values()), tuple(postings), starts)


def _frame(drill: Path) -> dict[str, Any]:
    return json.loads((drill / "operation.json").read_text(encoding="utf-8"))


def _lines(drill: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((drill / "reports").glob("*.ndjson")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _entry_ids(lines: list[dict[str, Any]], *, operation: str, known: dict[str, AgencyOfDrill]) -> dict[str, UUID]:
    ids: dict[str, UUID] = {}
    for line in lines:
        id = line["id"]
        if id in ids:
            raise DrillUnreadable(f"{id}: two reports have this id")
        if line["by"] not in known:
            raise DrillUnreadable(f"{id}: {line['by']} is no agency of the drill")
        if line["type"] not in REGISTER:
            raise DrillUnreadable(f"{id}: the contract has no type {line['type']}")
        for name in names_in(line["data"]):
            if name not in ids:
                raise DrillUnreadable(f"{id}: names {name}, which is not posted before it")
        agency = known[line["by"]]
        ids[id] = entry_id(operation, agency=agency.code, source=agency.source, id=id)
    return ids


def _posting(
    line: dict[str, Any],
    *,
    frame: dict[str, Any],
    agency: AgencyOfDrill,
    ids: dict[str, UUID],
    things: dict[UUID, UUID],
) -> Posting:
    usual = {**frame["usual"]["every"], **frame["usual"].get(line["type"], {})}
    stated = line.get("occurred", line["at"])
    data = {
        "occurred": occurred(stated, offset=frame["offset"], own_offset=agency.offset),
        **resolved({**usual, **line["data"]}, ids=ids),
    }
    time = moment(line["at"], offset=frame["offset"])
    event = REGISTER[line["type"]]
    entry = ids[line["id"]]
    return Posting(
        id=line["id"],
        agency=agency.code,
        type=line["type"],
        time=time,
        report={
            "specversion": "1.0",
            "id": line["id"],
            "source": agency.source,
            "type": line["type"],
            "time": spelt(time, offset=agency.offset),
            "datacontenttype": "application/json",
            "data": data,
        },
        entry=entry,
        thing=things[UUID(data[event.changes])] if event.changes else entry,
        needs_version=event.changes is not None and not event.beside,
        names=frozenset(ids[name] for name in names_in(line["data"])),
    )
