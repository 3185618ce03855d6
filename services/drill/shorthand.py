"""The short spellings of a drill's files: times without offset, and `@id` for another report's entry."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

REFERENCE = "@"


def names_in(value: Any) -> Iterator[str]:
    """The ids of the other reports that a value names."""
    if isinstance(value, str) and value.startswith(REFERENCE):
        yield value.removeprefix(REFERENCE)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_in(inner)


def resolved(value: Any, *, ids: dict[str, UUID]) -> Any:
    """The value with each named report's entry id in its place."""
    if isinstance(value, str) and value.startswith(REFERENCE):
        return str(ids[value.removeprefix(REFERENCE)])
    if isinstance(value, dict):
        return {name: resolved(inner, ids=ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, ids=ids) for inner in value]
    return value


def occurred(stated: str | list[str], *, offset: str, own_offset: str) -> dict[str, str]:
    """`2022-06-24T09:40` is a minute, `2022-06-24` a day, two of them a period."""
    if isinstance(stated, list):
        begin, end = (spelt(moment(one, offset=offset), offset=own_offset) for one in stated)
        return {"from": begin, "to": end, "precision": "period"}
    precision = "minute" if "T" in stated else "day"
    return {"from": spelt(moment(stated, offset=offset), offset=own_offset), "precision": precision}


def moment(text: str, *, offset: str) -> datetime:
    """A time of the drill's files, which is the operation's own."""
    return datetime.fromisoformat(text).replace(tzinfo=_zone(offset))


def spelt(moment: datetime, *, offset: str) -> str:
    """A time as an agency's own clock shows it: several participants are an hour ahead of Vienna."""
    return moment.astimezone(_zone(offset)).isoformat()


def _zone(offset: str) -> timezone:
    hours, minutes = offset[1:].split(":")
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-span if offset.startswith("-") else span)
