"""Which watch lists are searched: an agency's own, and none that somebody else opened or is in."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.crosscheck.history import Told
from services.crosscheck.lists import MOST_FALLS, Lists
from services.crosscheck.room import Room
from services.crosscheck.weights import weights

LIST = "list-invented"
PERSON = {"subject_category": "suspect", "names": [{"full": "Sergei Inventsky"}]}
MOMENT = datetime(2022, 6, 24, tzinfo=UTC)


def told(entry: str, type: str, by: str, **data: Any) -> Told:
    said = {"audience": {"scope": "all"}, "handling": {"codes": ["H0"]}, "occurred": {"from": MOMENT.isoformat()}}
    return Told(entry, entry, type, by, "system", entry, MOMENT, {**said, **data})


def listed(*, lead: str) -> Room:
    """A list of whoever leads it, as INTERPOL reads it."""
    made = Room("INTERPOL", LIST, by=weights())
    made.take(told("o", "operation.created.v1", lead, lead=[lead]), is_new=False)
    made.take(told("l", "listing.published.v1", lead, subject=PERSON), is_new=False)
    return made


def join(room: Room, code: str) -> None:
    room.take(told(f"j-{code}", "participant.joined.v1", code, agency=code, role="participant"), is_new=True)


@pytest.mark.parametrize(("lead", "joins", "searched"), [("INTERPOL", None, True), ("BA", "INTERPOL", False)])
async def test_an_answer_names_a_list_only_where_it_is_the_agencys_own(
    lead: str, joins: str | None, searched: bool
) -> None:
    lists, room, looked = Lists(), listed(lead=lead), []

    async def look(_: Room, thing: str) -> None:
        looked.append(thing)

    lists.look_with("invented", look)
    if joins:
        join(room, joins)
    await lists.put(room)

    assert bool(lists.versions()) is bool(looked) is searched
    assert lists.leaves_out(LIST) is not searched
    assert not lists.waits_for(LIST)


async def test_a_list_is_left_out_once_somebody_else_is_in_it() -> None:
    lists, room = Lists(), listed(lead="INTERPOL")
    await lists.put(room)

    join(room, "BA")

    assert (lists.versions(), lists.leaves_out(LIST)) == ([], True)


async def test_answers_do_not_wait_for_ever_for_a_list_that_cannot_be_read() -> None:
    lists = Lists()
    waits = []
    for _ in range(MOST_FALLS):
        waits.append(lists.waits_for(LIST))
        lists.fell(LIST)

    assert all(waits) and not lists.waits_for(LIST)
    assert lists.leaves_out(LIST)

    # It is searched once it can be read.
    await lists.put(listed(lead="INTERPOL"))
    assert not lists.leaves_out(LIST)
    assert lists.versions()
