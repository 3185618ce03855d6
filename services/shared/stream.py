"""An operation's stream: how it is made, compared, listed and sealed, and never updated blindly."""

from collections.abc import Collection
from typing import Any

from schemas.subjects import ROOT, stream_name
from services.shared.connection import Connection
from services.shared.fence import is_ours, subjects
from services.shared.jetstream import NO_SUCH_STREAM, ApiRefused, call, stream_info
from services.shared.refusals import LogRefused, LogUnavailable, NoSuchOperation

PREFIX = stream_name("")
DUPLICATE_WINDOW_SECONDS = 120.0
_NANOSECONDS = 1_000_000_000
_STORAGE_RESERVED = {10023, 10028, 10047}  # insufficient resources, in three places of the server
_TOO_FEW_PEERS = 10005  # of a cluster are up now
_NAME_IN_USE = 10058


def definition(operation: str, *, max_bytes: int, replicas: int, duplicate_window: float) -> dict[str, Any]:
    """What the stream must be: it keeps everything, and when it is full it refuses instead of forgetting."""
    return {
        "name": stream_name(operation),
        "subjects": subjects(operation, closed=False),
        "retention": "limits",
        "storage": "file",
        "discard": "new",
        "max_bytes": max_bytes,
        "max_age": 0,
        "max_msgs": -1,
        "max_msgs_per_subject": -1,
        "max_consumers": -1,
        "num_replicas": replicas,
        "duplicate_window": int(duplicate_window * _NANOSECONDS),
        "deny_delete": True,
        "deny_purge": True,
        "allow_rollup_hdrs": False,
        "allow_direct": True,
        "allow_atomic": True,
    }


async def create(connection: Connection, wanted: dict[str, Any], *, adjustable: Collection[str] = ()) -> bool:
    """Make the stream if there is none; True when it is new. Raises LogRefused when there is another one.

    `adjustable`: in what it may be another.
    """
    try:
        found = await call(connection, f"STREAM.INFO.{wanted['name']}")
    except ApiRefused as refused:
        if refused.err_code != NO_SUCH_STREAM:
            raise LogUnavailable(str(refused)) from refused
    else:
        _compare(_without(wanted, adjustable), found["config"])
        return False
    try:
        made = await call(connection, f"STREAM.CREATE.{wanted['name']}", wanted)
    except ApiRefused as refused:
        if refused.err_code in _STORAGE_RESERVED:
            raise LogUnavailable("the server has no room for another log of VCP_LOG_BYTES") from refused
        if refused.err_code == _TOO_FEW_PEERS:
            raise LogUnavailable("too few servers are up for another log") from refused
        if refused.err_code == _NAME_IN_USE:
            # Somebody made it meanwhile, with another configuration.
            found = await call(connection, f"STREAM.INFO.{wanted['name']}")
            _compare(_without(wanted, adjustable), found["config"])
            return False
        raise LogRefused(str(refused)) from refused
    _compare(wanted, made["config"])
    return True


async def operations(connection: Connection) -> list[str]:
    """The operations that have a log, in alphabetical order. Raises LogUnavailable."""
    names: list[str] = []
    while True:
        try:
            answer = await call(connection, "STREAM.NAMES", {"offset": len(names), "subject": f"{ROOT}.>"})
        except ApiRefused as refused:
            raise LogUnavailable(str(refused)) from refused
        page = answer.get("streams") or []
        names += page
        if not page or len(names) >= answer["total"]:
            return sorted(name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX))


async def seal(connection: Connection, operation: str) -> None:
    """Close the stream for ever. Its other settings stay as they are."""
    config = (await stream_info(connection, operation))["config"]
    try:
        await call(connection, f"STREAM.UPDATE.{stream_name(operation)}", config | {"sealed": True})
    except ApiRefused as refused:
        if refused.err_code == NO_SUCH_STREAM:
            raise NoSuchOperation(operation) from refused
        raise LogUnavailable(str(refused)) from refused


def _without(wanted: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if name not in names}


def _compare(wanted: dict[str, Any], found: dict[str, Any]) -> None:
    operation = wanted["name"].removeprefix(PREFIX)
    if is_ours(operation, found.get("subjects") or ()):
        # A closed operation's log takes fewer, and is the same log.
        found = found | {"subjects": wanted["subjects"]}
    # The server leaves out what is false or nothing.
    differing = [
        f"{name} is {found.get(name)!r} and not {value!r}"
        for name, value in wanted.items()
        if (found.get(name) or None) != (value or None)
    ]
    # What would let the log forget or change, and is not part of our definition at all.
    differing += [f"{name} is set" for name in ("mirror", "sources", "allow_msg_ttl", "republish") if found.get(name)]
    if found.get("persist_mode") == "async":
        differing.append("persist_mode is 'async'")
    if differing:
        raise LogRefused(f"stream {wanted['name']}: {', '.join(differing)}")
