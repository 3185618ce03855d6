"""The tokens of a drill: one for each agency's system, and those of two officers to look around with."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine

from schemas.codes import EU_MEMBER_STATES
from services.drill import AgencyOfDrill, agencies
from services.shared import desk
from services.shared.database import engine_url
from services.shared.settings import Settings

PLAYER = "drill"
OFFICER = "demo desk"


@dataclass(frozen=True, slots=True)
class Desks:
    """Tokens by agency for the player, and the two that are printed."""

    systems: dict[str, str]
    lead: str
    lead_token: str
    other: str
    other_token: str


def hand_out(settings: Settings, *, drill: Path) -> Desks:
    """Adds the drill's agencies and their tokens; those of an earlier run on the same data end."""
    taking_part = agencies(drill)
    lead, other = taking_part[0], _who_sees_less(taking_part)
    engine = create_engine(engine_url(settings.gateway_database_url))
    with engine.begin() as connection:
        systems = {}
        for one in taking_part:
            desk.add_agency(connection, one.code, kind=one.kind, country=one.country, name=one.name)
            desk.revoke(connection, one.code, actor=PLAYER)
            desk.revoke(connection, one.code, actor=OFFICER)
            systems[one.code] = desk.add_credential(connection, one.code, actor=PLAYER, groups=one.groups)
        lead_token = desk.add_credential(connection, lead.code, actor=OFFICER, groups=lead.groups)
        other_token = desk.add_credential(connection, other.code, actor=OFFICER, groups=other.groups)
    engine.dispose()
    return Desks(systems, lead.code, lead_token, other.code, other_token)


def _who_sees_less(taking_part: list[AgencyOfDrill]) -> AgencyOfDrill:
    """A national body outside the Union and in no group: closed to it is what is for the Union or a group."""
    return next(
        one for one in taking_part if one.kind == "national" and one.country not in EU_MEMBER_STATES and not one.groups
    )
