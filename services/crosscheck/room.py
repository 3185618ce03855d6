"""One operation as one agency sees it: its records, the questions put to that agency, and what was answered."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from schemas.event import REGISTER, Fact
from schemas.events.cross_check import CrossCheckDeclined, CrossCheckRequested, CrossCheckResulted
from schemas.events.operation import OperationClosed, OperationCreated, OperationReopened
from schemas.events.participant import ParticipantJoined, ParticipantLeft
from schemas.events.person import PersonErased
from services.crosscheck.held import Held, Shelf, country
from services.crosscheck.history import REWRITING, Told, in_force, version_of
from services.crosscheck.rights import Roster, members_of
from services.crosscheck.subjects import subjects_in
from services.crosscheck.unasked import Unasked
from services.crosscheck.weights import Weights
from services.shared.actors import ENGINE


class ReadAnew(Exception):
    """What is known here may be more, or less, than may be known now: read the log again."""


class Room:
    """Takes the log's entries in their order. Raises ReadAnew where they cannot be taken one by one."""

    def __init__(self, agency: str, operation: str, *, by: Weights) -> None:
        self.agency = agency
        self.operation = operation
        self.is_open = True
        self.is_exercise = False
        """Whether the log is recorded at a clock of its own."""
        self.done: set[str] = set()
        """The ids of the reports that the engine has posted for this agency."""
        self.roster = Roster()
        self.version: str | None = None
        """The last entry that was read."""
        self.by = by
        self._things: dict[str, list[Told]] = defaultdict(list)
        self.records = Shelf()
        self.asked = Shelf()
        self.questions: dict[str, Held] = {}
        self.settled: set[str] = set()
        """Checks that have their answer, whoever gave it."""
        self.told: dict[str, tuple[int, list[str]]] = {}
        """What the engine's last answer to a check told: how many hits, and whom to ask."""
        self._declined: set[str] = set()
        self.unasked = Unasked(agency)

    def take(self, told: Told, *, is_new: bool) -> list[str]:
        """Takes an entry; the things whose records it changed, which are to be compared with earlier questions."""
        self._note(told)
        self.version = told.entry
        if not told.opens and told.thing not in self._things:
            # Shown from now on, it was not read while it was hidden.
            if is_new:
                raise ReadAnew
            return []
        if told.type == PersonErased.type and is_new:
            # Of what was erased nothing may stay here.
            raise ReadAnew
        self._things[told.thing].append(told)
        if told.type in REWRITING and self._things[told.thing][0].type == OperationCreated.type:
            self._rule(in_force(self._things[told.thing]).data[told.thing])
            if is_new:
                # What nobody had checked so far may be checked now.
                raise ReadAnew
            return []
        is_fact = issubclass(REGISTER[told.type], Fact) and told.actor != ENGINE
        was_record = told.thing in self.records.places
        if told.type not in REWRITING and not is_fact and told.type != CrossCheckRequested.type:
            if was_record:
                self._place(told.thing)
            return []
        self._place(told.thing)
        return [told.thing] if was_record or told.thing in self.records.places else []

    def asking(self) -> list[Held]:
        """All that is to be answered: questions, and facts that are compared although nobody asked."""
        facts = (self._unasked_of(thing) for thing in self.records.places) if self.unasked else ()
        return [*self.questions.values(), *(fact for fact in facts if fact is not None)]

    def asked_by(self, thing: str) -> Held | None:
        """The question that a thing is: asked, or a fact that is compared although nobody asked."""
        return self.questions.get(thing) or self._unasked_of(thing)

    def _unasked_of(self, thing: str) -> Held | None:
        held = next((self.records.held[place] for place in self.records.places.get(thing, ())), None)
        return held if held is not None and self.unasked.asks(held) else None

    def things(self) -> list[str]:
        """The things that have records."""
        return [thing for thing, places in self.records.places.items() if places]

    def holds(self, record: Held) -> bool:
        """Whether a record is still as it was found."""
        return any(self.records.held[place] is record for place in self.records.places.get(record.thing, ()))

    def _note(self, told: Told) -> None:
        if told.actor == ENGINE and told.agency == self.agency:
            self.done.add(told.report_id)
        match told.type:
            case OperationCreated.type:
                self._rule(told.data)
            case ParticipantJoined.type:
                self.roster.join(told.thing, told.data)
            case ParticipantLeft.type:
                self.roster.leave(told.thing)
            case OperationClosed.type:
                self.is_open = False
            case OperationReopened.type:
                self.is_open = True
            case CrossCheckResulted.type:
                self.settled.add(told.thing)
                self.told.pop(told.thing, None)
                if told.actor == ENGINE:
                    self.told[told.thing] = told.data["hits"], told.data.get("ask") or []
            case CrossCheckDeclined.type:
                # What a person would not answer, no machine answers either, now or later.
                self.settled.add(told.thing)
                self._declined.add(told.thing)
                self._place(told.thing)

    def _rule(self, opening: Mapping[str, Any]) -> None:
        """What the operation's opening says of who leads, and of what is compared although nobody asked."""
        self.roster.leads = tuple(opening["lead"])
        self.is_exercise = bool(opening.get("exercise"))
        self.unasked.follow(opening)

    def _place(self, thing: str) -> None:
        """Puts what a thing says where it is found, anew."""
        history = self._things.get(thing)
        if not history:
            return
        holds = in_force(history)
        self.records.take_out(thing)
        self.asked.take_out(thing)
        self.questions.pop(thing, None)
        for told in history:
            if told.entry not in holds.data:
                continue
            data = holds.data[told.entry]
            members = members_of(holds.audience, posters=history[0].posters)
            held = Held(
                operation=self.operation,
                entry=told.entry,
                thing=thing,
                type=told.type,
                posters=told.posters,
                recorded_at=told.recorded_at,
                members=members,
                codes=holds.codes,
                data=data,
                version=version_of(history),
                shows_existence=holds.shows_existence,
            )
            if told.type == CrossCheckRequested.type:
                if data["target"] == self.agency and thing not in self._declined:
                    self.questions[thing] = held
                    self.asked.put(held, subjects_in(data, reported_by=country(held)))
            elif issubclass(REGISTER[told.type], Fact) and told.actor != ENGINE:
                self.records.put(held, subjects_in(data, reported_by=country(held)))
