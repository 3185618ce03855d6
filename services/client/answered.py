"""The answers to a file of questions, as a file: a line for each hit, or for the question where there is none."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from services.client.asking import Question

COLUMNS = (
    *("line", "question", "state", "hits", "ask", "hit", "band", "bits", "because"),
    *("database", "owner", "record", "reference", "action"),
)
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def write(file: Path, questions: Iterable[tuple[str, Question]]) -> None:
    """Writes CSV, or NDJSON by the file's name. It repeats nothing of what was asked but where it stands."""
    with file.open("w", encoding="utf-8", newline="") as out:
        if file.suffix.lower() == ".ndjson":
            for entry, question in questions:
                out.write(json.dumps(_whole(entry, question), ensure_ascii=False) + "\n")
            return
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for entry, question in questions:
            writer.writerows(_rows(entry, question))


def _whole(entry: str, question: Question) -> dict[str, Any]:
    return {
        "line": question.line,
        "question": entry,
        "state": question.state,
        "hits": question.answer.get("hits"),
        "ask": question.answer.get("ask") or [],
        "found": [_hit(one) | {"reasons": (one.get("matched") or {}).get("reasons", [])} for one in question.hits],
    }


def _rows(entry: str, question: Question) -> Iterator[dict[str, Any]]:
    about = {
        "line": question.line,
        "question": entry,
        "state": question.state,
        "hits": question.answer.get("hits", ""),
        "ask": ";".join(question.answer.get("ask") or []),
    }
    if not question.hits:
        yield about
    for one in question.hits:
        yield about | _hit(one) | {"because": _because(one)}


def _hit(said: Any) -> dict[str, Any]:
    matched = said.get("matched") or {}
    found = {
        "hit": said["entry"],
        "band": matched.get("band"),
        "bits": matched.get("bits"),
        "database": said.get("database"),
        "owner": said.get("record_owner_country"),
        "record": said.get("record"),
        "reference": said.get("record_ref"),
        "action": said.get("requested_action"),
    }
    return {name: _as_text(value) for name, value in found.items() if value is not None}


def _as_text(value: Any) -> Any:
    """What a spreadsheet would take for a formula is text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA else value


def _because(said: Any) -> str:
    reasons = (said.get("matched") or {}).get("reasons", [])
    return "; ".join(f"{one['words']}: {one['bits']:+.1f}" for one in reasons)
