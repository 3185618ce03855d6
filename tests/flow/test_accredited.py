"""A deployment that says it is accredited takes what is classified, newly reported or corrected."""

from typing import Any

import pytest

pytestmark = pytest.mark.own_stack(accredited=True)


def test_what_is_classified_is_taken_and_corrected(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", classification="eu_restricted")
    data = {**room.report("arrest.made.v1")["data"], "classification": "eu_confidential"}

    room.take("BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=arrest["etag"])
