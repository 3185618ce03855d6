"""Small numbers of victims and children are not broken down by country: they would point at persons."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TypeVar

from schemas.metrics import Metric
from services.gateway.figures.amounts import Sums

FEWEST = 5
"""The smallest number that is told of one country."""
_OF_PROTECTED = ("thb_victims", "victims_safeguarded", "children_at_risk")

Key = TypeVar("Key")


def too_small(known: Metric, by: Collection[str], parts: Mapping[Key, Sums]) -> set[Key]:
    """The parts that are told together. One alone could be worked out from the total, so it is never alone."""
    if "country" not in by or known.name.partition(".")[0] not in _OF_PROTECTED:
        return set()
    totals = {key: sum((one.total for one in sums.by_unit.values()), Decimal()) for key, sums in parts.items()}
    small = {key for key, total in totals.items() if 0 < total < FEWEST}
    others = sorted((key for key in totals if key not in small), key=lambda key: (totals[key], str(key)))
    return small | set(others[:1]) if len(small) == 1 else small
