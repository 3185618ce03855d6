"""History is brought in by its times, and nothing comes before what it names."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.client.order import in_order_of_history
from services.client.reading import FileLine
from services.client.stated import Stated

START = datetime(2022, 6, 24, tzinfo=UTC)
MINUTES = st.integers(0, 5)


def line(number: int, minute: int, names: frozenset[int] = frozenset()) -> Stated:
    return Stated(
        FileLine(number, b"{}"),
        entry=UUID(int=number),
        names=frozenset(UUID(int=name) for name in names),
        time=START + timedelta(minutes=minute),
    )


def numbers(lines: list[Stated]) -> list[int]:
    return [one.line.line for one in lines]


@given(st.lists(st.tuples(MINUTES, st.frozensets(st.integers(0, 30), max_size=3)), max_size=30), st.randoms())
def test_nothing_comes_before_what_it_names_and_nothing_is_lost(
    drawn: list[tuple[int, frozenset[int]]], shuffled: object
) -> None:
    # Each names earlier ones alone, so that an order exists; in the file they stand anyhow.
    lines = [
        line(number, minute, frozenset(name for name in names if name < number))
        for number, (minute, names) in enumerate(drawn)
    ]
    in_file = list(lines)
    shuffled.shuffle(in_file)  # type: ignore[attr-defined]

    ordered = numbers(in_order_of_history(in_file))

    assert sorted(ordered) == list(range(len(lines)))
    for one in lines:
        for name in one.names:
            assert ordered.index(name.int) < ordered.index(one.line.line)


@given(st.lists(MINUTES, max_size=30))
def test_what_names_nothing_comes_by_time_and_then_as_it_stands(minutes: list[int]) -> None:
    lines = [line(number, minute) for number, minute in enumerate(minutes)]

    assert in_order_of_history(lines) == sorted(lines, key=lambda one: one.time)


def test_lines_that_name_each_other_in_a_circle_come_last_and_are_not_lost() -> None:
    lines = [line(1, 0, frozenset({2})), line(2, 0, frozenset({1})), line(3, 5)]

    assert numbers(in_order_of_history(lines)) == [3, 1, 2]


def test_what_has_no_time_comes_last() -> None:
    undated = Stated(FileLine(1, b"{}"), entry=UUID(int=1))

    assert numbers(in_order_of_history([undated, line(2, 5)])) == [2, 1]
