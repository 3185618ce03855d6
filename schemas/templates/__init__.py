"""Templates of operations: what an operation of a kind usually is. Each is a file here; they are found by looking."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from schemas.vocabulary import AgencyCode, Code, LongText, PhaseName, Role, ShortText, Word, kind_of


class Stretch(Word):
    """A phase in days: negative ones count back from the window's first day, positive ones on from its last.

    0 is the first day where a phase begins, and the last where it ends.
    """

    phase: PhaseName
    strand: Code | None = None
    begins: int = Field(ge=-400, le=400)
    ends: int = Field(ge=-400, le=400)

    def days(self, first: date, last: date) -> tuple[date, date]:
        """Its first and its last day."""
        begins, ends = timedelta(days=self.begins), timedelta(days=self.ends)
        return (last if self.begins > 0 else first) + begins, (first if self.ends < 0 else last) + ends


class Usual(Word):
    """An agency that usually takes part."""

    agency: AgencyCode
    role: Role


class Template(Word):
    """What an operation of a kind usually is: proposed to whoever opens one, and filled in by nobody else."""

    code: Code
    title: ShortText
    description: LongText
    operation: dict[str, Any] = Field(description="Members of the `data` of operation.created.v1.")
    phases: list[Stretch] = Field(max_length=20)
    participants: list[Usual] = Field(max_length=50)


@cache
def templates() -> dict[str, Template]:
    """All templates by their codes."""
    files = {file.stem: file for file in Path(__file__).parent.glob("*.json")}
    return {code: Template.model_validate_json(file.read_bytes()) for code, file in sorted(files.items())}


def opening_of(
    template: Template, *, code: str, name: str, first: date, last: date, time_zone: str, lead: list[str], today: date
) -> dict[str, Any]:
    """The `data` of operation.created.v1 for whole days, the first and the last among them."""
    zone = ZoneInfo(time_zone)
    phases = [
        {
            "phase": stretch.phase,
            **_span(*stretch.days(first, last), zone),
            **({"strand": stretch.strand} if stretch.strand else {}),
        }
        for stretch in template.phases
    ]
    return {
        **_every(today, zone),
        **template.operation,
        "template": template.code,
        "code": code,
        "name": name,
        "window": {**_span(first, last, zone), "time_zone": time_zone},
        "lead": lead,
        "phases": phases,
    }


def joining_of(agency: str, *, role: str, time_zone: str, today: date) -> dict[str, Any]:
    """The `data` of participant.joined.v1."""
    kind = kind_of(agency)
    country = {"country": agency.partition("-")[0]} if kind == "national" else {}
    return {**_every(today, ZoneInfo(time_zone)), "agency": agency, "kind": kind, "role": role, **country}


def _every(today: date, zone: ZoneInfo) -> dict[str, Any]:
    occurred = {"from": _midnight(today, zone).isoformat(), "precision": "day"}
    return {"occurred": occurred, "audience": {"scope": "all"}, "handling": {"codes": ["H0"]}}


def _span(first: date, last: date, zone: ZoneInfo) -> dict[str, str]:
    """Whole days, the last one among them."""
    return {"from": _midnight(first, zone).isoformat(), "to": _midnight(last + timedelta(days=1), zone).isoformat()}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
