"""A row of a list is one person, organisation or thing, or is refused with a reason that repeats nothing of it."""

from typing import Any

import pytest

from services.client.blocks import COLUMNS, Block, NoBlock, block


def test_a_row_of_an_organisation_is_one_block_of_the_contract() -> None:
    row = {
        "organisation": "Измислица Транс ООД",
        "aliases": "Izmislitsa Trans; IT",
        "kind": "company",
        "seat": "BG",
        "registration": "204567890",
        "registration_country": "BG",
        "phone": "+359 2 000000",
        "category": "potential_criminal",
    }

    assert block(row) == Block(
        "organisation",
        {
            "subject_category": "potential_criminal",
            "kind": "company",
            "country": "BG",
            "names": [{"full": "Измислица Транс ООД"}],
            "aliases": [{"full": "Izmislitsa Trans"}, {"full": "IT"}],
            "registrations": [{"country": "BG", "registration_number": "204567890"}],
            "phones": ["+359 2 000000"],
        },
    )
    assert set(row) <= set(COLUMNS)


@pytest.mark.parametrize(
    ("row", "sort"),
    [
        ({"registration": "204567890"}, "organisation"),
        ({"organisation": {"subject_category": "suspect"}}, "organisation"),
        ({"full": "Ana Invented", "number": "X1234567"}, "subject"),
        ({"number": "X1234567"}, "document"),
        ({"plate": "BG 12 34", "number": "X1234567"}, "vehicle"),
        ({"phone": "+359 2 000000"}, "phone"),
    ],
)
def test_what_a_row_is_about_is_seen_from_its_columns(row: dict[str, Any], sort: str) -> None:
    assert block(row).sort == sort


@pytest.mark.parametrize("other", ["given", "full", "birth_date", "number", "plate", "vin"])
def test_an_organisation_and_somebody_else_in_one_row_are_refused(other: str) -> None:
    with pytest.raises(NoBlock, match="a row of its own") as refused:
        block({"organisation": "Izmislitsa Trans", other: "1961-05-17"})

    assert "Izmislitsa" not in str(refused.value)
