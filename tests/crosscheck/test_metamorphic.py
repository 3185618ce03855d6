"""What may not change a score, and what may change it only as documented, whatever the persons."""

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.crosscheck.index import MOST_CANDIDATES, Index
from services.crosscheck.scoring import NAME_FLOOR, Match, match, reasons
from services.crosscheck.subjects import Subject, subject
from services.crosscheck.weights import weights

BY = weights()
GIVEN = st.sampled_from(["Ivan", "Dragan", "Mehmed", "Olena", "Zoltán", "Đorđe", "Nuria", "Kim"])
FAMILY = st.sampled_from(["Petrov", "Kukulj", "Invented", "Hadžić", "O'Neil", "Al-Hassan", "Szabó", "Ibn Sina"])
BORN = st.sampled_from(["1961", "1961-05", "1961-05-07", "1971-11-23", "1988-01-01"])
PERSON = st.builds(
    lambda given, family, born, country, sex: {
        "names": [f"{given} {family}"],
        "births": [born],
        "nationalities": [country],
        "sex": sex,
    },
    GIVEN,
    FAMILY,
    BORN,
    st.sampled_from(["BG", "RS", "AT"]),
    st.sampled_from(["M", "F"]),
)
CYRILLIC = dict(zip("abvgdeziklmnoprstuf", "абвгдезиклмнопрстуф", strict=True))
INVISIBLE = st.sampled_from(["\u200b", "\u200d", "\u200e", "\u200f", "\u202b", "\u2060", "\ufeff"])


def bits(one: Subject, other: Subject) -> float:
    return Match("possible", reasons(one, other, by=BY)).bits


@settings(deadline=None)
@given(PERSON, PERSON, INVISIBLE, st.data())
def test_marks_that_nobody_sees_and_forms_of_letters_change_no_score(
    one: dict, other: dict, mark: str, data: st.DataObject
) -> None:
    (name,) = one["names"]
    place = data.draw(st.integers(0, len(name)))
    written = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), name[:place] + mark + name[place:])

    assert bits(subject(**one | {"names": [written]}), subject(**other)) == bits(subject(**one), subject(**other))


@settings(deadline=None)
@given(st.text(alphabet=sorted(CYRILLIC), min_size=4, max_size=9), st.text(alphabet=sorted(CYRILLIC), min_size=4), BORN)
def test_a_name_is_found_again_when_it_is_written_in_cyrillic(given_name: str, family: str, born: str) -> None:
    assume(set(given_name) & set("aeiou") and set(family) & set("aeiou") and len(set(given_name + family)) > 4)
    name = f"{given_name} {family}"
    there = subject(names=["".join(CYRILLIC.get(letter, letter) for letter in name)], births=[born])
    asked = subject(names=[name], births=[born])
    index = Index()
    index.add(there)

    assert [one for _, one in index.candidates(asked, may=lambda _: True)] == [there]
    assert match(asked, there, by=BY) is not None


@settings(deadline=None)
@given(PERSON, PERSON, st.sampled_from(["births", "nationalities", "sex"]))
def test_what_one_does_not_know_takes_away_just_what_it_weighed(one: dict, other: dict, missing: str) -> None:
    feature = {"births": "birth", "nationalities": "nationality", "sex": "sex"}[missing]
    whole = reasons(subject(**one), subject(**other), by=BY)
    without = reasons(subject(**one | {missing: None if missing == "sex" else []}), subject(**other), by=BY)

    assert without == tuple(reason for reason in whole if reason.feature != feature)


@settings(deadline=None)
@given(PERSON, PERSON)
def test_what_agrees_adds_nothing_to_a_name_that_does_not_fit(one: dict, other: dict) -> None:
    found = reasons(subject(**one), subject(**other), by=BY)
    named = sum(reason.bits for reason in found if reason.feature in ("name", "rarity"))
    assume(named < NAME_FLOOR)

    assert all(reason.bits < 0 for reason in found if reason.feature not in ("name", "rarity"))


@settings(deadline=None)
@given(st.lists(PERSON, max_size=MOST_CANDIDATES - 1), PERSON, PERSON)
def test_one_more_person_changes_nothing_about_the_others(people: list[dict], asked: dict, more: dict) -> None:
    index = Index()
    for person in people:
        index.add(subject(**person))
    before = {
        place: bits(subject(**asked), one) for place, one in index.candidates(subject(**asked), may=lambda _: True)
    }

    index.add(subject(**more))

    after = {
        place: bits(subject(**asked), one) for place, one in index.candidates(subject(**asked), may=lambda _: True)
    }
    assert {place: after[place] for place in before} == before


@pytest.mark.parametrize(
    "written",
    [
        "x" * 10_000,
        "a b " * 3_000,
        "...---",
        "0123456789",
        "\u202e\u202d",
        "",
        "محمد Ivan 山田 Олена",
        "🙂🙂",
        "'''",
        "\x00",
    ],
)
def test_whatever_is_written_as_a_name_is_compared_or_left_out(written: str) -> None:
    person = subject(names=[written], births=["2999-12-31"])
    index = Index()
    index.add(person)
    index.add(subject(names=["Ivan Petrov"], births=["1961-05-07"]))

    for _, one in index.candidates(person, may=lambda _: True):
        assert all(reason.words for reason in reasons(person, one, by=BY))
