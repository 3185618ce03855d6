"""What speaks for two subjects being one, how much, and what never decides by itself."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.crosscheck import births
from services.crosscheck.index import Index
from services.crosscheck.likeness import likeness
from services.crosscheck.names import name_of
from services.crosscheck.numbers import Number
from services.crosscheck.scoring import Match, match, reasons
from services.crosscheck.subjects import Subject, subject
from services.crosscheck.weights import weights
from services.crosscheck.wording import said
from services.shared.marks import Kind

BY = weights()
WORD = st.sampled_from(["ivan", "petrov", "Иванов", "محمد", "al", "jovanović", "kim", "山田", "o'neil", "maria", "x"])
NAME = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
BORN = st.sampled_from(["1961", "1961-05", "1961-05-07", "1961-07-05", "1961-05-08", "1971-05-07", "1961-01-01"])
PERSON = st.builds(
    lambda names, born, country, sex: subject(names=names, births=born, nationalities=country, sex=sex),
    st.lists(NAME, min_size=1, max_size=3),
    st.lists(BORN, max_size=2),
    st.sets(st.sampled_from(["BG", "RS", "AT"]), max_size=2),
    st.sampled_from(["M", "F", None]),
)


def bits(one: Subject, other: Subject) -> float:
    return Match("possible", reasons(one, other, by=BY)).bits


@settings(deadline=None)
@given(PERSON, PERSON)
def test_a_score_does_not_depend_on_who_asked(one: Subject, other: Subject) -> None:
    assert reasons(one, other, by=BY) == reasons(other, one, by=BY)


@settings(deadline=None)
@given(PERSON, PERSON)
def test_the_bits_of_the_reasons_sum_to_the_score_and_have_words(one: Subject, other: Subject) -> None:
    found = Match("possible", reasons(one, other, by=BY))

    assert found.bits == round(sum(reason.bits for reason in found.reasons), 2)
    assert all(reason.words for reason in found.reasons)


@settings(deadline=None)
@given(st.lists(WORD, min_size=1, max_size=4, unique=True), NAME)
def test_the_order_of_words_and_capitals_change_no_score(parts: list[str], other: str) -> None:
    scores = {
        bits(subject(names=[spelt]), subject(names=[other]))
        for order in permutations(parts)
        for spelt in (" ".join(order), " ".join(order).upper())
        # Upper case has no counterpart that comes back in every script.
        if spelt.lower() == " ".join(order).lower()
    }

    assert len(scores) == 1


@settings(deadline=None)
@given(PERSON, PERSON)
def test_a_name_alone_is_never_more_than_possible(one: Subject, other: Subject) -> None:
    bare = [Subject("person", found.names) for found in (one, other)]

    found = match(bare[0], bare[1], by=BY)

    assert found is None or found.band == "possible"


@settings(deadline=None)
@given(PERSON, PERSON, NAME)
def test_a_further_alias_never_lowers_what_the_name_weighs(one: Subject, other: Subject, alias: str) -> None:
    def name_bits(asked: Subject) -> float:
        found = reasons(asked, other, by=BY)
        return sum(reason.bits for reason in found if reason.feature in ("name", "rarity"))

    more = subject(names=[*(" ".join(name.words) for name in one.names), alias])
    same = subject(names=[" ".join(name.words) for name in one.names])

    assert round(name_bits(more), 2) >= round(name_bits(same), 2)


def test_names_with_nothing_in_common_never_speak_for_one_person() -> None:
    found = reasons(subject(names=["X"]), subject(names=["Y"]), by=BY)

    assert all(reason.bits <= 0 for reason in found)


def test_what_else_agrees_lifts_no_other_name() -> None:
    one = subject(names=["Ana Invented"], births=["1980-02-17"], nationalities=["BG"], sex="F")
    other = subject(names=["Zoran Kukulj"], births=["1980-02-17"], nationalities=["BG"], sex="F")

    assert match(one, other, by=BY) is None
    assert all(reason.bits <= 0 for reason in reasons(one, other, by=BY))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1980-02-17", "1980-02-17", "same_day"),
        ("1980-02-07", "1980-07-02", "swapped"),
        ("1980-02-17", "1980-02-18", "one_digit"),
        ("1980-02-17", "1980-02", "same_month"),
        ("1980-02-17", "1980", "same_year"),
        ("1980-01-01", "1980-06-05", "same_year"),
        ("1980-02-17", "1980-11-26", "other_day"),
        ("1980", "1981", "year_near"),
        ("1980-02-17", "1991-12-05", "other"),
    ],
)
def test_dates_of_birth_agree_on_levels(one: str, other: str, level: str) -> None:
    assert births.compare([one], [other]) == births.compare([other], [one]) == level
    assert said("birth", level)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhammad al-Hassan", "محمد الحسن"),
        ("Sergei Ivanov", "Сергей Иванов"),
        ("Abdul Rahman Saleh", "Saleh Abdulrahman"),
        ("Jovanović Đorđe", "Djordje Jovanovic"),
        ("Yevgeny Petrov", "Evgenij Petrow"),
    ],
)
def test_a_name_is_found_in_other_scripts_and_spellings(one: str, other: str) -> None:
    found = match(subject(names=[one], births=["1980-02-17"]), subject(names=[other], births=["1980-02-17"]), by=BY)

    assert found is not None
    assert found.band == "strong"


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [("Marica Cvetković", "Марица Цветковић"), ("Tsvetan Tsonev", "Цветан Цонев")]
)
def test_what_two_languages_make_of_one_letter_is_alike(latin: str, cyrillic: str) -> None:
    one, other = name_of(latin), name_of(cyrillic)
    assert one
    assert other

    assert likeness(one, other).alike == likeness(other, one).alike == 1.0


def test_an_equal_number_is_exact_but_not_between_two_issuers() -> None:
    bulgarian = Subject("document", numbers=frozenset({Number(Kind.DOCUMENT, "X123456", "BG")}))
    serbian = Subject("document", numbers=frozenset({Number(Kind.DOCUMENT, "X123456", "RS")}))
    unsaid = Subject("document", numbers=frozenset({Number(Kind.DOCUMENT, "X123456")}))

    found = match(bulgarian, bulgarian, by=BY)
    assert found is not None
    assert found.band == "exact"
    assert match(bulgarian, serbian, by=BY) is None
    lead = match(bulgarian, unsaid, by=BY)
    assert lead is not None
    assert lead.band == "possible"


def test_a_plate_without_its_country_is_no_more_than_possible() -> None:
    german = Subject("vehicle", numbers=frozenset({Number(Kind.PLATE, "123456", "DE")}))
    unsaid = Subject("vehicle", numbers=frozenset({Number(Kind.PLATE, "123456")}))

    found = match(unsaid, german, by=BY)

    assert found is not None
    assert (found.band, [reason.level for reason in found.reasons]) == ("possible", ["same_where_unsaid"])


def test_an_equal_number_against_which_all_else_speaks_is_found_and_never_exact() -> None:
    phone = [Number(Kind.PHONE, "431313100")]
    one = subject(names=["Ana Invented"], births=["1980-02-17"], nationalities=["BG"], numbers=phone)
    other = subject(names=["Zoran Kukulj"], births=["1961-11-05"], nationalities=["RS"], numbers=phone)

    found = match(one, other, by=BY)

    assert found is not None
    assert found.bits < 0
    assert found.band == "possible"


def test_a_number_of_an_unsaid_issuer_makes_no_name_strong() -> None:
    def known(name: str, born: str, issuer: str | None) -> Subject:
        return subject(names=[name], births=[born], numbers=[Number(Kind.DOCUMENT, "X123456", issuer)])

    same, alike = known("Ana Invented", "1980-02-17", "BG"), known("Ana Invented", "1980-02-17", None)
    year_alone = known("Ana Kukulj", "1980", None)

    for other, band in ((same, "exact"), (alike, "strong"), (year_alone, "possible")):
        found = match(same, other, by=BY)
        assert found is not None
        assert found.band == band


@settings(deadline=None)
@given(PERSON, PERSON)
def test_an_equal_number_is_always_found(one: Subject, other: Subject) -> None:
    number = frozenset({Number(Kind.VIN, "1M8GDM9AXKP042788")})

    found = match(replace(one, numbers=number), replace(other, numbers=number), by=BY)

    assert found is not None
    assert found.band == ("exact" if found.bits > 0 else "possible")


@settings(deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=30), PERSON, st.data())
def test_what_one_may_not_see_changes_nothing_that_one_finds(
    people: list[Subject], asked: Subject, data: st.DataObject
) -> None:
    seen = data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    whole, part = Index(), Index()
    for person in people:
        whole.add(person)
    for person, may in zip(people, seen, strict=True):
        if may:
            part.add(person)

    with_hidden = [person for _, person in whole.candidates(asked, may=lambda place: seen[place], most=3)]

    assert with_hidden == [person for _, person in part.candidates(asked, may=lambda _: True, most=3)]


def test_every_level_has_a_weight_and_every_weight_has_words() -> None:
    assert set(births.LEVELS) == set(BY.levels["birth"])
    for feature, levels in BY.levels.items():
        assert all(said(feature, level) for level in levels)
