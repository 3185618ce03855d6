"""What pydantic found, as faults: where in the report, what is wrong, what would be accepted."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from schemas.event import REGISTER, Event, models_in
from services.reading.problems import Fault

_SAID_PLAINLY = {
    "missing": "This member is required.",
    "uuid_parsing": "A UUID is expected.",
    "timezone_aware": "A time needs its offset, as in 2022-06-24T09:40:00+02:00.",
    "json_invalid": "This is not JSON.",
}


def faults_of(
    refused: ValidationError,
    posted: Any,
    model: type[BaseModel] | None,
    *,
    skip: int = 0,
    below: tuple[str, ...] = (),
) -> list[Fault]:
    """Every fault at once, by JSON pointer into what was posted; nothing posted is repeated.

    `skip` leaves out the first parts of pydantic's location (the tag of the union); `below` comes before each pointer.
    """
    found: dict[tuple[str, str], Fault] = {}
    for error in refused.errors(include_url=False, include_input=False):
        place, members = _place(error["loc"][skip:], posted, model)
        at = pointer(*below) + place
        if error["type"] == "not_acceptable":
            at += pointer(*str(error["ctx"]["member"]).split("/"))
        fault: Fault = {"pointer": at, "detail": detail_of(error)}
        if error["type"] == "extra_forbidden":
            fault["detail"] = _unknown_member(str(error["loc"][-1]), members)
            fault["accepted"] = members
        elif accepted := accepted_of(error):
            fault["accepted"] = accepted
        found[at, fault["detail"]] = fault
    return list(found.values())


def unfit(event: Event, thing: Mapping[str, Any], *, named: Event, below: str = "/data") -> Fault | None:
    """What is wrong with a command beside the thing that it changes, and the entry that it names."""
    found = event.unfit(thing, named=named)
    if found is None:
        return None
    context = found.context or {}
    return {"pointer": f"{below}/{context['member']}", "detail": _sentence(context["detail"])}


def faults_of_query(errors: Iterable[Any]) -> list[Fault]:
    """Every fault of an address at once: which parameter, what is wrong, what would be accepted."""
    found: list[Fault] = []
    for error in errors:
        place: tuple[str | int, ...] = error["loc"]
        fault: Fault = {"pointer": pointer(*place), "detail": detail_of(error)}
        if error["type"] == "extra_forbidden":
            fault = {"pointer": pointer(*place[:-1]), "detail": "A parameter is unknown."}
        elif error["type"] == "not_acceptable":
            fault["pointer"] += pointer(*str(error["ctx"]["member"]).split("/"))
        if accepted := accepted_of(error):
            fault["accepted"] = accepted
        found.append(fault)
    return found


def accepted_of(error: Any) -> list[str]:
    """What would be accepted in this place, where it is a list."""
    if accepted := error.get("ctx", {}).get("accepted"):
        return list(accepted)
    if error["type"] in ("literal_error", "enum"):
        return [part.strip("' ") for part in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
    return []


def detail_of(error: Any) -> str:
    if plain := _SAID_PLAINLY.get(error["type"]):
        return plain
    return _sentence(str(error["msg"]).removeprefix("Value error, "))


def unknown_type(posted: object) -> Fault:
    """The type is not in the catalogue: the nearest ones are named, or all of them."""
    near = get_close_matches(posted, REGISTER, n=3, cutoff=0.5) if isinstance(posted, str) else []
    detail = "This member is required." if posted is None else "No such event type."
    return {"pointer": "/type", "detail": detail, "accepted": near or sorted(REGISTER)}


def pointer(*parts: str | int) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _place(loc: tuple[int | str, ...], posted: Any, model: type[BaseModel] | None) -> tuple[str, list[str]]:
    """The pointer for a pydantic location, whose tags of unions are no members of what was posted."""
    parts: list[str | int] = []
    here: Any = posted
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        if isinstance(here, dict) and part in here:
            if last and _is_unknown(part, model):
                break
            here = here[part]
            parts.append(part)
            model = _inside(model, str(part))
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            parts.append(part)
        elif isinstance(here, dict) and last and model is not None and _knows(model, str(part)):
            parts.append(part)
    return pointer(*parts), _members(model)


def _is_unknown(part: object, model: type[BaseModel] | None) -> bool:
    return model is not None and model.model_config.get("extra") == "forbid" and not _knows(model, str(part))


def _knows(model: type[BaseModel], member: str) -> bool:
    return member in _members(model)


def _members(model: type[BaseModel] | None) -> list[str]:
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _inside(model: type[BaseModel] | None, member: str) -> type[BaseModel] | None:
    """The model behind a member, where there is exactly one to think of."""
    if model is None:
        return None
    for name, field in model.model_fields.items():
        if member == (field.alias or name):
            inner = models_in(field.annotation)
            return inner[0] if inner else None
    return None


def _unknown_member(member: str, members: list[str]) -> str:
    near = get_close_matches(member, members, n=1, cutoff=0.5)
    return f"A member here is unknown; the nearest is `{near[0]}`." if near else "A member here is unknown."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
