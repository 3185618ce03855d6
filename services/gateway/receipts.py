"""From what the log holds to what its poster is told."""

from collections.abc import Awaitable
from typing import TypeVar

from services.gateway.answers import Taken
from services.gateway.drafts import SealedDraft
from services.gateway.problems import (
    CodeTaken,
    IdAlreadyUsed,
    LogIsUnavailable,
    OperationClosed,
    OutcomeIsUnknown,
    Problem,
)
from services.shared.lines import read_receipt
from services.shared.records import Appended
from services.shared.refusals import LogClosed, LogSealed, LogUnavailable, OutcomeUnknown, ThingMoved

_T = TypeVar("_T")


def receipt(done: SealedDraft, outcome: Appended, *, etag: str) -> Taken:
    """The receipt for what the log holds. Raises IdAlreadyUsed when that is other content."""
    if outcome.fresh:
        return Taken(done.entry_text, done.operation, done.recorded_at, done.digest, etag)
    recorded_at, digest = read_receipt(outcome.body)
    if digest != done.digest:
        raise IdAlreadyUsed
    return Taken(done.entry_text, done.operation, recorded_at, digest, etag, replayed=True)


def refusal(failed: BaseException) -> Problem | None:
    """The log's no, as a caller reads it."""
    if isinstance(failed, LogUnavailable):
        return LogIsUnavailable("Nothing was stored; send it again with the same id.")
    if isinstance(failed, OutcomeUnknown):
        return OutcomeIsUnknown("Send it again with the same id: it will be stored once.")
    if isinstance(failed, ThingMoved):
        # What opens a thing moves nothing, unless the thing is an operation and its log has a first entry.
        return CodeTaken()
    if isinstance(failed, LogClosed):
        # What the operation's state is now, its retry is told by the roster.
        return LogIsUnavailable("The operation is being closed or opened again; send it again with the same id.")
    if isinstance(failed, LogSealed):
        return OperationClosed("The operation is archived; its log is sealed.")
    return None


async def of_log(work: Awaitable[_T]) -> _T:
    """What comes of the work; the log's no is raised as a caller reads it."""
    try:
        return await work
    except (LogUnavailable, OutcomeUnknown, LogSealed) as failed:
        problem = refusal(failed)
        assert problem is not None
        raise problem from None
