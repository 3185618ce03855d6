"""Code lists and metrics: complete, labelled, and the same wherever they are said twice."""

from typing import get_args

import pytest

from schemas import codes
from schemas.events.arrest import ArrestCategory
from schemas.events.border_check import CheckKind, CheckLine
from schemas.events.hit import Database
from schemas.metrics import METRICS, UnknownMetric, is_metric, metric


def test_all_countries_are_there_and_kosovo() -> None:
    assert len(codes.COUNTRIES) == 249 + 1
    assert codes.COUNTRIES["XK"] == "Kosovo*"
    assert set(codes.COUNTRIES) >= codes.EU_MEMBER_STATES
    assert len(codes.EU_MEMBER_STATES) == 27


def test_what_is_often_written_instead_leads_to_a_code_and_is_none_itself() -> None:
    assert set(codes.COUNTRY_MISSPELLINGS.values()) <= set(codes.COUNTRIES)
    assert not set(codes.COUNTRY_MISSPELLINGS) & set(codes.COUNTRIES)
    assert set(codes.UNIT_MISSPELLINGS.values()) <= {*codes.UNITS, *codes.CURRENCIES}
    assert not set(codes.UNIT_MISSPELLINGS) & {*codes.UNITS, *codes.CURRENCIES}
    assert len(codes.COUNTRY_MISSPELLINGS) > 249  # each alpha-3 code, too


def test_every_code_has_a_label_in_english() -> None:
    for one in codes.LISTS.values():
        assert one.version
        assert all(one.labels["en"].values())


@pytest.mark.parametrize("language", sorted(codes.languages()))
def test_a_language_pack_labels_codes_that_exist(language: str) -> None:
    pack = codes.languages()[language]

    assert set(pack) <= set(codes.LISTS)
    for name, labels in pack.items():
        assert set(labels) <= set(codes.LISTS[name].codes), name
        assert all(label.strip() == label != "" for label in labels.values()), name


@pytest.mark.parametrize("name", sorted(codes.LISTS))
def test_german_has_a_label_for_every_code(name: str) -> None:
    assert set(codes.LISTS[name].labels["de"]) == set(codes.LISTS[name].codes)


def test_a_label_falls_back_to_the_language_and_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(codes.LISTS, "fraud_types", codes.FRAUD_TYPES)  # for a list enters itself
    partly = codes.CodeList("fraud_types", "of this test", codes.FRAUD_TYPES.english | {"other_new": "A new one"})

    assert partly.label("forged", "de") == partly.label("forged", "de-AT") == "Verfälschung"
    assert partly.label("other_new", "de") == "A new one"
    assert partly.label("forged", "xx") == "Forged (altered)"
    assert codes.NATIONALITY_LIST.label("AT", "de") == codes.COUNTRY_LIST.label("AT", "de") == "Österreich"


def test_lists_that_are_said_twice_say_the_same() -> None:
    (system,) = [part for part in get_args(CheckLine.model_fields["system"].annotation) if part is not type(None)]

    assert set(get_args(Database)) == set(codes.DATABASES.codes)
    assert set(get_args(CheckKind)) == set(codes.CHECK_KINDS.codes)
    assert set(get_args(system)) == set(codes.SEARCH_SYSTEMS.codes)


def test_every_kind_of_goods_has_its_units() -> None:
    assert set(codes.GOODS_UNITS) == set(codes.GOODS_CATEGORIES.codes)
    assert all(codes.GOODS_UNITS.values())


def test_every_category_of_arrest_has_its_figure() -> None:
    figures = [category if category == "other" else f"{category}s" for category in get_args(ArrestCategory)]

    assert all(f"arrests.{figure}" in METRICS for figure in figures)


@pytest.mark.parametrize(
    ("name", "part_of", "unit"),
    [
        ("interpol_hits.confirmed.red_notices", "interpol_hits.confirmed", "hit"),
        ("thb_victims.minors", "thb_victims", "person"),
        ("arrests.smugglers", "arrests", "person"),
        ("hits.SIS.confirmed", None, "hit"),
        ("checks.person+vehicle", None, "check"),
        ("searches.SLTD", None, "search"),
        ("seizures.cannabis.KGM", None, "KGM"),
        ("seizures.ammunition+firearm.C62", None, "C62"),
        ("seizures.cash.EUR", None, "EUR"),
        ("seizures.cigarettes.value.EUR", None, "EUR"),
        ("goods.smuggled_goods.not_stated", "goods", "not_stated"),
        ("documents_fraudulent.type.forged", "documents_fraudulent", "document"),
    ],
)
def test_a_metric_knows_its_unit_and_what_it_is_part_of(name: str, part_of: str | None, unit: str) -> None:
    found = metric(name)

    assert (found.name, found.part_of, found.unit) == (name, part_of, unit)
    assert found.title


@pytest.mark.parametrize(
    "name",
    [
        "",
        "arrest",
        "hits.SLTD.raised",
        "checks.vehicle+person",
        "checks.person+person",
        "seizures.cash.XYZ",
        "goods.x.KGM",
    ],
)
def test_a_name_that_is_no_metric_is_none(name: str) -> None:
    assert not is_metric(name)
    with pytest.raises(UnknownMetric):
        metric(name)


def test_every_whole_of_a_part_is_a_metric() -> None:
    assert {one.part_of for one in METRICS.values() if one.part_of} <= set(METRICS)
