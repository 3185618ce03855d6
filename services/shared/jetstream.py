"""The JetStream API in the few calls that the log needs, with its refusals as exceptions."""

from base64 import b64decode
from typing import Any

import msgspec

from schemas.subjects import stream_name
from services.shared.connection import Connection
from services.shared.inbox import NotSent, Unanswered
from services.shared.records import Stored
from services.shared.refusals import LogUnavailable, NoSuchOperation

NO_SUCH_STREAM = 10059
NO_SUCH_MESSAGE = 10037


class ApiRefused(Exception):
    """The server answered with an error of its API."""

    def __init__(self, err_code: int, description: str) -> None:
        super().__init__(f"{description} ({err_code})")
        self.err_code = err_code


async def call(
    connection: Connection,
    endpoint: str,
    request: dict[str, Any] | None = None,
    *,
    within: float | None = None,
) -> dict[str, Any]:
    """The answer of the API. Raises ApiRefused, or LogUnavailable when there is none."""
    payload = msgspec.json.encode(request) if request is not None else b""
    try:
        message = await connection.inbox.ask(f"$JS.API.{endpoint}", payload, within=within)
    except (NotSent, Unanswered) as silence:
        raise LogUnavailable(str(silence)) from silence
    answer: dict[str, Any] = msgspec.json.decode(message.data)
    if "error" in answer:
        error = answer["error"]
        raise ApiRefused(error.get("err_code", error["code"]), error.get("description", ""))
    return answer


async def stream_info(connection: Connection, operation: str) -> dict[str, Any]:
    """Configuration and state of an operation's stream. Raises NoSuchOperation."""
    try:
        return await call(connection, f"STREAM.INFO.{stream_name(operation)}")
    except ApiRefused as refused:
        raise _as_ours(refused, operation) from refused


async def read_nearby(connection: Connection, operation: str, query: dict[str, Any]) -> Stored | None:
    """One entry from whichever replica is at hand: cheap, and perhaps a moment old."""
    subject = f"$JS.API.DIRECT.GET.{stream_name(operation)}"
    try:
        message = await connection.inbox.ask(subject, msgspec.json.encode(query))
    except NotSent as silence:
        # Nobody listens: either no such stream, or it has no leader now. Asking for it tells which.
        await stream_info(connection, operation)
        raise LogUnavailable(str(silence)) from silence
    except Unanswered as silence:
        raise LogUnavailable(str(silence)) from silence
    headers = message.headers or {}
    if "Nats-Sequence" in headers:
        return Stored(int(headers["Nats-Sequence"]), message.data)
    if headers.get("Status") == "404":
        return None
    raise LogUnavailable(f"the log answered {headers.get('Status')} {headers.get('Description')}")


async def read_certainly(connection: Connection, operation: str, query: dict[str, Any]) -> Stored | None:
    """One entry from the stream's leader: what it does not have, the log does not have."""
    try:
        answer = await call(connection, f"STREAM.MSG.GET.{stream_name(operation)}", query)
    except ApiRefused as refused:
        if refused.err_code == NO_SUCH_MESSAGE:
            return None
        raise _as_ours(refused, operation) from refused
    message = answer["message"]
    return Stored(message["seq"], b64decode(message.get("data", "")))


def _as_ours(refused: ApiRefused, operation: str) -> Exception:
    if refused.err_code == NO_SUCH_STREAM:
        return NoSuchOperation(operation)
    return LogUnavailable(str(refused))
