"""Opening an operation, and listing those in which a caller takes part."""

from typing import Any

from schemas.events.operation import OperationCreated
from schemas.naming import named_in
from services.gateway import policy
from services.gateway.answers import Taken
from services.gateway.credentials import Caller
from services.gateway.parts import Parts
from services.gateway.problems import LogIsUnavailable, NotAcceptable, NotYoursToPost
from services.gateway.roster import Roster, Standing
from services.reading.reports import read_report
from services.shared.refusals import LogUnavailable

_AUDITOR = "auditor"
"""In place of a role in the operation: the caller reads who was shown what, and nothing else."""


async def open_operation(raw: bytes, *, caller: Caller, gateway: Parts) -> Taken:
    """Makes the operation's log and puts its first entry there."""
    posted = read_report(raw, accredited=gateway.settings.accredited)
    event = posted.event
    if not isinstance(event, OperationCreated):
        raise NotAcceptable(
            [
                {
                    "pointer": "/type",
                    "detail": "An operation opens with operation.created.v1.",
                    "accepted": [OperationCreated.type],
                }
            ]
        )
    policy.check_scope(event, caller=caller)
    if not caller.reaches(event.code):
        raise NotYoursToPost("This token is for other operations.")
    if named := named_in(event):
        detail = "No entry is there yet that this could name."
        raise NotAcceptable([{"pointer": f"/data{one.pointer}", "detail": detail} for one in named])
    if caller.agency not in event.lead:
        raise NotYoursToPost("An operation is opened by one of its leads; `lead` must name your agency.")
    try:
        await gateway.log.create(event.code)
    except LogUnavailable:
        raise LogIsUnavailable("The operation has no log yet; send it again with the same id.") from None
    roster = Roster(
        event.code,
        event.name,
        "open",
        event.exercise,
        event.window.time_zone,
        standings={caller.agency: Standing(caller.agency, caller.kind, "lead")},
    )
    return await gateway.door.take_first(raw, caller=caller, roster=roster)


async def operations_of(caller: Caller, gateway: Parts) -> list[dict[str, Any]]:
    """The operations in which the caller's agency takes part, and in which role, as far as the token reaches.

    Beside them those whose ledger the caller audits.
    """
    found = []
    for operation in sorted(await gateway.log.operations()):
        audits, reads = caller.audits(operation), caller.may_read and caller.reaches(operation)
        if not audits and not reads:
            continue
        roster = await gateway.rosters.in_picture(operation)
        standing = roster.standings.get(caller.agency) if roster is not None else None
        # Whoever has a role in this very operation has no other there.
        role = _AUDITOR if audits and (caller.audited is not None or not reads) else standing and standing.role
        if roster is not None and role is not None:
            found.append(
                {
                    "operation": operation,
                    "name": roster.name,
                    "state": roster.state,
                    "agency": caller.agency,
                    "role": role,
                    "exercise": roster.exercise,
                }
            )
    return found
