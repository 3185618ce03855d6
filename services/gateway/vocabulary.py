"""What may stand in a filter: the states and categories that the catalogue knows, never what the data hold."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import schemas.events  # noqa: F401  (finds every event type)
from schemas.codes import GOODS_CATEGORIES
from schemas.event import REGISTER, Event
from schemas.vocabulary import GoodsCategory
from services.gateway.problems import Fault, Malformed

RETRACTED = "retracted"
OF_A_LINE = frozenset({"in_force", "corrected", RETRACTED})
"""The states of a line of the timeline, as against those of a thing."""
WAITING: dict[str, tuple[str, ...]] = {
    "hit": ("raised",),
    "check": ("requested", "acknowledged"),
    "request": ("requested", "delayed", "partly_answered"),
    "task": ("assigned",),
    "opinion": ("requested",),
    "seizure": ("pending_inventory",),
}
"""What still waits for somebody, by kind and state."""
_SAYING = ("status", "outcome", "custody")


@cache
def states_of(kind: str) -> frozenset[str]:
    """Every state in which a thing of this kind can be."""
    events = _events_of(kind)
    verbs = {event.type.split(".")[1] for event in events}
    said = {value for event in events for member in _SAYING for value in _values(event, member)}
    return frozenset({*verbs, *said, RETRACTED, *_BESIDE.get(kind, ())})


@cache
def categories_of(kind: str | None) -> frozenset[str]:
    """Every category of things of this kind, or of all kinds; empty where there is no closed list."""
    events = [event for event in REGISTER.values() if not event.changes and kind in (None, _kind(event))]
    return frozenset(value for event in events for value in _values(event, "category"))


def check(name: str, values: Sequence[str], accepted: Collection[str]) -> None:
    """Raises Malformed for a value that nothing can have; composite categories are judged by their parts."""
    if values and not accepted:
        raise Malformed(f"This view has no filter `{name}`.")
    if not all(part in accepted for value in values for part in value.split("+")):
        fault: Fault = {"pointer": f"/query/{name}", "detail": "No such value here.", "accepted": sorted(accepted)}
        raise Malformed("A filter has a value that nothing can have; see `errors`.", faults=[fault])


def _events_of(kind: str) -> list[type[Event]]:
    opening = [event for event in REGISTER.values() if not event.changes and _kind(event) == kind]
    changing = [event for event in REGISTER.values() if (event.thing_named or event.changes) == kind]
    return opening + changing


def _kind(event: type[Event]) -> str:
    return event.opens or event.type.partition(".")[0]


def _values(event: type[Event], member: str) -> list[str]:
    field = event.model_fields.get(member)
    if field is None:
        return []
    if field.annotation == GoodsCategory | None:
        return list(GOODS_CATEGORIES.codes)
    schema = event.model_json_schema()
    return _listed(schema["properties"][member], schema.get("$defs", {}))


def _listed(schema: dict[str, Any], models: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        return _listed(models[schema["$ref"].rpartition("/")[2]], models)
    found = [value for value in schema.get("enum", []) if isinstance(value, str)]
    if isinstance(schema.get("const"), str):
        found.append(schema["const"])
    for inner in schema.get("anyOf", []):
        found += _listed(inner, models)
    return found


_BESIDE = {"operation": ("open",), "hit": ("confirmed", "refuted", "undetermined"), "request": ("partly_answered",)}
