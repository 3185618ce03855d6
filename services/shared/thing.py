"""Thing: the history of one thing, and what of it is in force."""

from copy import copy
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from schemas.event import Event
from schemas.events.handling import HandlingChanged
from schemas.events.record import RecordCorrected, RecordRetracted
from schemas.vocabulary import Handling
from services.shared.audiences import members
from services.shared.lines import Line

# The types by which a history rewrites itself; the contract gives them to every thing alike.
REWRITING = (RecordCorrected, RecordRetracted, HandlingChanged)


EventT = TypeVar("EventT", bound=Event, covariant=True)


class InForce(NamedTuple, Generic[EventT]):
    """A line of the history with its event as it holds now: as it was corrected last, or as it was posted."""

    line: Line
    event: EventT


class Thing:
    """What an opening event began and later entries changed: a pure reading of its entries, in their order.

    A correction is a history in which another event stands in the target's place; a retraction is one in
    which the target is left out. Both can be corrected and retracted themselves.
    """

    def __init__(self, history: tuple[Line, ...]) -> None:
        self.history = history
        self.opening = opening = history[0]
        self.corrections: dict[UUID, Event] = {}
        self.corrected_by: dict[UUID, Line] = {}
        self.retracted_entries: set[UUID] = set()
        self.commands: tuple[InForce[Event], ...] = ()
        """What changed the thing and holds, in order; corrections, retractions and handling are worked in."""
        if len(history) > 1:
            self._rewrite()
            self.commands = tuple(
                InForce(line, self.event_of(line))
                for line in history[1:]
                if not isinstance(line.event, REWRITING) and line.entry not in self.retracted_entries
            )
        self.retracted = opening.entry in self.retracted_entries
        """Whether the opening was taken back: then nothing of the thing counts any more."""
        self.opened = opened = self.event_of(opening)
        """The opening event as it holds now."""
        self.owner = opening.event.on_behalf_of or opening.agency
        """The agency for which the thing was opened, which answers for it."""
        self.country = opened.country_for(self.owner)
        """Where it happened; where that is not said, the owner's country."""
        # Read past pydantic: looking for a member that a type does not have is slow there.
        self.category: str | None = vars(opened).get("category")

    def _rewrite(self) -> None:
        # From last to first: whether a retraction holds is decided by what came after it.
        types = {line.entry: type(line.event) for line in self.history}
        for line in reversed(self.history):
            if line.entry in self.retracted_entries:
                continue
            event = self.event_of(line)
            if isinstance(event, RecordRetracted):
                self.retracted_entries.add(event.target)
            elif isinstance(event, RecordCorrected) and event.target not in self.corrections:
                corrected = types[event.target].adapter().validate_python(event.corrected)
                self.corrections[event.target] = corrected
                self.corrected_by[event.target] = line

    @property
    def id(self) -> UUID:
        return self.opening.thing

    def when(self, moment: datetime) -> "Thing":
        """The thing as far as it had come by a moment of its own life; corrections of what is known stay."""
        earlier = copy(self)
        earlier.commands = tuple(command for command in self.commands if command.event.occurred.from_ <= moment)
        return earlier

    @property
    def opening_in_force(self) -> InForce[Event]:
        return InForce(self.opening, self.opened)

    def last(self, event: type[EventT]) -> InForce[EventT] | None:
        """The latest command of this type that holds."""
        for command in reversed(self.commands):
            if isinstance(command.event, event):
                return InForce(command.line, command.event)
        return None

    def event_of(self, line: Line) -> Event:
        """The event of one line as it holds now."""
        return self.corrections.get(line.entry, line.event) if self.corrections else line.event

    def state_of(self, line: Line) -> str:
        """in_force, corrected or retracted. What hangs on a retracted opening is retracted with it."""
        if not (self.retracted_entries or self.corrections):
            return "in_force"
        if line.entry in self.retracted_entries:
            return "retracted"
        if self.retracted and not isinstance(line.event, REWRITING):
            return "retracted"
        return "corrected" if line.entry in self.corrections else "in_force"

    @property
    def kind(self) -> str:
        opening = self.opening.event
        return opening.opens or opening.type.partition(".")[0]

    @property
    def version(self) -> UUID:
        """The last entry that changed the thing; what only adds beside it leaves the version as it was."""
        if len(self.history) == 1:
            return self.opening.entry
        return next(line.entry for line in reversed(self.history) if not line.event.beside)

    @property
    def last_position(self) -> int:
        return self.history[-1].position

    @property
    def audience(self) -> tuple[str, ...]:
        """Who may see every row of the thing. A correction never moves it: only a change of handling does."""
        opening = self.opening
        audience = self._changed_handling("new_audience") or opening.event.audience
        behalf = opening.event.on_behalf_of
        return members(audience, posters=(opening.agency, behalf) if behalf else (opening.agency,))

    def handling_of(self, event: Event) -> Handling:
        """The handling that holds for an event of this thing."""
        return self._changed_handling("new_handling") or event.handling

    def _changed_handling(self, member: str) -> Any:
        """What the latest change of handling that holds and speaks of this member says."""
        if len(self.history) == 1:
            return None
        for line in reversed(self.history):
            if isinstance(line.event, HandlingChanged) and line.entry not in self.retracted_entries:
                changed = getattr(self.event_of(line), member, None)
                if changed is not None:
                    return changed
        return None
