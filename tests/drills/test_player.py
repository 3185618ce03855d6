"""The player: waves in order, versions for commands, patience with a busy gateway, and a plain refusal."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas.subjects import entry_id
from services.drill import DrillRefused, DrillUnreadable, agencies, play, read_drill
from services.drill.waves import waves

CREATED = {"code": "invented", "name": "Invented", "lead": ["FRONTEX"], "priorities": []}
WINDOW = {
    "from": "2022-06-24T00:00:00+02:00",
    "to": "2022-06-25T00:00:00+02:00",
    "time_zone": "Europe/Vienna",
}
FACT = {"evaluation": {"source": "A", "information": "1"}}
HIT = {"database": "SLTD", "object": "document", "query_route": "FIND", "record_owner_country": None}
OPENED = ("2022-06-23T09:00", "FRONTEX", "operation.created.v1", "operation", {**CREATED, "window": WINDOW})
RAISED = ("2022-06-24T09:00", "BA", "hit.raised.v1", "hit", {**FACT, **HIT})
VERIFIED = (
    "2022-06-24T09:00",
    "INTERPOL",
    "hit.verified.v1",
    "verdict",
    {"hit": "@hit", "outcome": "confirmed"},
)
ACTIONED = ("2022-06-24T09:30", "BA", "hit.actioned.v1", "action", {"hit": "@hit", "action": "none"})
TOKENS = {"FRONTEX": "token-of-frontex", "BA": "token-of-ba", "INTERPOL": "token-of-interpol"}

Line = tuple[str, str, str, str, dict[str, Any]]
Answer = Callable[[httpx.Request], httpx.Response]


class Gateway(httpx.AsyncBaseTransport):
    """The other end of the wire: keeps what arrives and takes it, unless the test answers otherwise."""

    def __init__(self, *answers: Answer) -> None:
        self.arrived: list[httpx.Request] = []
        self._answers = list(answers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.arrived.append(request)
        return self._answers.pop(0)(request) if self._answers else taken(request)

    @property
    def ids(self) -> list[str]:
        return [json.loads(request.content)["id"] for request in self.arrived]


def taken(request: httpx.Request) -> httpx.Response:
    report = json.loads(request.content)
    agency = report["source"].split("/")[1].upper()
    entry = entry_id("invented", agency=agency, source=report["source"], id=report["id"])
    return httpx.Response(201, headers={"ETag": f'"after {report["id"]}"'}, json={"entry": str(entry)})


def busy(_: httpx.Request) -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": "0"})


@pytest.fixture
def drill(tmp_path: Path) -> Callable[..., Path]:
    """Writes a drill's folder of these lines."""

    def write(*lines: Line) -> Path:
        members = ("code", "kind", "country", "name", "groups", "offset")
        known = [
            ("FRONTEX", "frontex", None, "Frontex", [], "+02:00"),
            ("BA", "national", "BA", "Invented desk", ["safeguarding"], "+03:00"),
            ("INTERPOL", "interpol", None, "INTERPOL", [], "+02:00"),
        ]
        frame = {
            "operation": "invented",
            "starts": "2022-06-24T00:00",
            "offset": "+02:00",
            "agencies": [dict(zip(members, one, strict=True)) for one in known],
            "usual": {"every": {"audience": {"scope": "all"}, "handling": {"codes": ["H0"]}}},
        }
        (tmp_path / "operation.json").write_text(json.dumps(frame))
        (tmp_path / "reports").mkdir()
        told = [dict(zip(("at", "by", "type", "id", "data"), line, strict=True)) for line in lines]
        (tmp_path / "reports" / "told.ndjson").write_text("".join(f"{json.dumps(one)}\n" for one in told))
        return tmp_path

    return write


async def test_the_operation_is_opened_first_and_its_reports_go_to_its_own_door(
    drill: Callable[..., Path],
) -> None:
    gateway = Gateway()

    played = await play("http://gateway", drill=drill(RAISED, OPENED), tokens=TOKENS, transport=gateway)

    assert [request.url.path for request in gateway.arrived] == [
        "/v1/operations",
        "/v1/operations/invented/events",
    ]
    assert (played.operation, played.posted) == ("invented", 2)
    assert played.last_entry == str(entry_id("invented", agency="BA", source="/ba/drill", id="hit"))


async def test_each_report_carries_the_token_of_the_agency_that_makes_it(drill: Callable[..., Path]) -> None:
    gateway = Gateway()

    await play("http://gateway", drill=drill(OPENED, RAISED, VERIFIED), tokens=TOKENS, transport=gateway)

    assert [request.headers["Authorization"] for request in gateway.arrived] == [
        "Bearer token-of-frontex",
        "Bearer token-of-ba",
        "Bearer token-of-interpol",
    ]


async def test_a_command_is_posted_with_the_newest_version_of_its_thing(drill: Callable[..., Path]) -> None:
    gateway = Gateway()

    await play("http://gateway", drill=drill(OPENED, RAISED, VERIFIED, ACTIONED), tokens=TOKENS, transport=gateway)

    assert [request.headers.get("If-Match") for request in gateway.arrived] == [
        None,
        None,
        '"after hit"',
        '"after verdict"',
    ]


async def test_a_busy_gateway_is_asked_again_with_the_same_report(drill: Callable[..., Path]) -> None:
    gateway = Gateway(busy, busy)

    await play("http://gateway", drill=drill(OPENED), tokens=TOKENS, transport=gateway)

    assert gateway.ids == ["operation"] * 3
    assert len({request.content for request in gateway.arrived}) == 1


async def test_a_refusal_stops_the_play_and_says_what_was_wrong_where(drill: Callable[..., Path]) -> None:
    def refused(_: httpx.Request) -> httpx.Response:
        problem = {
            "title": "Not acceptable",
            "detail": "The report has a fault.",
            "errors": [{"pointer": "/data/lead", "detail": "Name one."}],
        }
        return httpx.Response(422, headers={"Content-Type": "application/problem+json"}, json=problem)

    gateway = Gateway(refused)

    with pytest.raises(DrillRefused) as stopped:
        await play("http://gateway", drill=drill(OPENED, RAISED), tokens=TOKENS, transport=gateway)

    assert str(stopped.value) == (
        "report operation of FRONTEX (operation.created.v1) was answered 422: "
        "Not acceptable; The report has a fault.; /data/lead: Name one."
    )
    assert gateway.ids == ["operation"]


async def test_a_play_until_a_moment_posts_nothing_that_is_told_later(drill: Callable[..., Path]) -> None:
    gateway = Gateway()
    noon = datetime.fromisoformat("2022-06-24T09:00:00+02:00")

    await play(
        "http://gateway",
        drill=drill(OPENED, RAISED, VERIFIED, ACTIONED),
        tokens=TOKENS,
        transport=gateway,
        only_until=noon,
    )

    assert gateway.ids == ["operation", "hit", "verdict"]


async def test_a_paced_play_does_not_wait_for_the_preparation(drill: Callable[..., Path]) -> None:
    gateway = Gateway()

    played = await play(
        "http://gateway",
        drill=drill(OPENED, RAISED, ACTIONED),
        tokens=TOKENS,
        transport=gateway,
        pace=18_000,
    )

    assert 0.1 <= played.seconds < 2


async def test_progress_is_told_after_each_wave(drill: Callable[..., Path]) -> None:
    told: list[tuple[int, int]] = []

    await play(
        "http://gateway",
        drill=drill(OPENED, RAISED),
        tokens=TOKENS,
        transport=Gateway(),
        on_progress=lambda posted, of: told.append((posted, of)),
    )

    assert told == [(1, 2), (2, 2)]


def test_reports_of_one_minute_are_one_wave_unless_one_needs_another(drill: Callable[..., Path]) -> None:
    other = (*RAISED[:3], "other-hit", RAISED[4])

    cut = [[one.id for one in wave] for _, wave in waves(read_drill(drill(OPENED, RAISED, other, VERIFIED)).postings)]

    assert cut == [["operation"], ["hit", "other-hit"], ["verdict"]]


def test_a_report_shows_the_time_of_its_agencys_own_clock(drill: Callable[..., Path]) -> None:
    report = read_drill(drill(OPENED, RAISED)).postings[1].report

    assert report["time"] == "2022-06-24T10:00:00+03:00"
    assert report["data"]["occurred"] == {"from": "2022-06-24T10:00:00+03:00", "precision": "minute"}


def test_a_report_that_names_what_is_not_told_before_it_makes_the_drill_unreadable(
    drill: Callable[..., Path],
) -> None:
    with pytest.raises(DrillUnreadable, match="verdict: names hit, which is not posted before it"):
        read_drill(drill(OPENED, VERIFIED))


def test_who_takes_part_is_known_before_the_play(drill: Callable[..., Path]) -> None:
    known = agencies(drill())

    assert [(one.code, one.kind, one.country, one.groups) for one in known] == [
        ("FRONTEX", "frontex", None, ()),
        ("BA", "national", "BA", ("safeguarding",)),
        ("INTERPOL", "interpol", None, ()),
    ]
