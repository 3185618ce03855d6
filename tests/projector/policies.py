"""Made-up policies: records for all sorts of audiences, changes of these, and a rule of its own on who may see what."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from schemas.event import REGISTER
from schemas.events.handling import HandlingChanged
from schemas.events.record import RecordRetracted
from services.shared import audiences
from tests.projector.random_log import WrittenLog

AGENCIES = ("AT", "BA", "MD", "HR", "RS", "FRONTEX", "INTERPOL")
OF_THE_UNION = {"AT", "HR", "FRONTEX"}
ROLES, GROUPS = ("lead", "participant", "observer"), ("safeguarding", "drugs")
TYPES = ("arrest.made.v1", "seizure.made.v1", "incident.reported.v1", "message.sent.v1", "hit.raised.v1")
_numbers = count(1)

Members = dict[str, Any]


@dataclass(frozen=True)
class Seer:
    """Somebody who reads, and what is true of them."""

    agency: str
    role: str
    groups: tuple[str, ...]
    under_eu_law: bool

    def may_see(self, audience: Members, owners: Iterable[str]) -> bool:
        if audience["scope"] == "all" or self.agency in owners:
            return True
        if audience["scope"] == "eu":
            return self.under_eu_law or self.agency in OF_THE_UNION
        named = self.agency in audience["agencies"] or self.role in audience["roles"]
        return named or any(group in audience["groups"] for group in self.groups)

    def tokens(self) -> tuple[str, ...]:
        return audiences.presented(
            agency=self.agency, role=self.role, groups=self.groups, bound_by_eu_law=self.under_eu_law
        )


def some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


NAMED = st.builds(
    lambda agencies, roles, groups: {"scope": "named", "agencies": agencies, "roles": roles, "groups": groups},
    some(AGENCIES),
    some(ROLES),
    some(GROUPS),
).filter(lambda said: any(said[name] for name in ("agencies", "roles", "groups")))
AUDIENCES = st.one_of(st.sampled_from([{"scope": "all"}, {"scope": "eu"}]), NAMED)
OPENED = st.tuples(st.sampled_from(TYPES), st.sampled_from(AGENCIES), st.sampled_from([None, "BA", "HR"]), AUDIENCES)
CHANGED = st.tuples(st.integers(0, 20), AUDIENCES)
POLICIES = st.lists(st.one_of(OPENED, CHANGED, st.integers(0, 20)), min_size=4, max_size=14)
"""Records, changes of who may see one, and changes that are taken back."""
SEERS = st.builds(Seer, st.sampled_from(AGENCIES), st.sampled_from(ROLES), some(GROUPS).map(tuple), st.booleans())


class Written:
    """A log of such policies, and what its own rule says of each record."""

    def __init__(self, policies: list[Any]) -> None:
        self.log = WrittenLog(f"policies-{next(_numbers)}")
        self.owners: dict[UUID, tuple[str, ...]] = {}
        self.said: dict[UUID, list[tuple[UUID, Members]]] = {}
        """The audiences of each record, with the entry that gave it; the last one holds."""
        for said in policies:
            if isinstance(said, int):
                self._take_back(said)
            elif len(said) == 2:
                self._change(*said)
            else:
                self._open(*said)

    def may_see(self, seer: Seer) -> set[UUID]:
        return {one for one, said in self.said.items() if seer.may_see(said[-1][1], self.owners[one])}

    def _open(self, type: str, agency: str, behalf: str | None, audience: Members) -> None:
        event = REGISTER[type]
        named = {name: None for name in ("incident", "result_of", "regarding") if name in event.model_fields}
        record = self.log.post(event, by=agency, audience=audience, on_behalf_of=behalf, **named)
        self.owners[record] = (agency, *([behalf] if behalf else []))
        self.said[record] = [(record, audience)]

    def _change(self, which: int, audience: Members) -> None:
        if not self.said:
            return
        record = list(self.said)[which % len(self.said)]
        change = {"new_audience": audience, "new_handling": {"codes": ["H1"]}, "target": str(record)}
        owner = self.owners[record][0]
        entry = self.log.post(HandlingChanged, by=owner, thing=record, audience=self.said[record][-1][1], **change)
        self.said[record].append((entry, audience))

    def _take_back(self, which: int) -> None:
        changed = [record for record, said in self.said.items() if len(said) > 1]
        if not changed:
            return
        record = changed[which % len(changed)]
        entry, audience = self.said[record].pop()
        owner = self.owners[record][0]
        self.log.post(RecordRetracted, by=owner, thing=record, audience=audience, target=str(entry), reason="wrong")
