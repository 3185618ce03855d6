"""Plays a drill: an operation kept as data is posted through the HTTP API, as its agencies would post it."""

from services.drill.play import DrillRefused, Played, play
from services.drill.story import (
    AgencyOfDrill,
    Drill,
    DrillUnreadable,
    Posting,
    agencies,
    published,
    read_drill,
)

__all__ = [
    "AgencyOfDrill",
    "Drill",
    "DrillRefused",
    "DrillUnreadable",
    "Played",
    "Posting",
    "agencies",
    "play",
    "published",
    "read_drill",
]
