"""Who takes part, and with how many officers."""

from collections.abc import Iterator

from schemas.events.deployment import DeploymentReported
from schemas.events.participant import ParticipantJoined, ParticipantLeft
from services.projector import projection
from services.projector.particulars import own_members
from services.projector.projection import Contribution, Description, stated
from services.shared.thing import Thing


@projection.describes(ParticipantJoined)
def described(thing: Thing) -> Description:
    return Description("left" if thing.last(ParticipantLeft) else "joined", own_members(thing.opened))


@projection.counts(ParticipantJoined)
def counted(thing: Thing) -> Iterator[Contribution]:
    """Joined at any time: who has left took part all the same. A country's second body adds no country."""
    joined, by = thing.opened, thing.opening_in_force
    assert isinstance(joined, ParticipantJoined)
    if joined.kind == "national":
        yield Contribution(metric="participants.countries", by=by, distinct_on=joined.country)
    else:
        yield Contribution(metric="participants.bodies", by=by, distinct_on=joined.agency)


@projection.counts(DeploymentReported)
def deployed(thing: Thing) -> Iterator[Contribution]:
    """The latest of an agency at a place replaces what it said of that place before."""
    deployment = thing.opened
    assert isinstance(deployment, DeploymentReported)
    place = deployment.place
    where = [place.country, place.border_section, place.crossing_point, place.text]
    yield Contribution(
        metric="officers",
        by=thing.opening_in_force,
        latest_of="|".join(["officers", thing.owner, *(part or "" for part in where)]),
        **stated(deployment.officers),
    )
