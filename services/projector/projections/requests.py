"""Requests for information: who has answered, refused or asked for time, of all who were asked."""

from typing import Any

from schemas.events.information import InformationAnswered, InformationRequested
from services.projector import projection
from services.projector.particulars import own_members, told
from services.projector.projection import Description
from services.shared.thing import Thing

_FINAL = ("answered", "refused")


@projection.describes(InformationRequested)
def described(thing: Thing) -> Description:
    asked = thing.opened
    assert isinstance(asked, InformationRequested)
    answers: list[dict[str, Any]] = []
    latest: dict[str, str] = {}
    for command in thing.commands:
        if isinstance(command.event, InformationAnswered):
            agency = command.event.on_behalf_of or command.line.agency
            answers.append({**told(command), "agency": agency})
            latest[agency] = command.event.outcome
    others = [told(command) for command in thing.commands if not isinstance(command.event, InformationAnswered)]
    detail = {**own_members(asked), "answers": answers, "others": others}
    return Description(_state([latest.get(agency) for agency in asked.to]), detail)


def _state(outcomes: list[str | None]) -> str:
    """A request to several is answered when all have spoken; one who asks for time still owes the answer."""
    final = [outcome for outcome in outcomes if outcome in _FINAL]
    if len(final) == len(outcomes):
        return "answered" if "answered" in final else "refused"
    if final:
        return "partly_answered"
    return "delayed" if "delayed" in outcomes else "requested"
