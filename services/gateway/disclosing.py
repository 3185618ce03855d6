"""Disclosing: what an answer gives away of others' persons is in the ledger before the answer leaves."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from services.gateway.picture import Viewer
from services.shared.disclosures import Act, Disclosure

_PURPOSES = {"lead": "coordination", "co_lead": "coordination", "support": "support", "observer": "observation"}
_ROLE = "role:"


def lines(
    viewer: Viewer, act: Act, given: Iterable[tuple[str, UUID]], *, upto: int, about: str = ""
) -> list[Disclosure]:
    """A line for each originator whose records are given to the viewer, as they stood at a position of the log."""
    of_originator: dict[str, list[UUID]] = defaultdict(list)
    for originator, entry in given:
        of_originator[originator].append(entry)
    now, purpose = datetime.now(UTC), viewer.purpose or _by_role(viewer)
    return [
        Disclosure(
            now, viewer.operation, act, originator, viewer.agency, viewer.actor, purpose, tuple(entries), upto, about
        )
        for originator, entries in of_originator.items()
    ]


def _by_role(viewer: Viewer) -> str:
    """Who says no purpose reads for what the agency's role in the operation is for."""
    roles = [token.removeprefix(_ROLE) for token in viewer.tokens if token.startswith(_ROLE)]
    return _PURPOSES.get(roles[0], "conduct") if roles else "conduct"
