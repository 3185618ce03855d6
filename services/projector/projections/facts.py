"""The facts behind the figures: one line a contribution of a thing to a metric."""

from collections.abc import Iterator

from schemas.metrics import metric
from services.projector import projection
from services.projector.projection import Row
from services.shared.tables import facts
from services.shared.thing import Thing


@projection.every
def contributed(thing: Thing) -> Iterator[Row]:
    opened = thing.opened
    shared = {
        # Credit and filters go by the opening: a hit is its raiser's, not its verifier's.
        "agency": thing.owner,
        "joint_with": opened.joint_with,
        "country": thing.country,
        "in_scope": opened.in_scope,
        "crime_areas": opened.crime_areas,
        "credit_only": opened.credit_only,
        "countable": opened.countable,
        "source_ref": opened.source_ref,
    }
    for line, given in enumerate(projection.contributions(thing)):
        event = given.by.event
        occurred_at = given.happened_at or event.occurred.from_
        place = event.place or opened.place
        yield Row(
            facts.name,
            thing.id,
            line,
            {
                "metric": given.metric,
                "quantity": given.quantity,
                "unit": given.unit or metric(given.metric).unit,
                "qualifier": given.qualifier,
                "entry": given.by.line.entry,
                **shared,
                "category": given.category or thing.category,
                "phase": event.phase or opened.phase,
                "strand": event.strand or opened.strand,
                "latest_of": given.latest_of,
                "distinct_on": given.distinct_on,
                "manner": given.manner,
                "place": place.spot if place else None,
                "includes_itemised": given.includes_itemised,
                "occurred_at": occurred_at,
                "occurred_to": given.until or occurred_at,
                "position": given.by.line.position,
            },
        )
