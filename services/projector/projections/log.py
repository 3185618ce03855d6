"""The log as it may be seen: one row an entry, with the line of the log as it stands."""

from collections.abc import Iterator

from services.projector import projection
from services.projector.projection import Arrival, Row
from services.shared.tables import entries


@projection.entry
def kept(arrival: Arrival) -> Iterator[Row]:
    line, opening = arrival.line, arrival.opening
    yield Row(
        entries.name,
        line.entry,
        0,
        {
            "thing": line.thing,
            "type": line.event.type,
            "agency": line.agency,
            # Filters by country and category read the opening, so that a thing is found with all that was done to it.
            "country": opening.event.country_for(opening.event.on_behalf_of or opening.agency),
            "category": vars(opening.event).get("category"),
            "moment": arrival.moment,
            "occurred_at": line.event.occurred.from_,
            "born_to": arrival.audience_id,
            "body": line.body.decode(),
        },
    )
