"""What the API pages say of answers: every read is described by name, and the console takes its types from there."""

import pytest

from services.gateway import published
from tests.flow.answers_described import DOCUMENT, faults

OTHER_FORMS = {"live", "replay", "report", "downloads/{view}.{form}"}
"""Below an operation: what is no JSON, or a list in another form."""
OF_ANY_SHAPE = {"/v1/asyncapi.json", "/v1/schemas/{type}"}
"""Documents of other standards."""
MOMENT = {"as_of": "2022-06-24T22:00:00Z", "at": None, "live": True}
SHEET = {"items": [], "pending_inventory": 1, "moment": MOMENT}
LEDGER = "/v1/operations/{operation}/seizures/ledger"


def test_the_console_has_the_answers_that_the_gateway_gives() -> None:
    assert published.FILE.read_text(encoding="utf-8") == published.spelt(), "run `make schemas`"


def test_every_read_says_what_it_answers() -> None:
    left_out = {f"/v1/operations/{{operation}}/{one}" for one in OTHER_FORMS} | OF_ANY_SHAPE
    answered = {path: of["get"]["responses"].get("200") for path, of in DOCUMENT["paths"].items() if "get" in of}
    shapes = {path: [one["schema"] for one in said["content"].values()] for path, said in answered.items() if said}

    assert left_out <= shapes.keys()
    vague = {path for path, found in shapes.items() if not any("$ref" in one for one in found)}
    assert vague - left_out == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pending_inventory": "one"},
        {"moment": {**MOMENT, "live": None}},
        {"items": [{"category": "cannabis"}]},
        {"unforeseen": 1},
    ],
)
def test_an_answer_of_another_shape_is_noticed(wrong: dict[str, object]) -> None:
    assert faults(SHEET, LEDGER) == []
    assert faults({**SHEET, **wrong}, LEDGER)
