"""In which band a record fits what is sought: pure judgement, without a server."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.gateway.searching import Sought, fit
from services.shared.marks import features


def person(full: str, born: str | None = None, **members: Any) -> dict[str, Any]:
    return {"person": {"names": [{"full": full}], "birth_date": born, **members}}


def band(data: dict[str, Any], **sought: Any) -> str | None:
    found = fit(Sought(**sought), tuple(features(data)), data)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("written", "born", "name", "birth_date", "expected"),
    [
        ("Ivan Petrov", "1961-05-17", "Petrov Ivan", "1961-05-17", "strong"),
        ("Иван Петров", "1961-05-17", "Ivan Petrov", "1961-05-17", "strong"),
        ("Ivan Petrov", "1961-05-17", "Ivan Petrov", "1961", "possible"),
        ("Ivan Petrov", "1961", "Ivan Petrov", "1961", "possible"),
        ("Ivan Petrov", None, "Ivan Petrov", "1961-05-17", "possible"),
        ("Ivan Petrov", "1961-05-17", "Ivan Petrov", None, "possible"),
        ("Ivan Petrov", "1961-05-17", "Ivan Petrov", "1984-01-02", "weak"),
        ("Ivan Sergeevich Petrov", None, "Ivan Petrov", None, "possible"),
        ("Ivan Petrov", None, "Ivan Popescu", None, "weak"),
        ("Ivan Petrov", "1961", "Ivan Popescu", "1984", None),
        ("Ivan Petrov", None, "Maria Horvat", None, None),
    ],
)
def test_a_name_is_no_more_than_what_speaks_for_it(
    written: str, born: str | None, name: str, birth_date: str | None, expected: str | None
) -> None:
    assert band(person(written, born), name=name, birth_date=birth_date) == expected


def test_an_equal_number_is_exact_however_it_was_written() -> None:
    data = {"vehicle": {"plate": "w 123-ab"}, **person("Ivan Petrov", documents=[{"number": "AB 12"}])}

    assert band(data, plate="W123AB") == "exact"
    assert band(data, document="ab-12") == "exact"
    assert band(data, document="W123AB") is None
    assert band(data, plate="W123AC", name="Ivan Petrov") == "possible"


def test_an_organisation_is_found_by_its_registration_and_by_its_name() -> None:
    numbered = [{"country": "BG", "registration_number": "BG204567890"}]
    data = {"organisations": [{"names": [{"full": "Измислица Транс ООД"}], "registrations": numbered}]}

    assert band(data, registration="204 567 890") == "exact"
    assert band(data, registration="204567891") is None
    assert band(data, document="204567890") is None
    assert band(data, name="Izmislitsa Trans OOD") == "possible"


@pytest.mark.parametrize("nothing", [{}, {"name": "..."}, {"plate": "--"}, {"birth_date": "1961"}, {"nickname": "x"}])
def test_a_search_for_nothing_is_refused(nothing: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Sought(**nothing)


def test_a_name_of_any_length_is_compared_in_few_words() -> None:
    shared = " ".join("abcdefghijkl")

    assert band(person(f"{shared} {'x ' * 5_000}"), name=f"{shared} y y y y y y") == "possible"
