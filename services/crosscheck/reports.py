"""What the engine posts: hits for people to look at, and the answer to a question. Ids come from the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.codes import INTERPOL_DATABASES
from schemas.events.cross_check import CrossCheckResulted
from schemas.events.hit import HitRaised
from schemas.events.listing import is_list
from services.crosscheck.held import Found, Held
from services.crosscheck.rights import Members, is_within, shared
from services.crosscheck.weights import Weights

SOURCE = "/vcp/crosscheck"
MOST_LISTS = 100
_OBJECTS = ("person", "document", "vehicle", "organisation")
_INTERPOL = {"person": "Nominals", "document": "SLTD", "vehicle": "SMV"}
assert set(_INTERPOL.values()) <= set(INTERPOL_DATABASES)


def hit_id(found: Found) -> str:
    """The same for the same question and thing, whenever they are compared; another once its owner shows it."""
    return f"{found.question.entry}.{found.record.thing}{'.withheld' if found.withheld else ''}"


def result_id(question: Held) -> str:
    return f"{question.entry}.result"


def hit(found: Found, *, roster: Mapping[str, Members], by: Weights) -> dict[str, Any]:
    """A hit, for those alone who see question and record, under the handling of both; else for the record's owner."""
    match = found.match
    data = {
        **_whose(found),
        "occurred": _occurred(found.known_at),
        "audience": _audience(found, roster),
        "handling": {"codes": _codes(found)},
        # A machine vouches for neither.
        "evaluation": {"scheme": "4x4", "source": "X", "information": "4"},
        "query_route": "online",
        "result_of": found.question.entry,
        **({"asked_by": found.question.posters[-1]} if found.withheld else {}),
        "matched": {
            "band": match.band,
            "bits": match.bits,
            "weights": by.version,
            "reasons": [reason._asdict() for reason in match.reasons],
        },
    }
    return _report(HitRaised.type, hit_id(found), found.known_at, data)


def is_listed(found: Found) -> bool:
    """Whether it stands on a watch list. That such a line exists is the owner's own answer."""
    return is_list(found.record.operation)


def is_told_to_all(question: Held, found: Found, *, roster: Mapping[str, Members]) -> bool:
    """Whether all who see the question may know that there is such a record: those alone count in its answer.

    Who sees a record that others do not gets its hit beside the answer, which is the same as if there were none.
    """
    return is_listed(found) or found.record.shows_existence or is_within(question.members, found.record.members, roster)


def to_ask(found: Sequence[Found]) -> list[str]:
    """Whose records are withheld: the country of a national body, and of an international one its own code."""
    return sorted({_country_of(one.record.posters[-1]) for one in found if one.withheld})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says to all who see the question."""

    hits: int
    ask: Sequence[str]
    lists: Sequence[Mapping[str, str]]
    moment: datetime
    again: bool = False
    """Once more, because something else is found now."""


def result(question: Held, said: Answer, *, about: Mapping[str, Any]) -> dict[str, Any]:
    data = {
        **_command(about, said.moment),
        "check": question.thing,
        "outcome": "hit" if said.hits else "no_hit",
        "hits": said.hits,
        **({"ask": list(said.ask)} if said.ask else {}),
        **({"lists": list(said.lists[:MOST_LISTS])} if said.lists else {}),
    }
    # A second answer that says nothing new is none, so its id holds what it says.
    id = ".".join([result_id(question), str(said.hits), *said.ask]) if said.again else result_id(question)
    return _report(CrossCheckResulted.type, id, said.moment, data)


def _command(about: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """What every command about a thing carries; `about` is what the API offers about it."""
    return {"occurred": _occurred(moment), "audience": about["audience"], "handling": about["handling"]}


def _whose(found: Found) -> dict[str, Any]:
    """Whose record it is: its owner, and nobody else, says whether the hit holds."""
    owner = found.record.posters[-1]
    if is_listed(found):
        return _line(found.record.data, owner=owner, sort=found.subject.sort)
    country = _country_of(owner)
    sort = found.subject.sort
    if owner == "INTERPOL" and sort in _INTERPOL:
        where = {"database": _INTERPOL[sort], "record_owner_country": None}
    elif len(country) == len("AT"):
        where = {"database": "national", "record_owner_country": country}
    else:
        where = {"database": "EIS", "record_owner_country": None}
    return {**where, "object": _object(sort), "record": found.record.entry}


def _line(said: Mapping[str, Any], *, owner: str, sort: str) -> dict[str, Any]:
    """Of a line on a list no more than where it is found and what it asks for."""
    national = said["database"] == "national"
    return {
        "database": said["database"],
        "object": _object(sort),
        "record_owner_country": _country_of(owner) if national else said.get("issuing_country"),
        "record_ref": said.get("reference"),
        "requested_action": said.get("requested_action"),
    }


def _object(sort: str) -> str:
    return sort if sort in _OBJECTS else "other"


def _audience(found: Found, roster: Mapping[str, Members]) -> dict[str, Any]:
    if found.withheld:
        return {"scope": "named", "agencies": sorted(found.record.posters)}
    if is_listed(found):
        # The owner answers who asked, and tells nobody else what the line says.
        return {"scope": "named", "agencies": sorted({*found.question.posters, *found.record.posters})}
    return shared(found.question.members, found.record.members, roster)


def _country_of(agency: str) -> str:
    return agency.partition("-")[0]


def _codes(found: Found) -> list[str]:
    codes = {*found.question.codes, *found.record.codes}
    return sorted(codes - {"H0"}) or ["H0"]


def _occurred(moment: datetime) -> dict[str, str]:
    return {"from": moment.isoformat(), "precision": "minute"}


def _report(type: str, id: str, moment: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": id,
        "source": SOURCE,
        "type": type,
        "time": moment.isoformat(),
        "data": data,
    }
