"""The timeline: a line an entry, with what holds of it."""

from collections.abc import Iterator

from services.projector import projection
from services.projector.projection import Row
from services.shared.tables import timeline
from services.shared.thing import Thing


@projection.every
def told(thing: Thing) -> Iterator[Row]:
    opened = thing.opened
    # A command that says nothing of its own is found where the record that it changes is found.
    country = thing.country
    for line in thing.history:
        event = thing.event_of(line)
        place = event.place or opened.place
        occurred, handling = event.occurred, thing.handling_of(event)
        yield Row(
            timeline.name,
            line.entry,
            0,
            {
                "thing": line.thing,
                "type": event.type,
                "headline": event.headline(),
                "state": thing.state_of(line),
                "agency": line.agency,
                "on_behalf_of": event.on_behalf_of,
                "country": country,
                "category": thing.category,
                "occurred_at": occurred.from_,
                "occurred_to": occurred.to,
                "precision": occurred.precision,
                "recorded_at": line.recorded_at,
                "phase": event.phase or opened.phase,
                "strand": event.strand or opened.strand,
                "in_scope": opened.in_scope,
                "crime_areas": event.crime_areas or opened.crime_areas,
                "handling": list(handling.codes),
                "conditions": handling.text,
                "incident": event.incident or opened.incident,
                "place": place.text if place else None,
                "latitude": place.latitude if place else None,
                "longitude": place.longitude if place else None,
                "crossing_point": place.crossing_point if place else None,
                "border_section": place.border_section if place else None,
                "imported": line.imported,
            },
        )
