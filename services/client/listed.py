"""What of a file a watch list lacks: its new lines, those that say something else now, those that are gone.

A line's report id holds a digest of what names the line, how often it was written, and a digest of what it says. So the
list's own log tells what it holds without being understood, and loading a file again posts nothing.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

SOURCE = "/vcp/list"
PUBLISHED, CORRECTED, RETRACTED = "listing.published.v1", "record.corrected.v1", "record.retracted.v1"
_TURN = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line as the file has it."""

    line: int
    key: str
    digest: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One report that brings the list up to the file."""

    line: int
    """In the file; 0 for what is taken off."""
    id: str
    type: str
    said: Mapping[str, Any]


def digest(value: Any, *, salt: str) -> str:
    """A short digest. The list's code is in it, so that two lists cannot be laid side by side."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return blake2b(f"{salt}\n{written}".encode(), digest_size=12).hexdigest()


class Held:
    """What the list holds, on disk: a list may have more lines than fit into memory."""

    def __init__(self) -> None:
        # An empty name is a file of SQLite's own that vanishes when it is closed.
        self._rows = sqlite3.connect("")
        self._rows.execute("pragma journal_mode = off")
        self._rows.execute(
            "create table line "
            "(key text primary key, thing text, times integer not null, digest text, file_line integer)"
        )
        self._rows.execute("create index line_of_thing on line (thing)")

    def close(self) -> None:
        self._rows.close()

    def take(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """The entries of the list's log, in their order."""
        for entry in entries:
            report = entry["report"]
            ours = report["id"].split(".") if report["source"] == SOURCE else []
            match report["type"]:
                case "listing.published.v1" if len(ours) == 3:
                    values = (ours[0], entry["thing"], int(ours[1]), ours[2])
                    self._rows.execute("insert or replace into line values (?, ?, ?, ?, null)", values)
                case "record.corrected.v1":
                    # What somebody changed by hand says what no file said.
                    said = ours[2] if len(ours) == 3 else ""
                    times = int(ours[1]) if said else 0
                    self._rows.execute(
                        "update line set digest = ?, times = max(times + 1, ?) where thing = ?",
                        (said, times, entry["thing"]),
                    )
                case "record.retracted.v1" if report["data"]["target"] == entry["thing"]:
                    self._rows.execute("update line set thing = null where thing = ?", (entry["thing"],))
                case "record.retracted.v1":
                    self._rows.execute("update line set digest = '' where thing = ?", (entry["thing"],))

    def step(self, wanted: Wanted) -> Step | int | None:
        """What the list lacks of a line; None where it lacks nothing; a number where that line of the file had it."""
        found = self._rows.execute(
            "select thing, times, digest, file_line from line where key = ?", (wanted.key,)
        ).fetchone()
        thing, times, said, earlier = found or (None, 0, None, None)
        if earlier is not None:
            return int(earlier)
        if thing is not None and said == wanted.digest:
            self._note(wanted, thing, times)
            return None
        id = f"{wanted.key}.{times + 1}.{wanted.digest}"
        self._note(wanted, thing, times + 1)
        if thing is None:
            return Step(wanted.line, id, PUBLISHED, wanted.said)
        about = {"target": thing, "corrected": dict(wanted.said), "reason": "The list says something else now."}
        return Step(wanted.line, id, CORRECTED, about)

    def gone(self) -> Iterator[Step]:
        """What the list holds and the file does not; to be asked when the whole file was seen."""
        rows = self._rows.execute("select key, thing, times from line where thing is not null and file_line is null")
        while turn := rows.fetchmany(_TURN):
            for key, thing, times in turn:
                yield Step(0, f"{key}.{times}.off", RETRACTED, {"target": thing, "reason": "wrong"})

    def _note(self, wanted: Wanted, thing: str | None, times: int) -> None:
        values = (wanted.key, thing, times, wanted.digest, wanted.line)
        self._rows.execute("insert or replace into line values (?, ?, ?, ?, ?)", values)
