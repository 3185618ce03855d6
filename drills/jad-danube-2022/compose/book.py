"""The drill's reports while they are composed: kept by day, written as one file a day."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

# Vienna's clock without its offset, as the drill's files have it.
FIRST_DAY = datetime(2022, 6, 24)
DAYS = 11
LAST_REPORT = datetime(2022, 7, 4, 21, 0)
# How busy each hour of a day is: the morning shift, the afternoon, the hours before midnight, a thin night.
_HOURS = [2, 2, 1, 1, 2, 3, 6, 8, 8, 7, 6, 5, 5, 5, 6, 7, 7, 6, 5, 5, 6, 8, 8, 5]


class Book:
    """Takes reports in any order; a day's file holds them in the order of posting."""

    def __init__(self) -> None:
        self._days: dict[str, list[tuple[datetime, str]]] = defaultdict(list)

    def add(
        self,
        at: datetime,
        *,
        by: str,
        type: str,
        id: str,
        data: dict[str, Any],
        occurred: datetime | list[datetime] | None = None,
    ) -> str:
        """Note a report; its id, as others name it."""
        line: dict[str, Any] = {"at": _spelt(at), "by": by, "type": type, "id": id}
        if isinstance(occurred, list):
            line["occurred"] = [_spelt(one) for one in occurred]
        elif occurred is not None:
            line["occurred"] = _spelt(occurred)
        line["data"] = data
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        self._days[f"{at:%Y-%m-%d}"].append((at.replace(second=0), text))
        return f"@{id}"

    def files(self) -> dict[str, str]:
        """File name -> text."""
        return {
            f"{day}.ndjson": "".join(f"{text}\n" for _, text in sorted(lines, key=lambda line: line[0]))
            for day, lines in sorted(self._days.items())
        }

    def write(self, folder: Path) -> None:
        for name, text in self.files().items():
            (folder / name).write_text(text, encoding="utf-8")


def chance_of(part: str) -> Random:
    """Each part draws from its own sequence, so a change of one leaves the others as they are."""
    return Random(f"jad-danube-2022 {part}")  # noqa: S311 (invented data, and the same at each run)


def some_minute(chance: Random, day: int, *, before: int = 24) -> datetime:
    """A minute of the operation's day, more likely in a busy hour; `before` an hour of the clock."""
    hour = chance.choices(range(before), weights=_HOURS[:before])[0]
    return FIRST_DAY + timedelta(days=day, hours=hour, minutes=chance.randrange(60))


def later(chance: Random, moment: datetime, *, least: int, most: int) -> datetime:
    """Some minutes after, and never after the last report of the drill."""
    return min(moment + timedelta(minutes=chance.randint(least, most)), LAST_REPORT)


def _spelt(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"
