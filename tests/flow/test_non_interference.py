"""Nothing that a viewer can obtain depends on what they may not see: not a byte, in any answer of any route."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import and_, true

from services.gateway.app import create_app, create_door
from services.gateway.figures import counted, drill_down
from services.gateway.hardened import headers_of_all
from services.gateway.picture import Picture
from services.gateway.roster import Roster
from services.shared.embedded import free_port, held, secret_file
from services.shared.settings import Settings
from services.stack import Stack
from tests.flow.everything_read import A_RANDOM_ID, EXEMPT, SEARCHED, STREAMED, Walk, told
from tests.flow.one_operation_twice import (
    BULK,
    HIDDEN_NAME,
    HIDDEN_NUMBER,
    KNOWN_NAME,
    OPERATION,
    VIEWERS,
    Play,
    ends_hidden,
    play,
    room_of,
)
from tests.flow.test_live import frames

DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()


@dataclass
class Twice:
    """The same operation on two deployments with one secret: without hidden reports, and with them."""

    without: Play
    with_them: Play


@pytest.fixture(scope="module")
def twice() -> Iterator[Twice]:
    with ExitStack() as opened:
        stacks = []
        for _ in range(2):
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="vcp-twice-")))
            folder.chmod(0o711)
            opened.enter_context(held(folder))
            if stacks:
                shutil.copyfile(stacks[0].settings.secret_file, secret_file(folder))
            stack = Stack(folder, settings=Settings(port=free_port()), throwaway=True)
            stacks.append(opened.enter_context(stack))
        rooms = [room_of(stack) for stack in stacks]
        for room in rooms:
            opened.callback(room.close)
        yield Twice(play(rooms[0], with_hidden=False), play(rooms[1], with_hidden=True))


def walked(
    played: Play, viewer: str, *, hidden: list[str], thorough: bool, client: httpx.Client | None = None
) -> dict[str, str]:
    """All answers that this viewer gets, as they came. Each must be what the API pages say of it."""
    moments = ["2022-06-25T06:20:00Z", played.visible[-1]]
    walk = Walk(client or played.room.as_agency(viewer), OPERATION, DOCUMENT, moments, hidden, thorough=thorough)
    walk.walk()
    assert walk.faults == []
    return walk.exact


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    assert one.keys() == other.keys()
    return [asked for asked, answer in one.items() if answer != other[asked]]


def test_the_runs_differ_in_reports_of_every_kind(twice: Twice) -> None:
    types = {item["type"] for item in twice.with_them.room.get("AT", "timeline", limit=1000)["items"]}

    assert len(twice.with_them.hidden) >= BULK
    assert len(types) > 40, sorted(types)
    assert twice.without.visible == twice.with_them.visible


def test_every_route_is_compared_or_left_out_for_a_reason() -> None:
    there = {f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods}
    reads = {route for route in there if route.startswith("GET ")}

    assert EXEMPT.keys() <= there
    assert there - EXEMPT.keys() == (reads - EXEMPT.keys()) | {SEARCHED}


def test_a_search_tells_of_whom_the_viewer_sees_and_of_nobody_else(twice: Twice) -> None:
    found = walked(twice.with_them, "MD", hidden=[], thorough=False)
    searched = {asked: answer for asked, answer in found.items() if "/search " in asked}

    assert sum(KNOWN_NAME in answer for answer in searched.values()) == 2
    assert not [asked for asked, answer in found.items() if HIDDEN_NAME in answer or HIDDEN_NUMBER in answer]
    seen = twice.with_them.room.as_agency("AT").post(
        f"/v1/operations/{OPERATION}/search", json={"name": HIDDEN_NAME}
    )  # fmt: skip
    assert len(seen.json()["items"]) == 2


@pytest.mark.parametrize("viewer", VIEWERS)
def test_what_a_viewer_gets_is_the_same_without_what_they_may_not_see(twice: Twice, viewer: str) -> None:
    hidden = [twice.with_them.hidden[0], twice.with_them.hidden[-1]]

    without, with_them = (
        walked(played, viewer, hidden=hidden, thorough=viewer == VIEWERS[0])
        for played in (twice.without, twice.with_them)
    )

    assert len(without) > 400
    assert differing(told(without), told(with_them)) == []
    for asked, answer in with_them.items():
        if hidden[0] in asked:
            of_random = with_them.get(asked.replace(hidden[0], A_RANDOM_ID), answer)
            one, other = (told({asked: said.replace(hidden[0], A_RANDOM_ID)}) for said in (answer, of_random))
            assert one == other


def test_a_hidden_report_moves_no_byte_of_any_answer(twice: Twice) -> None:
    played = twice.with_them
    before = walked(played, "MD", hidden=[], thorough=False)

    ends_hidden(played)
    played.wait()

    assert differing(before, walked(played, "MD", hidden=[], thorough=False)) == []


def test_a_gateway_that_forgets_every_condition_tells_no_more(twice: Twice, monkeypatch: pytest.MonkeyPatch) -> None:
    played = twice.with_them
    hidden = played.hidden[:1]
    sound = walked(played, "MD", hidden=hidden, thorough=False)

    # Neither the operation nor the audience is asked for any more: what is left is the database's own rule.
    monkeypatch.setattr(Picture, "true_then", lambda picture, table: _of_any_operation(picture, table))
    monkeypatch.setattr(counted, "visible", lambda table: true())
    monkeypatch.setattr(drill_down, "visible", lambda table: true())
    with served(played.room.stack.settings) as url:
        headers = played.room.as_agency("MD").headers
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            broken = walked(played, "MD", hidden=hidden, thorough=False, client=client)

    assert differing(told(sound), told(broken)) == []


def test_a_gateway_that_takes_a_viewer_for_another_is_found(twice: Twice, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Roster.tokens
    monkeypatch.setattr(Roster, "tokens", lambda roster, caller: (*tokens(roster, caller), "agency:AT"))

    answers = []
    for played in (twice.without, twice.with_them):
        with served(played.room.stack.settings) as url:
            headers = played.room.as_agency("MD").headers
            with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
                path = f"/v1/operations/{OPERATION}"
                asked = ("/figures", "/timeline", "/events", "/arrests", "/map", "/replay?step=200")
                answers.append({view: client.get(path + view).text for view in asked})

    without, with_them = answers
    assert differing(told(without), told(with_them)) == sorted(without)


def _of_any_operation(picture: Picture, table: Any) -> Any:
    position = picture.moment.position
    return and_(table.c.since <= position, table.c.until > position)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """A gateway within this process, whose code a test may break."""
    port = free_port()
    headers = headers_of_all(settings)
    config = uvicorn.Config(
        create_door(settings), port=port, log_config=None, server_header=False, proxy_headers=False, headers=headers
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as asking:
            assert asking.get(f"http://127.0.0.1:{port}/health/live").status_code == 200
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def test_to_who_sees_it_the_runs_are_different(twice: Twice) -> None:
    path = f"/v1/operations/{OPERATION}/figures"
    without, with_them = (
        played.room.as_agency("AT").get(path).json()["items"] for played in (twice.without, twice.with_them)
    )

    assert without != with_them


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_live_stream_from_the_beginning_tells_the_same(twice: Twice, viewer: str) -> None:
    streams = []
    for played in (twice.without, twice.with_them):
        room = played.room
        tail = room.get(viewer, "events", as_of=played.visible[0])["tail"]
        address = STREAMED.replace("{operation}", OPERATION)
        found: dict[str, str] = {}
        with room.as_agency(viewer).stream("GET", address, params={"cursor": tail}) as answer:
            for number, frame in enumerate(frames(answer)):
                found[f"{number:04}"] = json.dumps(frame).replace('\\"', '"')
                if f'"entry":"{played.visible[-1]}"' in frame["data"]:
                    break
        streams.append(told(found))

    assert differing(*streams) == []
    assert len(streams[0]) > 30
