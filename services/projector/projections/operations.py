"""The operation itself: open, closed to facts, or archived."""

from schemas.events.operation import OperationArchived, OperationClosed, OperationCreated, OperationReopened
from services.projector import projection
from services.projector.particulars import own_members
from services.projector.projection import Description
from services.shared.thing import Thing


@projection.describes(OperationCreated)
def described(thing: Thing) -> Description:
    state = "open"
    for command in thing.commands:
        if isinstance(command.event, OperationArchived):
            state = "archived"
        elif isinstance(command.event, OperationClosed):
            state = "closed"
        elif isinstance(command.event, OperationReopened):
            state = "open"
    return Description(state, own_members(thing.opened))
