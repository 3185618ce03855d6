"""Posts the reports of one file: in turns as large as may be, with the versions that commands need."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from services.client.answers import Refused, answered, told
from services.client.order import in_order_of_history
from services.client.reading import FileLine, lines_of
from services.client.sending import Result, send_each, send_whole
from services.client.stated import Stated, stated, with_version
from services.client.versions import Version, Versions

MOST_LINES = 500
MOST_BYTES = 8 * 2**20
LARGEST_WHOLE = 1000
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds, before anything is posted."""

    lines: int
    named: frozenset[UUID]
    """What commands change whose version is still to be found."""


def survey(file: Path, *, operation: str) -> Survey:
    """Reads the whole file once. Raises Unreadable."""
    lines, named = 0, set()
    for line in lines_of(file):
        lines += 1
        one = stated(line, operation=operation, agency=None)
        if one.needs_version and one.changes is not None:
            named.add(one.changes)
    return Survey(lines, frozenset(named))


class FilePost:
    """One posting of one file. Nothing is kept between two: the log itself knows what it has."""

    def __init__(self, client: httpx.Client, operation: str, *, atomic: bool, imported: bool) -> None:
        self._client = client
        self._operation = operation
        self._atomic = atomic
        self._imported = imported

    def results(self, file: Path, found: Survey) -> Iterator[tuple[FileLine, Result]]:
        """Each line with what became of it. Raises Refused, Unreadable, and httpx.TransportError."""
        needs_agency = bool(found.named) or self._imported
        agency = _agency(self._client, self._operation) if needs_agency else None
        lines: Iterable[Stated] = (stated(line, operation=self._operation, agency=agency) for line in lines_of(file))
        if self._imported:
            if agency is None:
                raise Refused("History comes in order by a token that may read the operation; this one may not.")
            lines = in_order_of_history(list(lines))
        versions = Versions(self._client, self._operation, named=found.named)
        if self._atomic:
            if found.lines > LARGEST_WHOLE:
                raise Refused(f"At most {LARGEST_WHOLE} reports are stored as one.")
            yield from self._whole(list(lines), versions)
            return
        for turn in _turns(lines, versions):
            yield from self._post(turn, versions)

    def _whole(self, lines: list[Stated], versions: Versions) -> Iterator[tuple[FileLine, Result]]:
        for one in lines:
            if one.line.fault is not None:
                raise Refused(f"Line {one.line.line}: {one.line.fault} Nothing was stored.")
        ready = [self._ready(one, versions)[0] for one in lines]
        results = send_whole(self._client, self._operation, ready, imported=self._imported) if ready else []
        yield from zip((one.line for one in lines), results, strict=True)

    def _post(self, turn: list[Stated], versions: Versions) -> Iterator[tuple[FileLine, Result]]:
        for one in turn:
            if one.line.fault is not None:
                yield one.line, _unreadable(one.line.fault)
        turn = [one for one in turn if one.line.fault is None]
        for look in range(1, _LOOKS + 1):
            ready = [self._ready(one, versions, anew=look > 1) for one in turn]
            lines = [line for line, _ in ready]
            results = send_each(self._client, self._operation, lines, imported=self._imported) if lines else []
            again = []
            for one, (_, version), result in zip(turn, ready, results, strict=True):
                if result["status"] == 412 and version is not None and not version.ours and look < _LOOKS:
                    again.append(one)
                    continue
                if "receipt" in result:
                    versions.learn(one, result)
                yield one.line, result
            turn = again
            if not turn:
                return

    def _ready(self, one: Stated, versions: Versions, *, anew: bool = False) -> tuple[FileLine, Version | None]:
        """A line as it is posted; what has no version to be found goes as it is, and the gateway says why not."""
        if not one.needs_version or one.changes is None:
            return one.line, None
        version = versions.asked(one.changes) if anew else versions.version(one.changes)
        return (with_version(one.line, version.etag), version) if version is not None else (one.line, None)


def _turns(lines: Iterable[Stated], versions: Versions) -> Iterator[list[Stated]]:
    """Cuts before a command whose thing is still under way: its version comes with the receipt."""
    turn: list[Stated] = []
    under_way: set[UUID] = set()
    size = 0
    for one in lines:
        size += len(one.line.body)
        full = len(turn) == MOST_LINES or size > MOST_BYTES
        if turn and (full or (one.needs_version and _concerned(one, versions) & under_way)):
            yield turn
            turn, under_way, size = [], set(), len(one.line.body)
        turn.append(one)
        under_way |= {one.entry} if one.entry is not None else set()
        under_way |= _concerned(one, versions) if not one.beside else set()
    if turn:
        yield turn


def _concerned(one: Stated, versions: Versions) -> set[UUID]:
    """What a command names, and the thing to which that belongs."""
    if one.changes is None:
        return set()
    thing = versions.thing(one.changes)
    return {one.changes, thing} if thing is not None else {one.changes}


def _unreadable(fault: str) -> Result:
    """What the gateway would answer, had there been anything to send."""
    problem = {"type": "/problems/malformed", "title": "This cannot be read", "status": 400, "detail": fault}
    return {"status": 400, "problem": problem}


def _agency(client: httpx.Client, operation: str) -> str | None:
    """As whom the token posts; None when it may not read."""
    answer = answered(lambda: client.get("/v1/operations"))
    if answer.status_code == 403:
        return None
    if answer.status_code != 200:
        raise Refused(told(answer))
    return next((one["agency"] for one in answer.json()["items"] if one["operation"] == operation), None)
