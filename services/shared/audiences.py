"""Audiences as sets of tokens: a row opens to a viewer who presents one of its members."""

from functools import lru_cache
from hashlib import sha256

from schemas.codes import EU_MEMBER_STATES
from schemas.vocabulary import Audience

EVERYONE = "everyone"
UNDER_EU_LAW = "eu"
SAFEGUARDING = "group:safeguarding"
"""Who needs to know of victims and children, down to the single one."""
_BOUND_BY_EU_LAW = {"FRONTEX", "EUROPOL", "EUROJUST"}


def members(audience: Audience, *, posters: tuple[str, ...]) -> tuple[str, ...]:
    """Who may see what carries this audience; whoever posted it, or for whom it was posted, always may."""
    own = [f"agency:{agency}" for agency in posters]
    if audience.scope == "all":
        return (EVERYONE,)
    if audience.scope == "eu":
        return tuple(sorted({UNDER_EU_LAW, *own}))
    named = [f"agency:{agency}" for agency in audience.agencies]
    roles = [f"role:{role}" for role in audience.roles]
    groups = [f"group:{group}" for group in audience.groups]
    return tuple(sorted({*own, *named, *roles, *groups}))


@lru_cache(maxsize=4096)
def audience_id(tokens: tuple[str, ...]) -> int:
    """The id of an audience: the first eight bytes of the SHA-256 of its members, signed."""
    return int.from_bytes(sha256("\n".join(tokens).encode()).digest()[:8], "big", signed=True)


def presented(*, agency: str, role: str, groups: tuple[str, ...], bound_by_eu_law: bool) -> tuple[str, ...]:
    """The tokens that are true of a viewer in one operation."""
    tokens = [EVERYONE, f"agency:{agency}", f"role:{role}", *(f"group:{group}" for group in groups)]
    if bound_by_eu_law or agency in _BOUND_BY_EU_LAW or agency.partition("-")[0] in EU_MEMBER_STATES:
        tokens.append(UNDER_EU_LAW)
    return tuple(tokens)
