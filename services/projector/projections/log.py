"""The log as it may be seen: one row an entry, with the line of the log as it stands."""

from datetime import datetime

from services.projector import projection
from services.projector.projection import Row
from services.projector.thing import country_of
from services.shared.lines import Line
from services.shared.tables import entries


@projection.entry
def kept(line: Line, moment: datetime, opening: Line) -> Row:
    return Row(
        entries.name,
        line.entry,
        0,
        {
            "thing": line.thing,
            "type": line.event.type,
            "agency": line.agency,
            # A filter by country reads the opening, so that a thing is found with all that was done to it.
            "country": country_of(opening.event, opening.event.on_behalf_of or opening.agency),
            "moment": moment,
            "occurred_at": line.event.occurred.from_,
            "body": line.body.decode(),
        },
    )
