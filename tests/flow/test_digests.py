"""What somebody saw at a moment can be shown again: the same bytes by `as_of`, also from read models made anew."""

import asyncio
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from services.projector.rebuild import rebuild

pytestmark = pytest.mark.own_stack  # all read models are made anew

VIEWS = ("timeline", "figures", "arrests", "events", "map")
VIEWERS = ("AT", "MD", "EUROPOL", "FRONTEX")
MOMENTS = 10


def test_two_hundred_digests_of_the_picture_are_the_same_after_a_rebuild(room: Any) -> None:
    random = Random(5)
    audiences = [{"scope": "all"}, {"scope": "eu"}, {"scope": "named", "agencies": ["AT", "EUROPOL"]}]
    arrests = []
    seen: dict[tuple[str, str, str], str] = {}
    for _ in range(MOMENTS):
        for _ in range(3):
            if arrests and random.random() < 0.3:
                arrest = arrests.pop(random.randrange(len(arrests)))
                same = {"audience": arrest["audience"], "etag": arrest["etag"]}
                last = room.take("BA", "record.retracted.v1", target=arrest["entry"], reason="wrong", **same)
            else:
                audience = random.choice(audiences)
                members = {"count": random.randrange(1, 9), "category": random.choice(["smuggler", "fugitive", None])}
                last = room.take("BA", "arrest.made.v1", audience=audience, **members)
                arrests.append({**last, "audience": audience})
        shown = room.take("BA", "vehicle.detected.v1")
        for viewer in VIEWERS:
            for view in VIEWS:
                seen[viewer, view, shown["entry"]] = digest(room, viewer, view, shown["entry"])

    rebuilt = asyncio.run(rebuild(room.stack.settings, keep_old_seconds=0))

    assert len(seen) == 200
    assert rebuilt.differences == []
    assert {asked: digest(room, *asked) for asked in seen} == seen


def digest(room: Any, viewer: str, view: str, as_of: str) -> str:
    answer = room.as_agency(viewer).get(f"{room.path}/{view}", params={"as_of": as_of})
    assert answer.status_code == 200, answer.text
    return sha256(answer.content).hexdigest()
