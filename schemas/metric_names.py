"""The names of metrics that can be listed, and which of them are nearest to one that does not exist."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from schemas import codes
from schemas.metrics import METRICS, is_metric

_MOST = 5


def nearest(name: str) -> list[str]:
    """The names that are most like this one, the most alike first; none where nothing is."""
    name, spelt = name.lower(), {one.lower(): one for one in listed()}
    below = [one for one in spelt if one.startswith(f"{name}.")]
    alike = get_close_matches(name, spelt, n=_MOST, cutoff=0.6)
    return [spelt[one] for one in (below or alike)[:_MOST]]


@cache
def listed() -> tuple[str, ...]:
    """Every metric that counts one thing in one unit; composite counts and further currencies are left out."""
    return tuple(name for name in (*METRICS, *_families()) if is_metric(name))


def _families() -> Iterator[str]:
    for database in codes.DATABASES.codes:
        yield from (f"hits.{database}.{state}" for state in ("raised", "confirmed", "actioned"))
    yield from (f"searches.{system}" for system in codes.SEARCH_SYSTEMS.codes)
    yield from (f"checks.{kind}" for kind in codes.CHECK_KINDS.codes)
    yield from (f"documents_fraudulent.class.{one}" for one in codes.DOCUMENT_CLASSES.codes)
    yield from (f"documents_fraudulent.type.{one}" for one in codes.FRAUD_TYPES.codes)
    for category in codes.GOODS_CATEGORIES.codes:
        for unit in codes.units_of(category):
            currency_or_unit = "EUR" if unit == codes.MONEY else unit
            yield from (f"{family}.{category}.{currency_or_unit}" for family in ("seizures", "goods"))
        yield f"seizures.{category}.value.EUR"
