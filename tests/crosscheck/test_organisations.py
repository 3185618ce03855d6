"""Organisations are found by name in any script and by their registration, and are never taken for persons."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.crosscheck.index import MOST_CANDIDATES, Index
from services.crosscheck.numbers import Number
from services.crosscheck.organisations import business_name
from services.crosscheck.scoring import Match, match, reasons
from services.crosscheck.subjects import Subject, subject, subjects_in
from services.crosscheck.weights import weights
from services.shared.marks import Kind

BY = weights()
WHEN = {"occurred": {"from": "2022-06-24T10:00:00+02:00"}}
TELLING = st.lists(
    st.sampled_from(["inventirana", "Kukulj", "alfa", "transport", "trgovina", "Измислица", "Επινόηση", "logistik"]),
    min_size=1,
    max_size=4,
    unique=True,
)
BEHIND = st.sampled_from(
    [
        *(
            "GmbH",
            "GmbH & Co. KG",
            "d.o.o.",
            "D.O.O.",
            "ООД",
            "ЕООД",
            "AD",
            "S.R.L.",
            "Kft.",
            "Zrt",
            "A.E.",
            "Α.Ε.",
            "Ltd",
        ),
        *("Limited", "sp. z o.o.", "spol. s r.o.", "A.Ş.", "San. ve Tic. Ltd. Şti.", "sh.p.k.", "ДООЕЛ", "S.p.A."),
        *("Korlátolt Felelősségű Társaság", "društvo s ograničenom odgovornošću", "limited liability company"),
    ]
)
BEFORE = st.sampled_from(["ООО", "ТОВ", "ЕТ", "S.C.", "ZAO"])
INVENTED_LEI = (
    "INVENTED0000000000" + f"{98 - int(''.join(str(int(one, 36)) for one in 'INVENTED000000000000')) % 97:02}"
)


def firm(*names: str, seats: str = "", **members: Any) -> Subject:
    return subject("organisation", names=names, seats=seats.split(), **members)


def bits(one: Subject, other: Subject) -> float:
    return Match("possible", reasons(one, other, by=BY)).bits


def told(**members: Any) -> Subject:
    block = {"subject_category": "suspect", "names": [{"full": "Inventirana Trgovina d.o.o."}], **members}
    (found,) = subjects_in({**WHEN, "organisation": block})
    return found


@settings(deadline=None)
@given(TELLING, TELLING, BEHIND, BEFORE)
def test_legal_form_case_and_order_of_words_change_no_score(
    one: list[str], other: list[str], behind: str, before: str
) -> None:
    bare = bits(firm(" ".join(one)), firm(" ".join(other)))

    spelt = [f"{' '.join(order)} {behind}" for order in list(permutations(one))[:6]]
    spelt += [f'{before} "{" ".join(one)}"', " ".join(one).upper(), f"{before} {' '.join(one)} {behind}"]

    assert {bits(firm(name), firm(" ".join(other))) for name in spelt} == {bare}


@settings(deadline=None)
@given(TELLING, TELLING, st.sampled_from(["", "BG", "RS", "BG RS"]), st.sampled_from(["", "BG"]))
def test_a_score_of_firms_does_not_depend_on_who_asked_and_a_name_is_never_more_than_possible(
    one: list[str], other: list[str], here: str, there: str
) -> None:
    asked, known = firm(" ".join(one), seats=here), firm(" ".join(other), seats=there)

    found = match(asked, known, by=BY)

    assert reasons(asked, known, by=BY) == reasons(known, asked, by=BY)
    assert found is None or found.band == "possible"
    assert all(reason.words for reason in reasons(asked, known, by=BY))


@pytest.mark.parametrize(
    "form", ["SA", "AD", "GmbH", "ООД", "Limited", "S.p.A.", "GmbH & Co. KG"]
)  # fmt: skip
def test_what_is_nothing_but_a_legal_form_is_a_name_still(form: str) -> None:
    assert business_name(form) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Алфа Транс ООД", "Alfa Trans Ltd."),
        ("Inventirana Trgovina d.o.o.", "Inventirana Trgovina"),
        ("Измислена Логистика ЕООД", "Izmislena Logistika EOOD"),
        ("Επινόηση Μεταφορική Α.Ε.", "Epinoisi Metaforiki A.E."),
        ("Inventirana Logistika", "Inventirana Logistics GmbH"),
        ("Kitalált Szállítás Kft.", "KITALALT SZALLITAS Korlátolt Felelősségű Társaság"),
    ],
)
def test_a_firm_is_found_in_other_scripts_and_spellings(one: str, other: str) -> None:
    index = Index()
    index.add(firm(other))

    assert [found for _, found in index.candidates(firm(one), may=lambda _: True)] == [firm(other)]
    found = match(firm(one), firm(other), by=BY)
    assert found is not None
    assert found.band == "possible"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alfa Transport", "Beta Transport"),
        ("Kukulj Transport Logistics d.o.o.", "Hadzic Transport Logistics d.o.o."),
        ("Transport", "Transport"),
        ("Import Export", "Import Export Group"),
    ],
)
def test_what_thousands_of_firms_do_ties_none_to_another(one: str, other: str) -> None:
    assert match(firm(one), firm(other), by=BY) is None


def test_a_firm_is_found_among_more_that_do_the_same_than_are_compared() -> None:
    index = Index()
    for number in range(MOST_CANDIDATES * 2):
        index.add(firm(f"Unlike{number} Transport"))
    place = index.add(firm("Izmislica Trans"))

    assert place in {found for found, _ in index.candidates(firm("Izmislica Transport"), may=lambda _: True)}


def test_a_person_and_a_firm_are_never_one_by_name() -> None:
    person = subject(names=["Petar Inventski"], births=["1980-02-17"], nationalities=["BG"])
    trader = firm("ЕТ Петар Инвентски", "Petar Inventski", seats="BG")
    index = Index()
    index.add(trader)

    assert reasons(person, trader, by=BY) == reasons(trader, person, by=BY) == ()
    assert match(person, trader, by=BY) is None
    assert index.candidates(person, may=lambda _: True) == []


def test_a_person_and_a_firm_may_have_one_telephone() -> None:
    phone = [Number(Kind.PHONE, "431313100")]

    found = match(subject(names=["Ana Invented"], numbers=phone), firm("Alfa Trans", numbers=phone), by=BY)

    assert found is not None
    assert [reason.feature for reason in found.reasons] == ["phone"]


@pytest.mark.parametrize(
    ("one", "other", "band"),
    [
        ({"country": "BG", "number": "204 567 890"}, {"country": "BG", "number": "BG204567890"}, "exact"),
        ({"country": "GR", "number": "EL094567890"}, {"country": "GR", "number": "94567890"}, "exact"),
        ({"country": None, "number": "EL094567890"}, {"country": "GR", "number": "094567890"}, "exact"),
        ({"country": "RS", "number": "07012345"}, {"country": "RS", "number": "7012345"}, "exact"),
        ({"country": "RO", "number": "J40/1234/2010"}, {"country": "RO", "number": "j40-1234-2010"}, "exact"),
        ({"country": None, "number": INVENTED_LEI}, {"country": "AT", "number": INVENTED_LEI.lower()}, "exact"),
        ({"country": None, "number": "204567890"}, {"country": "BG", "number": "204567890"}, "possible"),
        ({"country": "DE", "number": "HRB 123456"}, {"country": "DE", "number": "HRB123456"}, "possible"),
        ({"country": "BG", "number": "204567890"}, {"country": "RS", "number": "204567890"}, None),
        ({"country": "GB", "number": "SC123456"}, {"country": "GB", "number": "123456"}, None),
        ({"country": "BG", "number": "1234"}, {"country": "BG", "number": "1234"}, None),
    ],
)
def test_a_registration_is_one_number_of_one_country_however_it_is_written(
    one: dict[str, Any], other: dict[str, Any], band: str | None
) -> None:
    asked, known = (
        told(
            names=[{"full": name}], registrations=[{"country": said["country"], "registration_number": said["number"]}]
        )
        for name, said in (("Inventirana Trgovina", one), ("Kukulj Servis", other))
    )

    found = match(asked, known, by=BY)

    assert (found.band if found else None) == band


def test_an_organisation_is_read_with_all_that_is_known_of_it() -> None:
    found = told(
        country="AT",
        aliases=[{"full": "Инвентирана", "script": "Cyrl"}],
        registrations=[{"country": "RS", "registration_number": "07012345"}],
        phones=["01 313100"],
    )

    assert found.sort == "organisation"
    assert [name.words for name in found.names] == [("inventirana", "trgovina"), ("inventirana",)]
    assert found.seats == {"AT", "RS"}
    assert Number(Kind.REGISTRATION, "7012345", "RS") in found.numbers


@pytest.mark.parametrize("category", ["victim", "witness", "contact", "other"])
def test_an_organisation_that_is_a_victim_or_shelters_some_is_no_subject(category: str) -> None:
    block = {"subject_category": category, "names": [{"full": "Invented Shelter"}], "phones": ["+43 1 313100"]}

    assert list(subjects_in({**WHEN, "organisations": [block]})) == []
    assert list(subjects_in({**WHEN, "organisation": block})) == []


def test_an_organisation_whose_names_were_erased_is_no_subject() -> None:
    erased = {"subject_category": "suspect", "country": "AT", "registrations": [{"country": "AT"}]}

    assert list(subjects_in({**WHEN, "organisation": erased})) == []


@given(st.text(max_size=12_000))
def test_no_text_is_too_strange_for_the_name_of_a_firm(written: str) -> None:
    read = business_name(written)

    assert read is None or (0 < len(read.words) <= 12 and all(word.isascii() for word in read.words))
