"""Which of several paired records counts: once for all that hang together, and again when what ties them is gone."""

from itertools import permutations
from uuid import UUID

from services.gateway.figures.one_of_each import Pair, left_out

A, B, C, D = (UUID(int=number) for number in range(1, 5))
ARREST = frozenset({"arrests"})
ALL = dict.fromkeys((A, B, C, D), ARREST)


def test_the_side_that_is_not_kept_is_left_out() -> None:
    assert left_out([Pair(A, B, 1)], ALL) == {B}


def test_a_chain_of_pairs_counts_once_in_whatever_order_it_was_decided() -> None:
    for first, second, third in permutations((1, 2, 3)):
        assert left_out([Pair(A, B, first), Pair(B, C, second), Pair(C, D, third)], ALL) == {B, C, D}


def test_two_decisions_that_keep_different_sides_of_one_record_still_count_once() -> None:
    assert left_out([Pair(A, B, 1), Pair(C, B, 2)], ALL) == {B, C}
    assert left_out([Pair(A, B, 2), Pair(C, B, 1)], ALL) == {A, B}


def test_a_circle_counts_once() -> None:
    assert left_out([Pair(B, A, 2), Pair(C, B, 3), Pair(A, C, 1)], ALL) == {B, C}


def test_where_the_kept_record_is_gone_the_other_counts_again() -> None:
    assert left_out([Pair(A, B, 1)], {B: ARREST}) == frozenset()
    assert left_out([Pair(B, A, 1), Pair(B, C, 2)], {A: ARREST, C: ARREST}) == frozenset()


def test_two_chains_count_once_each() -> None:
    assert left_out([Pair(A, B, 1), Pair(C, D, 2)], ALL) == {B, D}


def test_records_of_different_figures_take_nothing_from_each_other() -> None:
    assert left_out([Pair(A, B, 1)], {A: frozenset({"refusals"}), B: ARREST}) == frozenset()
