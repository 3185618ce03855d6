"""Erasure: a gateway that starts while the picture is behind opens no person before it knows who was erased."""

from typing import Any

import httpx
import pytest

from schemas.subjects import entry_id
from services.stack import Stack
from tests.flow.test_erasure import NAME, PERSON
from tests.flow.test_non_interference import served

pytestmark = pytest.mark.own_stack  # the projector is stopped


def test_no_person_is_shown_before_the_picture_has_come_to_the_erasures(room: Any, stack: Stack) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=PERSON)
    room.take("MD", "arrest.made.v1", person=None)
    headers = {"Authorization": room.as_agency("AT").headers["Authorization"]}
    erasure = room.report("person.erased.v1", target=arrest["entry"], blocks=None)
    entry = entry_id(room.operation, agency="BA", source=erasure["source"], id=erasure["id"])
    stack.projector.stop()
    assert room.post("BA", erasure, etag=arrest["etag"]).json()["type"] == "/problems/picture-behind"

    with served(stack.settings) as url, httpx.Client(base_url=url + room.path, headers=headers, timeout=60) as late:
        behind = late.get(f"/events/{arrest['entry']}")
        others = [late.get(path).status_code for path in ("/timeline", "/figures", "/arrests")]
        searched = late.post("/search", json={"name": NAME})
        stack.projector.start()
        told = late.get(f"/events/{arrest['entry']}", params={"after": str(entry), "wait": 30})

    assert (behind.status_code, behind.json()["type"]) == (503, "/problems/picture-behind")
    assert "Retry-After" in behind.headers
    assert searched.status_code == 503
    assert NAME not in behind.text + searched.text
    assert others == [200, 200, 200]
    assert (told.status_code, told.json()["erased"]) == (200, ["/person"])
    assert NAME not in room.as_agency("AT").get(f"{room.path}/events/{arrest['entry']}").text
