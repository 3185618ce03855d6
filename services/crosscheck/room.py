"""One operation as one agency sees it: its records, the questions put to that agency, and what was answered."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial

from schemas.event import REGISTER, Fact
from schemas.events.cross_check import CrossCheckDeclined, CrossCheckRequested, CrossCheckResulted
from schemas.events.listing import ListingPublished, is_list
from schemas.events.operation import OperationClosed, OperationCreated, OperationReopened
from schemas.events.participant import ParticipantJoined, ParticipantLeft
from schemas.events.person import PersonErased
from services.crosscheck.held import Found, Held, Shelf, country, keep
from services.crosscheck.history import REWRITING, Told, in_force, version_of
from services.crosscheck.rights import Members, Roster, all_see, members_of
from services.crosscheck.scoring import match
from services.crosscheck.subjects import Subject, subjects_in
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
        self.done: set[str] = set()
        """The ids of the reports that the engine has posted for this agency."""
        self.roster = Roster()
        self.version: str | None = None
        """The last entry that was read."""
        self._by = by
        self._things: dict[str, list[Told]] = defaultdict(list)
        self._records = Shelf()
        self._asked = Shelf()
        self.questions: dict[str, Held] = {}
        self.settled: set[str] = set()
        """Checks that have their answer, whoever gave it."""
        self.told: dict[str, tuple[int, list[str]]] = {}
        """What the engine's last answer to a check told: how many hits, and whom to ask."""
        self._declined: set[str] = set()

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
        is_fact = issubclass(REGISTER[told.type], Fact) and told.actor != ENGINE
        was_record = told.thing in self._records.places
        if told.type not in REWRITING and not is_fact and told.type != CrossCheckRequested.type:
            if was_record:
                self._place(told.thing)
            return []
        self._place(told.thing)
        return [told.thing] if was_record or told.thing in self._records.places else []

    def answers(self, question: Held) -> list[Found]:
        """All records that match a question, for each thing the best."""
        seen_by = self.roster.agencies()
        best: dict[str, Found] = {}
        shelf = self._records

        def may(place: int) -> bool:
            return self._may(question, shelf.held[place], seen_by)

        def may_know(place: int) -> bool:
            return place in shelf.showing and self._may_know(question, shelf.held[place], seen_by)

        for sought in subjects_in(question.data, reported_by=country(question)):
            # What is withheld is looked for by itself, so that it takes no place from what may be seen.
            for which in (may, may_know) if shelf.showing else (may,):
                for place, one in shelf.index.candidates(sought, may=which):
                    record = shelf.held[place]
                    keep(best, record.thing, self._found(question, record, sought, one, withheld=which is may_know))
        return list(best.values())

    def standing(self, thing: str, *, of: "Room | None" = None) -> list[Found]:
        """All questions that the records of a thing match, of a list where one is named; for each question the best."""
        where = of or self
        seen_by = self.roster.agencies()
        best: dict[str, Found] = {}
        for place in where._records.places.get(thing, []):
            record = where._records.held[place]
            one = where._records.index[place]
            for withheld in (False, True) if record.shows_existence else (False,):
                may_be = where._may_know if withheld else where._may
                may = partial(self._asked_may, may_be, record, seen_by)
                # A question keeps its place whatever others ask, so none is cut off.
                for at, sought in self._asked.index.candidates(one, may=may, most=len(self._asked.index)):
                    question = self._asked.held[at]
                    keep(best, question.entry, self._found(question, record, sought, one, withheld=withheld))
        return list(best.values())

    def things(self) -> list[str]:
        """The things that have records."""
        return [thing for thing, places in self._records.places.items() if places]

    def holds(self, record: Held) -> bool:
        """Whether a record is still as it was found."""
        return any(self._records.held[place] is record for place in self._records.places.get(record.thing, ()))

    def _found(self, question: Held, record: Held, sought: Subject, one: Subject, *, withheld: bool) -> Found | None:
        found = match(sought, one, by=self._by)
        return Found(question, record, one, found, withheld) if found else None

    def _asked_may(
        self,
        may_be: Callable[[Held, Held, Mapping[str, Members]], bool],
        record: Held,
        seen_by: Mapping[str, Members],
        at: int,
    ) -> bool:
        return may_be(self._asked.held[at], record, seen_by)

    def _may(self, question: Held, record: Held, seen_by: Mapping[str, Members]) -> bool:
        """Before anything is compared: is the record another's, and does whoever asks see it."""
        if is_list(self.operation):
            # Of its own list the agency alone says that lines are compared with what it is asked.
            return record.type == ListingPublished.type and record.posters == (self.agency,)
        is_own = bool(set(question.posters) & set(record.posters))
        return not is_own and all_see(question.posters, record.members, seen_by)

    def _may_know(self, question: Held, record: Held, seen_by: Mapping[str, Members]) -> bool:
        """Whether whoever asks may know of a record that is hidden from them: its owner lets everybody know."""
        is_own = bool(set(question.posters) & set(record.posters))
        return (
            record.shows_existence
            and not is_list(self.operation)
            and not is_own
            and not all_see(question.posters, record.members, seen_by)
        )

    def _note(self, told: Told) -> None:
        if told.actor == ENGINE and told.agency == self.agency:
            self.done.add(told.report_id)
        match told.type:
            case OperationCreated.type:
                self.roster.leads = tuple(told.data["lead"])
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

    def _place(self, thing: str) -> None:
        """Puts what a thing says where it is found, anew."""
        history = self._things.get(thing)
        if not history:
            return
        holds = in_force(history)
        self._records.take_out(thing)
        self._asked.take_out(thing)
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
                    self._asked.put(held, subjects_in(data, reported_by=country(held)))
            elif issubclass(REGISTER[told.type], Fact) and told.actor != ENGINE:
                self._records.put(held, subjects_in(data, reported_by=country(held)))
