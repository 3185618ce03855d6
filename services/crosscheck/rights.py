"""Who sees what, worked out as the gateway does: an answer must tell nobody of a record that is hidden from them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.vocabulary import Audience
from services.shared.audiences import EVERYONE, members, presented

Members = frozenset[str]


@dataclass
class Roster:
    """The agencies that take part, and the tokens true of each. Groups are of desks, so they open nothing."""

    leads: tuple[str, ...] = ()
    _joined: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _left: set[str] = field(default_factory=set)

    def join(self, participation: str, said: Mapping[str, Any]) -> None:
        self._joined[participation] = said

    def leave(self, participation: str) -> None:
        self._left.add(participation)

    def agencies(self) -> dict[str, Members]:
        found = {code: _tokens(code, "lead", bound=False) for code in self.leads}
        for said in (said for participation, said in self._joined.items() if participation in self._left):
            found.pop(said["agency"], None)
        for said in (said for participation, said in self._joined.items() if participation not in self._left):
            found[said["agency"]] = _tokens(said["agency"], said["role"], bound=bool(said.get("bound_by_eu_law")))
        return found


def members_of(audience: Mapping[str, Any], *, posters: Collection[str]) -> Members:
    """Who may see what carries this audience."""
    return frozenset(members(Audience.model_validate(audience), posters=tuple(posters)))


def all_see(agencies: Collection[str], there: Members, roster: Mapping[str, Members]) -> bool:
    """Whether each of these agencies, as a whole and not only a group in it, sees what carries these members."""
    return all(agency in roster and bool(roster[agency] & there) for agency in agencies)


def is_within(narrow: Members, wide: Members, roster: Mapping[str, Members]) -> bool:
    """Whether all who see what carries the one see what carries the other."""
    return EVERYONE in wide or all(token in wide or _sees(token, wide, roster) for token in narrow)


def shared(one: Members, other: Members, roster: Mapping[str, Members]) -> dict[str, Any]:
    """The audience of those who see both. Whoever joins later is not in it, unless both are for everyone."""
    if EVERYONE in one and EVERYONE in other:
        return {"scope": "all"}
    return {"scope": "named", "agencies": sorted(code for code, own in roster.items() if own & one and own & other)}


def _sees(token: str, wide: Members, roster: Mapping[str, Members]) -> bool:
    kind, _, agency = token.partition(":")
    return kind == "agency" and bool(roster.get(agency, frozenset()) & wide)


def _tokens(code: str, role: str, *, bound: bool) -> Members:
    return frozenset(presented(agency=code, role=role, groups=(), bound_by_eu_law=bound))
