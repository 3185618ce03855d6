"""Where a thing was given to others: what the live stream must take back from some viewers, and tell others anew."""

from collections.abc import Iterator

from services.projector import projection
from services.projector.projection import Arrival, Row
from services.shared.tables import audience_changes


@projection.entry
def given_to_others(arrival: Arrival) -> Iterator[Row]:
    if arrival.audience_id != arrival.audience_id_before:
        opening = arrival.opening
        yield Row(
            audience_changes.name,
            arrival.line.entry,
            0,
            {
                "thing": arrival.line.thing,
                "before_id": arrival.audience_id_before,
                "after_id": arrival.audience_id,
                "country": opening.event.country_for(opening.event.on_behalf_of or opening.agency),
                "category": vars(opening.event).get("category"),
                "earlier": [line.entry for line in arrival.earlier],
                "types": [line.event.type for line in arrival.earlier],
            },
        )
