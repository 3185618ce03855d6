"""The fence around a closed operation: its stream takes only the types that go on, so no fact can slip in behind.

The type is part of an entry's subject, and which subjects a stream takes can be changed. So it is the log itself that
refuses, whichever gateway asks and however old its knowledge is; posting costs nothing more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from schemas.event import REGISTER
from schemas.subjects import log_prefix, stream_name, thing_filter, type_filter
from services.shared.connection import Connection
from services.shared.jetstream import ApiRefused, call, read_certainly, stream_info
from services.shared.lines import thing_of
from services.shared.refusals import LogUnavailable


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Of an operation, as its log says."""

    closing: int
    """The position of the last entry that closed it; 0 without one."""
    is_closed: bool
    is_archived: bool


def subjects(operation: str, *, closed: bool) -> list[str]:
    """What the stream takes: everything, or what goes on after closing, and the closing itself."""
    if not closed:
        return [log_prefix(operation)]
    return sorted(
        type_filter(operation, name) for name, event in REGISTER.items() if event.after_closing or event.closes_log
    )


def is_ours(operation: str, found: Collection[str]) -> bool:
    """Whether these are subjects of this operation alone."""
    root = log_prefix(operation).removesuffix(">")
    return bool(found) and all(subject.startswith(root) for subject in found)


def lets_in(config: dict[str, Any], operation: str, type: str) -> bool:
    """Whether a stream takes entries of a type."""
    return not {log_prefix(operation), type_filter(operation, type)}.isdisjoint(config["subjects"])


async def put(connection: Connection, operation: str, *, closed: bool) -> None:
    """Puts the fence up, or takes it away. The stream's other settings stay as they are; fine when it is done."""
    config = (await stream_info(connection, operation))["config"]
    wanted = subjects(operation, closed=closed)
    if sorted(config["subjects"]) == wanted:
        return
    try:
        await call(connection, f"STREAM.UPDATE.{stream_name(operation)}", config | {"subjects": wanted})
    except ApiRefused as refused:
        raise LogUnavailable(str(refused)) from refused


async def lifecycle(connection: Connection, operation: str) -> Lifecycle:
    """What the log says of its operation, read from the one that orders it."""
    first = await read_certainly(connection, operation, {"seq": 1})
    if first is None:
        return Lifecycle(0, is_closed=False, is_archived=False)
    # All these entries are of the operation, which is a thing like others: its id stands before the wildcards.
    try:
        thing = thing_of(first.body)
    except ValueError:
        raise LogUnavailable("the first entry of the log cannot be read") from None
    closed, reopened, archived = 0, 0, 0
    for name, event in REGISTER.items():
        if event.closes_log or event.reopens_log:
            found = await read_certainly(connection, operation, {"last_by_subj": thing_filter(operation, thing, name)})
            position = found.position if found else 0
            closed = max(closed, position) if event.closes_log else closed
            reopened = max(reopened, position) if event.reopens_log else reopened
            archived = max(archived, position) if event.seals_log else archived
    return Lifecycle(closed, is_closed=closed > reopened, is_archived=archived > 0)
