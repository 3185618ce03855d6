"""Asks an agency about everybody and everything in a file, through the one door, and collects the answers."""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import httpx

from services.client.answers import Refused, told
from services.client.blocks import Block, NoBlock, block
from services.client.following import follow
from services.client.log import whole_log
from services.client.posting import FilePost, survey
from services.client.rows import Row, rows_of

SOURCE = "/vcp/questions"
PURPOSE = "answers to cross-checks"
KINDS = {
    "subject": "person",
    "organisation": "organisation",
    "document": "document",
    "vehicle": "vehicle",
    "phone": "phone",
}
_ENDS = {
    "cross_check.resulted.v1": "answered",
    "cross_check.declined.v1": "declined",
    "cross_check.acknowledged.v1": "with a person",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """How all questions of a file are asked."""

    operation: str
    target: str
    category: str
    purpose: str
    urgency: str
    audience: Mapping[str, Any]
    handling: Sequence[str]


@dataclass(slots=True)
class Question:
    """One row that was asked, and what came of it so far."""

    line: int
    state: str = "open"
    answer: Mapping[str, Any] = field(default_factory=dict)
    hits: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not asked."""

    line: int
    problem: Any


class Answers:
    """The questions of a file by their entries, with what the log says of each."""

    def __init__(self) -> None:
        self.questions: dict[str, Question] = {}

    @property
    def open(self) -> int:
        return sum(one.state == "open" for one in self.questions.values())

    def take(self, entry: Mapping[str, Any]) -> bool:
        """An entry of the log; whether it ends a question."""
        type, data = entry["report"]["type"], entry["report"]["data"]
        if type == "hit.raised.v1":
            asked = self.questions.get(data.get("result_of") or "")
            if asked is not None:
                asked.hits.append({**data, "entry": entry["entry"]})
            return False
        asked = self.questions.get(data.get("check", "")) if type in _ENDS else None
        if asked is None:
            return False
        was_open = asked.state == "open"
        if was_open or type != "cross_check.acknowledged.v1":
            asked.state, asked.answer = _ENDS[type], data
        return was_open


def ask(client: httpx.Client, file: Path, how: Asking, answers: Answers) -> Iterator[Question | Fault]:
    """Asks each row once, however often the file is given. Raises Refused, Unreadable, and httpx.TransportError."""
    moment = datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(microsecond=0)
    with TemporaryDirectory(prefix="vcp-questions-") as folder:
        reports, lines = Path(folder) / "reports.ndjson", array("Q")
        earlier: dict[bytes, int] = {}
        with reports.open("w", encoding="utf-8") as out:
            for row in rows_of(file):
                try:
                    report = _report(row, how, moment, earlier)
                except NoBlock as refused:
                    yield Fault(row.line, str(refused))
                    continue
                out.write(json.dumps(report, ensure_ascii=False) + "\n")
                lines.append(row.line)
        post = FilePost(client, how.operation, atomic=False, imported=False)
        for line, result in post.results(reports, survey(reports, operation=how.operation)):
            place = lines[line.line - 1]
            if "problem" in result:
                yield Fault(place, result["problem"])
                continue
            asked = answers.questions[result["receipt"]["entry"]] = Question(place)
            yield asked


def collect(client: httpx.Client, how: Asking, answers: Answers, *, patience_seconds: float) -> Iterator[int]:
    """How many questions are open still, until none is, or nothing was answered for so long."""
    path = f"/v1/operations/{how.operation}"
    page = client.get(f"{path}/events", params={"limit": 1})
    if page.status_code != 200:
        raise Refused(told(page))
    for entry in whole_log(client, how.operation, purpose=PURPOSE):
        answers.take(entry)
    heard_at, still = monotonic(), answers.open
    yield still
    if not still:
        return
    for frame in follow(client, f"{path}/live", {"cursor": page.json()["tail"]}):
        if frame.event == "entry" and answers.take(frame.data):
            heard_at, still = monotonic(), still - 1
            yield still
        if not still or monotonic() - heard_at > patience_seconds or frame.event == "resync":
            return


def _report(row: Row, how: Asking, moment: datetime, earlier: dict[bytes, int]) -> dict[str, Any]:
    if row.fault is not None:
        raise NoBlock(row.fault)
    about = block({"category": how.category, **row.said})
    written = sha256(json.dumps([about, how.target], sort_keys=True, ensure_ascii=False).encode()).digest()
    first = earlier.setdefault(written[:12], row.line)
    if first != row.line:
        raise NoBlock(f"This asks what line {first} asks.")
    data = {
        "occurred": {"from": moment.isoformat(), "precision": "minute"},
        "audience": how.audience,
        "handling": {"codes": list(how.handling)},
        "target": how.target,
        "subject_kind": KINDS[about.sort],
        "subject_category": _category(about, how),
        "purpose": how.purpose,
        "urgency": how.urgency,
        about.sort: about.said,
    }
    return {
        "specversion": "1.0",
        "id": written.hex(),
        "source": SOURCE,
        "type": "cross_check.requested.v1",
        "time": moment.isoformat(),
        "data": data,
    }


def _category(about: Block, how: Asking) -> str:
    if isinstance(about.said, dict) and about.sort in ("subject", "organisation"):
        return str(about.said.get("subject_category", how.category))
    return how.category
