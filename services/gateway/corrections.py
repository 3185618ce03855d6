"""Whether what a correction carries may stand in the place of what it corrects: judged like a new report."""

from dataclasses import replace
from datetime import datetime

import msgspec
from pydantic import ValidationError

from schemas.door import door_context
from schemas.event import REGISTER, By, Event
from schemas.naming import Named, named_in
from services.gateway import policy
from services.gateway.concerned import Target
from services.gateway.credentials import Caller
from services.gateway.drafts import Draft, check_occurred
from services.gateway.problems import Fault, NotAcceptable
from services.gateway.roster import Roster
from services.reading.faults import faults_of, unfit


def check_corrected(one: Draft, target: Target, caller: Caller, roster: Roster, *, accredited: bool) -> list[Named]:
    """What the corrected event names that the corrected one did not. Raises NotAcceptable or NotYoursToPost."""
    carries = one.event.carries
    posted = getattr(one.event, carries) if carries else None
    if posted is None:
        return []
    below = f"/data/{carries}"
    before = target.line.event
    corrected = _read(posted, REGISTER[before.type], carries=str(carries), accredited=accredited)
    faults: list[Fault] = [
        {"pointer": f"{below}/{member}", "detail": "A correction leaves this as it was; retract, and report anew."}
        for member in sorted({"on_behalf_of", *before.fixed})
        if getattr(corrected, member) != getattr(before, member)
    ]
    if corrected.changed != before.changed:
        faults.append({"pointer": f"{below}/{corrected.changes}", "detail": "A correction names the same thing."})
    if By.DECIDER in target.concerned.parties and corrected.parties() != before.parties():
        # The verdict of one authority would become another's.
        detail = "Others have acted on it as those whom it concerned; retract it, and report it anew."
        faults.append({"pointer": below, "detail": detail})
    if faults:
        raise NotAcceptable(faults)
    policy.check_audience(corrected.audience, target.concerned, pointer=f"{below}/audience")
    check_occurred(corrected, datetime.fromisoformat(one.recorded_at), below=below)
    if not target.opens and (found := unfit(corrected, target.detail, named=before, below=below)):
        raise NotAcceptable([found])
    if By.OWNER in one.event.posted_by:
        _check_rights(corrected, before, target, caller, roster)
    known = {(named.pointer, named.entry) for named in named_in(before)}
    return [named for named in named_in(corrected) if (named.pointer, named.entry) not in known]


def _read(posted: object, event_type: type[Event], *, carries: str, accredited: bool) -> Event:
    context = door_context(accredited=accredited)
    try:
        return event_type.adapter().validate_json(msgspec.json.encode(posted), strict=True, context=context)
    except ValidationError as refused:
        raise NotAcceptable(faults_of(refused, posted, event_type, below=("data", carries))) from None


def _check_rights(corrected: Event, before: Event, target: Target, caller: Caller, roster: Roster) -> None:
    """Where what an event says decides who may post it. That the type is its originator's, was judged before."""
    if corrected.posters() == before.posters() == before.posted_by:
        return
    concerned = None if target.opens else replace(target.concerned, posters=target.concerned.audience_posters)
    policy.check_post(corrected, caller=caller, roster=roster, concerned=concerned, imported=True)
