"""The register of metrics: what each figure counts, in which unit, and of which figure it is a part."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from schemas import codes


@dataclass(frozen=True, slots=True)
class Metric:
    """What one figure counts. A part is shown as "of which", never beside or added to the whole."""

    name: str
    title: str
    unit: str
    part_of: str | None = None
    kind: Literal["count", "quantity", "distinct", "latest"] = "count"
    """count and quantity are added, the latter within one unit; distinct: each value once; latest: per key."""
    by_category: bool = False
    """Its parts are its categories: what is in none of them is shown as unattributed."""


_ON_OTHERS = ("checks", "searches", "officers", "participants")


def adds_alone(name: str) -> bool:
    """Whether each number of a metric or family counts by itself: none replaces, repeats or includes another."""
    return name.partition(".")[0] not in _ON_OTHERS


class UnknownMetric(LookupError):
    """No metric has this name."""


def metric(name: str) -> Metric:
    """The metric of this name, listed or of a family. Raises UnknownMetric."""
    found = METRICS.get(name) or _of_a_family(name)
    if found is None:
        raise UnknownMetric("no metric has this name")
    return found


def is_metric(name: str) -> bool:
    """Whether a metric has this name."""
    return name in METRICS or _of_a_family(name) is not None


_PERSON, _HIT, _CHECK, _DOCUMENT = "person", "hit", "check", "document"

METRICS: dict[str, Metric] = {
    one.name: one
    for one in (
        Metric("participants.countries", "Countries taking part", "country", kind="distinct"),
        Metric("participants.bodies", "International bodies taking part", "body", kind="distinct"),
        Metric("officers", "Officers deployed", _PERSON, kind="latest"),
        Metric("arrests", "Arrests", _PERSON, by_category=True),
        Metric("arrests.smugglers", "People smugglers arrested", _PERSON, "arrests"),
        Metric("arrests.traffickers", "Traffickers in human beings arrested", _PERSON, "arrests"),
        Metric("arrests.couriers", "Couriers arrested", _PERSON, "arrests"),
        Metric("arrests.fugitives", "Fugitives arrested", _PERSON, "arrests"),
        Metric("arrests.document_offenders", "Document offenders arrested", _PERSON, "arrests"),
        Metric("arrests.irregular_migrants", "Irregular migrants arrested", _PERSON, "arrests"),
        Metric("arrests.other", "Others arrested", _PERSON, "arrests"),
        Metric("suspects_identified", "Suspects identified, not arrested", _PERSON),
        Metric("thb_cases", "Cases of trafficking in human beings", "case"),
        Metric("thb_cases.confirmed", "Confirmed trafficking cases", "case", "thb_cases"),
        Metric("thb_victims", "Victims in trafficking cases", _PERSON, by_category=True),
        Metric("thb_victims.minors", "Children in trafficking cases", _PERSON, "thb_victims"),
        Metric("thb_victims.adults", "Adults in trafficking cases", _PERSON, "thb_victims"),
        Metric("thb_victims.unknown", "Victims of unknown age in trafficking cases", _PERSON, "thb_victims"),
        Metric("victims_safeguarded", "Victims safeguarded", _PERSON),
        Metric("children_at_risk", "Children at risk", _PERSON),
        # New, linked and network investigations are shown apart; no total is made of them.
        Metric("investigations.new", "New investigations", "investigation"),
        Metric("investigations.linked", "Linked investigations", "investigation"),
        Metric("investigations.networks", "Investigations against networks", "investigation"),
        Metric("interpol_hits.raised", "INTERPOL hits raised", _HIT),
        Metric("interpol_hits.confirmed", "INTERPOL hits confirmed", _HIT),
        Metric("interpol_hits.confirmed.red_notices", "Red notices", _HIT, "interpol_hits.confirmed"),
        Metric("interpol_hits.actioned", "INTERPOL hits acted upon", _HIT),
        Metric("cross_checks", "Cross-checks by Europol", _CHECK),
        Metric("cross_checks.hits", "Hits of cross-checks", _HIT),
        Metric("cross_checks.open", "Cross-checks not answered yet", _CHECK),
        Metric("cross_checks.declined", "Cross-checks declined", _CHECK),
        Metric("searches", "Database searches, system not stated", "search", kind="quantity"),
        Metric("irregular_migrants", "Irregular migrants detected", "detection"),
        Metric("overstayers", "Overstayers detected", "detection"),
        Metric("refusals", "Refusals of entry", "refusal"),
        Metric("documents_fraudulent", "False documents", _DOCUMENT),
        # Parts, boats and engines stand beside the vehicles, not under them.
        Metric("vehicles.stolen", "Stolen vehicles", "vehicle"),
        Metric("vehicles.stolen.parts", "Stolen vehicle parts", "part"),
        Metric("vehicles.stolen.boats", "Stolen boats", "boat"),
        Metric("vehicles.stolen.engines", "Stolen engines", "engine"),
        Metric("goods", "Smuggled goods detected", "mixed", kind="quantity"),
        Metric("premises_searched", "Premises searched", "premises"),
        Metric("online_targets", "Online targets", "target"),
    )
}
"""The metrics with fixed names, in the order in which figures are shown."""


def families() -> list[str]:
    """How the names of the families are spelt, for documentation."""
    return [
        "hits.<database>.raised | confirmed | actioned",
        "searches.<system>",
        "checks.<kind> or checks.<kind+kind>",
        "documents_fraudulent.class.<class>, documents_fraudulent.type.<fraud type>",
        "goods.<category>.<unit>",
        "seizures.<category>.<unit>, seizures.<category>.value.<currency>",
    ]


@lru_cache(maxsize=4096)
def _of_a_family(name: str) -> Metric | None:
    match name.split("."):
        case ["hits", database, "raised" | "confirmed" | "actioned" as state]:
            if database in codes.DATABASES and database not in codes.INTERPOL_DATABASES:
                title = {"raised": "raised", "confirmed": "confirmed", "actioned": "acted upon"}[state]
                return Metric(name, f"Hits {title}: {codes.DATABASES.label(database)}", _HIT)
        case ["searches", system] if system in codes.SEARCH_SYSTEMS:
            title = f"Searches: {codes.SEARCH_SYSTEMS.label(system)}"
            return Metric(name, title, "search", kind="quantity")
        case ["checks", kinds] if _are_kinds(kinds.split("+")):
            labels = [codes.CHECK_KINDS.label(kind).lower() for kind in kinds.split("+")]
            return Metric(name, f"Checked: {', '.join(labels)}", _CHECK, kind="quantity")
        case ["documents_fraudulent", "class", document_class] if document_class in codes.DOCUMENT_CLASSES:
            title = f"False documents: {codes.DOCUMENT_CLASSES.label(document_class)}"
            return Metric(name, title, _DOCUMENT, "documents_fraudulent")
        case ["documents_fraudulent", "type", fraud_type] if fraud_type in codes.FRAUD_TYPES:
            title = f"False documents: {codes.FRAUD_TYPES.label(fraud_type)}"
            return Metric(name, title, _DOCUMENT, "documents_fraudulent")
        case ["goods", category, unit] if _are_goods(category) and _is_unit(unit):
            return Metric(name, f"Detected: {_goods(category)}", unit, "goods", kind="quantity")
        case ["seizures", category, unit] if _are_goods(category) and _is_unit(unit):
            return Metric(name, f"Seized: {_goods(category)}", unit, kind="quantity")
        case ["seizures", category, "value", currency] if _are_goods(category) and _is_money(currency):
            return Metric(name, f"Seized, value: {_goods(category)}", currency, kind="quantity")
    return None


NOT_ESTABLISHED = "not_established"
NOT_STATED = "not_stated"


def _are_kinds(kinds: list[str]) -> bool:
    return kinds == sorted(set(kinds)) and all(kind in codes.CHECK_KINDS for kind in kinds)


def _are_goods(category: str) -> bool:
    parts = category.split("+")
    listed = parts == sorted(set(parts)) and all(part in codes.GOODS_CATEGORIES for part in parts)
    return category == NOT_ESTABLISHED or listed


def _is_unit(unit: str) -> bool:
    return unit in codes.UNITS or _is_money(unit)


def _is_money(unit: str) -> bool:
    return unit in codes.CURRENCIES or unit == NOT_STATED


def _goods(category: str) -> str:
    if category == NOT_ESTABLISHED:
        return "goods not established"
    return ", ".join(codes.GOODS_CATEGORIES.label(part).lower() for part in category.split("+"))
