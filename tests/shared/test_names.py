"""One name in several scripts and spellings, and the marks by which sealed records are found."""

import pytest

from services.shared.marks import Kind, Marks, features
from services.shared.names import skeleton, words

ALIKE = [
    ["Шевченко", "Shevchenko", "Schewtschenko", "Ševčenko"],
    ["Ђорђевић", "Đorđević", "Djordjevic", "DJORDJEVIĆ"],
    ["Йован", "Jovan", "Yovan", "Јован"],
    ["Хасан", "Hassan", "Hasan", "Khasan", "حسن"],
    ["محمد", "Mohammed", "Muhamad"],
    ["Παπαδόπουλος", "Papadopoulos"],
    ["Cohen", "Kohen", "כהן", "Коэн"],
    ["Müller", "Mueller"],
    ["Вольф", "Wolf"],
]
DIFFERENT = [("Petrov", "Pavlov"), ("Ivanov", "Popov"), ("Marin", "Morar"), ("Horvat", "Kovač")]
PERSON = {
    "names": [{"given": "Іван", "family": "Шевченко", "script": "Cyrl"}],
    "transliterations": [{"full": "Ivan Shevchenko"}],
    "birth_date": "1961-05-17",
    "documents": [{"document_class": "passport", "number": "ab 123-456"}],
    "phones": ["+43 660 000 00 01"],
}


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda spellings: spellings[1])
def test_a_name_is_one_however_it_is_spelt(spellings: list[str]) -> None:
    assert len({tuple(map(skeleton, words(spelling))) for spelling in spellings}) == 1


@pytest.mark.parametrize("names", DIFFERENT)
def test_names_that_only_look_alike_stay_apart(names: tuple[str, str]) -> None:
    one, other = names
    assert [skeleton(word) for word in words(one)] != [skeleton(word) for word in words(other)]


def test_the_features_of_a_block_are_its_numbers_and_names_in_one_form() -> None:
    found = {(feature.kind, feature.value) for feature in features(PERSON)}

    assert (Kind.DOCUMENT, "AB123456") in found
    assert (Kind.PHONE, "436600000001") in found
    assert (Kind.WORD, "svknk") in found
    assert [value for kind, value in found if kind is Kind.PERSON] == ["avn svknk 1961-05-17"]


def test_a_name_with_half_a_date_is_no_person() -> None:
    assert not [one for one in features({**PERSON, "birth_date": "1961-05"}) if one.kind is Kind.PERSON]


@pytest.mark.parametrize(
    ("mrz", "number"),
    [
        (["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"], "L898902C3"),
        (
            ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"],
            "D23145890",
        ),
    ],
)
def test_the_number_of_a_document_is_read_from_its_machine_readable_zone(mrz: list[str], number: str) -> None:
    assert [one.value for one in features({"mrz": mrz})] == [number]


@pytest.mark.parametrize(
    ("written", "one_form"),
    [
        ("BG 204 567 890", "204567890"),
        ("204567890", "204567890"),
        ("EL094567890", "94567890"),
        ("07012345", "7012345"),
        ("J40/1234/2010", "J4012342010"),
        ("SC123456", "SC123456"),
        ("HRB 123456", "HRB123456"),
        ("ATU12345678", "U12345678"),
        ("NL 123456789 B01", "123456789B01"),
        ("ATU1234", "ATU1234"),
        ("AT", "AT"),
        ("BG", "BG"),
    ],
)
def test_a_registration_has_one_form_with_and_without_its_country_and_zeros(written: str, one_form: str) -> None:
    block = {"subject_category": "suspect", "registrations": [{"country": "BG", "registration_number": written}]}

    assert [(one.kind, one.value) for one in features(block)] == [(Kind.REGISTRATION, one_form)]
    # Its own box holds the number alone, and its marks are those of the whole.
    assert [one.value for one in features({"registration_number": written})] == [one_form]


def test_a_mark_holds_for_its_key_operation_and_kind_alone() -> None:
    marks = Marks(b"k" * 32)
    mark = marks.mark(Kind.PLATE, "XX000XX", operation="jad-one")

    assert mark == marks.mark(Kind.PLATE, "XX000XX", operation="jad-one")
    assert 0 < mark < 2**63
    assert mark >> 56 == Kind.PLATE
    others = {
        Marks(b"l" * 32).mark(Kind.PLATE, "XX000XX", operation="jad-one"),
        marks.mark(Kind.PLATE, "XX000XX", operation="jad-two"),
        marks.mark(Kind.DOCUMENT, "XX000XX", operation="jad-one"),
        marks.mark(Kind.PLATE, "XX000XY", operation="jad-one"),
    }
    assert len({*others, mark}) == 5
