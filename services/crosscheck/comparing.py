"""Comparing: what of an operation, or of a list, matches a question, among what whoever asks may see or know of."""

from collections.abc import Callable, Mapping
from functools import partial

from schemas.events.listing import ListingPublished, is_list
from services.crosscheck.held import Found, Held, Shelf, country, keep
from services.crosscheck.rights import Members, all_see
from services.crosscheck.room import Room
from services.crosscheck.scoring import match
from services.crosscheck.subjects import Subject, subjects_in


def answers(room: Room, question: Held) -> list[Found]:
    """All records that match a question, for each thing the best."""
    seen_by = room.roster.agencies()
    best: dict[str, Found] = {}
    shelf = room.records

    def may(place: int) -> bool:
        return _may(room, question, shelf.held[place], seen_by)

    def may_know(place: int) -> bool:
        return place in shelf.showing and _may_know(room, question, shelf.held[place], seen_by)

    for sought in subjects_in(question.data, reported_by=country(question)):
        # What is withheld is looked for by itself, so that it takes no place from what may be seen.
        for which in (may, may_know) if shelf.showing else (may,):
            for place, one in shelf.index.candidates(sought, may=which):
                record = shelf.held[place]
                keep(best, record.thing, _found(room, question, record, sought, one, withheld=which is may_know))
    return list(best.values())


def earlier_questions(room: Room, thing: str, *, of: Room | None = None) -> list[Found]:
    """All questions that the records of a thing match, of a list where one is named; for each question the best."""
    where = of or room
    seen_by = room.roster.agencies()
    best: dict[str, Found] = {}
    for place in where.records.places.get(thing, []):
        record = where.records.held[place]
        one = where.records.index[place]
        for withheld in (False, True) if record.shows_existence else (False,):
            may_be = partial(_may_know if withheld else _may, where)
            for shelf in (room.asked, room.records) if room.unasked else (room.asked,):
                may = partial(_asked_may, room, shelf, may_be, record, seen_by)
                # A question keeps its place whatever others ask, so none is cut off.
                for at, sought in shelf.index.candidates(one, may=may, most=len(shelf.index)):
                    question = shelf.held[at]
                    keep(best, question.entry, _found(room, question, record, sought, one, withheld=withheld))
    return list(best.values())


def _found(room: Room, question: Held, record: Held, sought: Subject, one: Subject, *, withheld: bool) -> Found | None:
    found = match(sought, one, by=room.by)
    return Found(question, record, one, found, withheld) if found else None


def _asked_may(
    room: Room,
    shelf: Shelf,
    may_be: Callable[[Held, Held, Mapping[str, Members]], bool],
    record: Held,
    seen_by: Mapping[str, Members],
    at: int,
) -> bool:
    question = shelf.held[at]
    is_asked = shelf is room.asked or room.unasked.asks(question)
    return is_asked and may_be(question, record, seen_by)


def _may(where: Room, question: Held, record: Held, seen_by: Mapping[str, Members]) -> bool:
    """Before anything is compared: is the record another's, and does whoever asks see it."""
    if is_list(where.operation):
        # Of its own list the agency alone says that lines are compared with what it is asked.
        return record.type == ListingPublished.type and record.posters == (where.agency,)
    if _is_own(question, record) or not all_see(question.posters, record.members, seen_by):
        return False
    return not where.unasked.leaves(question, record, seen_by, withheld=False)


def _may_know(where: Room, question: Held, record: Held, seen_by: Mapping[str, Members]) -> bool:
    """Whether whoever asks may know of a record that is hidden from them: its owner lets everybody know."""
    return (
        record.shows_existence
        and not is_list(where.operation)
        and not _is_own(question, record)
        and not all_see(question.posters, record.members, seen_by)
        and not where.unasked.leaves(question, record, seen_by, withheld=True)
    )


def _is_own(question: Held, record: Held) -> bool:
    return bool(set(question.posters) & set(record.posters))
