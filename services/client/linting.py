"""What is wrong with the reports of a file before they are posted, in the words of the door."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from services.client.reading import lines_of
from services.reading.faults import pointer
from services.reading.problems import Fault, Problem
from services.reading.reports import Posted, read_report

_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One fault of a file."""

    line: int
    pointer: str
    said: str


def faults_in(file: Path) -> Iterator[Found]:
    """Every fault, by line; rights and versions only the gateway knows. Raises Unreadable."""
    first_with_id: dict[bytes, tuple[int, bytes]] = {}
    for line in lines_of(file):
        if line.fault is not None:
            yield Found(line.line, "", line.fault)
            continue
        try:
            posted = read_report(line.body)
        except Problem as refused:
            for fault in refused.faults or [Fault(pointer="", detail=refused.detail)]:
                yield Found(line.line, fault["pointer"], _said(fault))
            continue
        content = sha256(posted.content).digest()
        first, other = first_with_id.setdefault(_identity(posted), (line.line, content))
        if other != content:
            yield Found(line.line, pointer("id"), f"Line {first} has this id with other content.")


def _identity(posted: Posted) -> bytes:
    return sha256(f"{posted.envelope.source}\n{posted.envelope.id}".encode()).digest()


def _said(fault: Fault) -> str:
    accepted = fault.get("accepted", ())
    if not accepted or len(accepted) > _MOST_NAMED:
        return fault["detail"]
    return f"{fault['detail']} Accepted: {', '.join(accepted)}."
