"""Records of which others may know that they exist, because their provider says so: whose they are, no more."""

from collections.abc import Iterator

from services.projector import projection
from services.projector.projection import Row
from services.shared.tables import restricted
from services.shared.thing import Thing


@projection.every
def exists(thing: Thing) -> Iterator[Row]:
    opened = thing.opened
    if opened.show_existence and not thing.retracted and "H2" in thing.handling_of(opened).codes:
        yield Row(restricted.name, thing.id, 0, {"provider": thing.owner})
