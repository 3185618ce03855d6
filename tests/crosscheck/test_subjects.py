"""Whatever is posted becomes subjects that can be compared, and shielded persons become none."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.mrz import birth_date, check_digit
from services.crosscheck.names import name_of
from services.crosscheck.numbers import Number, telephone, vin_is_sound, zone
from services.crosscheck.subjects import subjects_in
from services.shared.marks import Kind

WHEN = {"occurred": {"from": "2022-06-24T10:00:00+02:00"}}
# The specimen of ICAO Doc 9303, part 4, appendix A.
UTOPIA = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]


def zone_of(born: str) -> list[str]:
    """The specimen's zone with another date of birth, and the check digit that belongs to it."""
    return [UTOPIA[0], UTOPIA[1].replace("7408122", born + check_digit(born))]


def test_the_specimen_passport_is_read_with_its_check_digit() -> None:
    read = zone(UTOPIA)

    assert read is not None
    assert (read.number, read.sound, read.names) == ("L898902C3", True, ("ANNA MARIA ERIKSSON",))


def test_a_misread_digit_is_noted_and_does_not_hide_the_number() -> None:
    read = zone([UTOPIA[0], UTOPIA[1].replace("L898902C3", "L898902C4")])

    assert read is not None
    assert (read.number, read.sound) == ("L898902C4", False)


def test_the_check_digit_of_the_specimens_birth_date_is_as_printed() -> None:
    assert check_digit("740812") == "2"


def test_the_check_digit_of_a_vin_is_a_hint() -> None:
    assert vin_is_sound("1M8GDM9AXKP042788")
    assert not vin_is_sound("1M8GDM9AXKP042789")
    assert not vin_is_sound("OIQ")


@pytest.mark.parametrize("written", ["+43 1 31310-0", "0043 1 313100", "01 313100"])
def test_a_telephone_has_one_form_however_it_is_dialled(written: str) -> None:
    assert telephone(written, country="AT") == "431313100"


@pytest.mark.parametrize("category", ["victim", "witness", "contact", "other"])
def test_a_shielded_person_is_no_subject_nor_are_their_documents(category: str) -> None:
    block = {"subject_category": category, "names": [{"full": "Invented Person"}], "documents": [{"number": "X123456"}]}

    assert list(subjects_in({**WHEN, "persons": [block]})) == []


@pytest.mark.parametrize("category", ["victim", "witness", "contact", "other"])
def test_a_question_about_a_shielded_person_has_no_subject_whatever_it_names(category: str) -> None:
    asked = {"target": "INTERPOL", "subject_category": category, "document": {"issuer": "BG", "number": "X123456"}}

    assert list(subjects_in({**WHEN, "subject_kind": "document", **asked})) == []


@pytest.mark.parametrize(
    "known",
    [
        {"minor": True},
        {"age_band": "14-17"},
        {"birth_date": "2014-03-09"},
        {"birth_date": "2004-06-25"},
        {"documents": [{"mrz": zone_of("140309")}]},
        {"birth_date": "1974-08-12", "documents": [{"mrz": UTOPIA}, {"mrz": zone_of("140309")}]},
    ],
)
def test_a_minor_is_no_subject_however_the_age_is_known(known: dict[str, Any]) -> None:
    block = {"subject_category": "suspect", "names": [{"full": "Invented Person"}], **known}

    assert list(subjects_in({**WHEN, "person": block})) == []


@pytest.mark.parametrize("of", [{"subject_category": "victim"}, {"subject_category": "suspect", "minor": True}])
@pytest.mark.parametrize(
    "beside",
    [
        {"document": {"issuer": "RS", "number": "X1234567"}},
        {"vehicle": {"plate": "W 123 AB", "plate_country": "AT"}},
        {"phone": "+43 1 313100"},
    ],
)
def test_what_is_told_beside_a_shielded_person_is_theirs(of: dict[str, Any], beside: dict[str, Any]) -> None:
    asked = {"subject_kind": "person", "subject_category": "suspect"}

    for name, more in (("holder", {}), ("subject", asked)):
        assert list(subjects_in({**WHEN, **more, name: of, **beside})) == []
        assert len(list(subjects_in({**WHEN, **more, name: {"subject_category": "suspect"}, **beside}))) == 1


def test_a_vehicle_of_an_incident_with_a_victim_is_a_subject_still() -> None:
    incident = {"persons": [{"subject_category": "victim"}], "vehicles": [{"plate": "W 123 AB", "plate_country": "AT"}]}

    assert [found.sort for found in subjects_in({**WHEN, **incident})] == ["vehicle"]


def test_a_passport_whose_zone_says_that_a_child_holds_it_is_no_subject() -> None:
    for mrz, subjects in ((zone_of("140309"), 0), (UTOPIA, 1)):
        document = {"issuer": "BG", "number": "L898902C3", "mrz": mrz}
        assert len(list(subjects_in({**WHEN, "document": document}))) == subjects


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("740812", "1974-08-12"),
        ("220624", "2022-06-24"),
        ("220625", "1922-06-25"),
        ("7408<<", "1974-08"),
        ("74<<<<", "1974"),
        ("741312", None),
        ("740230", None),
        ("<<<<<<", None),
        ("7A0812", None),
    ],
)
def test_a_zone_tells_the_birth_of_its_holder(written: str, born: str | None) -> None:
    assert birth_date(zone_of(written), day=date(2022, 6, 24)) == born


def test_a_zone_of_three_lines_tells_the_birth_too_and_a_misread_digit_tells_none() -> None:
    lines = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]

    assert birth_date(lines, day=date(2022, 6, 24)) == "1974-08-12"
    assert birth_date([lines[0], f"7408123{lines[1][7:]}", lines[2]], day=date(2022, 6, 24)) is None
    assert birth_date([lines[0], "", lines[2]], day=date(2022, 6, 24)) is None
    assert birth_date([], day=date(2022, 6, 24)) is None


def test_a_person_is_compared_by_the_birth_in_their_passport() -> None:
    block = {"subject_category": "suspect", "documents": [{"mrz": UTOPIA}]}

    (found,) = subjects_in({**WHEN, "person": block})

    assert (found.births, [name.words for name in found.names]) == (("1974-08-12",), [("anna", "maria", "eriksson")])


@pytest.mark.parametrize("born", ["2004-06-24", "2004", "2004-06"])
def test_who_was_of_age_on_the_day_is_a_subject(born: str) -> None:
    block = {"subject_category": "suspect", "names": [{"full": "Invented Person"}], "birth_date": born}

    assert [found.births for found in subjects_in({**WHEN, "person": block})] == [(born,)]


def test_a_suspect_is_read_with_all_that_is_known_of_them() -> None:
    block = {
        "subject_category": "suspect",
        "names": [{"given": "Ana", "family": "Invented"}],
        "aliases": [{"full": "Анна Инвентед", "script": "Cyrl"}],
        "birth_date": "1980-02",
        "nationalities": ["BG"],
        "sex": "F",
        "phones": ["+43 1 313100"],
        "documents": [{"issuer": "BG", "number": "x-123 456"}],
    }

    (found,) = subjects_in({**WHEN, "person": block})

    assert [name.words for name in found.names] == [("ana", "invented"), ("anna", "invented")]
    assert found.births == ("1980-02",)
    assert found.numbers == {Number(Kind.PHONE, "431313100"), Number(Kind.DOCUMENT, "X123456", "BG")}


def test_a_vehicle_of_its_own_is_a_subject() -> None:
    (found,) = subjects_in({**WHEN, "vehicle": {"plate": "w 123-ab", "plate_country": "AT"}})

    assert (found.sort, found.numbers) == ("vehicle", {Number(Kind.PLATE, "W123AB", "AT")})


@given(st.text(max_size=12_000))
def test_no_text_is_too_strange_for_a_name(written: str) -> None:
    read = name_of(written)

    assert read is None or (0 < len(read.words) <= 12 and all(word.isascii() for word in read.words))
