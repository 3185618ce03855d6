"""The drill through the real stack: the published figures, defended event by event, and what a crash leaves."""

import json
import os
import signal
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from services.cli.desks import hand_out
from services.drill import play, published
from services.projector import projection
from services.shared.bus import Log
from services.shared.lines import Line, read_line
from services.shared.thing import Thing
from services.stack import Stack

pytestmark = pytest.mark.own_stack  # they stop and kill parts, and empty the read models

DRILL = Path(__file__).parents[2] / "drills" / "jad-danube-2022"
POSITIONS = 25


@dataclass
class Danube:
    """The drill as it was played, seen by the lead and by an officer who sees less."""

    stack: Stack
    operation: str
    last: str
    lead: httpx.Client
    other: httpx.Client

    def get(self, view: str, **query: Any) -> dict[str, Any]:
        answer = self.lead.get(f"/v1/operations/{self.operation}/{view}", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def all(self, view: str) -> list[dict[str, Any]]:
        """The items of all pages."""
        page = self.get(view, limit=300)
        items: list[dict[str, Any]] = page["items"]
        while page["next"]:
            page = self.get(view, limit=300, cursor=page["next"])
            items += page["items"]
        return items


@pytest.fixture(scope="module")
async def danube(stack: Stack) -> Any:
    desks = hand_out(stack.settings, drill=DRILL)
    played = await play(stack.base_url, drill=DRILL, tokens=desks.systems)
    clients = [
        httpx.Client(base_url=stack.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        for token in (desks.lead_token, desks.other_token)
    ]
    danube = Danube(stack, played.operation, played.last_entry, *clients)
    danube.get("timeline", after=played.last_entry, wait=30, limit=1)
    yield danube
    for client in clients:
        client.close()


def test_the_figures_are_those_that_were_published(danube: Danube) -> None:
    for one in published(DRILL):
        counted = danube.get(f"figures/{one['metric']}")["deduplicated"]
        if one["published"] == "not stated":
            assert counted == {"value": None, "qualifier": "not_stated"}, one["metric"]
        else:
            assert counted == {"value": one["published"], "qualifier": "exact"}, one["metric"]


def test_the_lines_behind_every_figure_sum_to_it(danube: Danube) -> None:
    for figure in danube.get("figures")["items"]:
        lines = danube.all(f"figures/{figure['metric']}/events")

        stated = [
            Decimal(str(line["contribution"]["value"])) for line in lines if line["contribution"]["value"] is not None
        ]
        value = figure["deduplicated"]["value"]

        assert sum(stated, Decimal()) == Decimal(str(value or 0)), figure["metric"]
        assert all(line["entry"] for line in lines), figure["metric"]


def test_who_sees_less_sees_the_same_totals_and_no_case(danube: Danube) -> None:
    path = f"/v1/operations/{danube.operation}"

    assert danube.other.get(f"{path}/cases").json()["items"] == []
    assert danube.other.get(f"{path}/figures/thb_victims.minors").json()["deduplicated"]["value"] == 3
    lines = danube.other.get(f"{path}/figures/thb_victims.minors/events").json()["items"]
    assert {line["headline"] for line in lines} == {"restricted"}


def test_at_noon_of_the_first_day_the_fugitive_was_known_and_little_else(danube: Danube) -> None:
    noon = "2022-06-24T12:00:00+02:00"

    assert danube.get("figures/arrests.fugitives", as_of=noon)["deduplicated"]["value"] == 1
    assert danube.get("figures/arrests.smugglers", as_of=noon)["deduplicated"]["value"] < 10
    assert danube.get("figures/cross_checks", as_of=noon)["deduplicated"]["value"] < 100


async def test_the_picture_as_of_any_position_is_a_projection_of_the_log_cut_there(danube: Danube) -> None:
    lines = await _lines(danube)
    projection.find_views()
    rng = Random(20220624)

    for cut in sorted(rng.sample(range(1, len(lines) + 1), POSITIONS)):
        assert _stored(danube, cut) == _projected(lines[:cut]), f"as of position {cut}"


async def test_a_projector_killed_on_the_way_ends_with_the_same_rows(danube: Danube) -> None:
    lines = await _lines(danube)
    before = _stored(danube, len(lines))
    with psycopg.connect(danube.stack.settings.database_url, autocommit=True) as connection:
        (schema,) = connection.execute("select schema from desk.live").fetchone() or ("",)
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = %s", (schema,)
        )
        names = [name for (name,) in tables.fetchall()]
        danube.stack.projector.stop()
        connection.execute(f"truncate {', '.join(f'{schema}.{name}' for name in names)}")

    for share in (0.2, 0.5, 0.8):
        danube.stack.projector.start()
        _wait_for_position(danube, int(len(lines) * share))
        os.kill(danube.stack.projector.pid, signal.SIGKILL)
        danube.stack.projector.stop()
    danube.stack.projector.start()
    _wait_for_position(danube, len(lines))

    assert _stored(danube, len(lines)) == before


def test_a_restart_of_the_whole_stack_loses_nothing(danube: Danube) -> None:
    before = [danube.get("figures")["items"], danube.get("timeline", limit=1000)["items"]]

    danube.stack.stop()
    danube.stack.start()

    assert [danube.get("figures")["items"], danube.get("timeline", limit=1000)["items"]] == before


async def test_playing_it_again_changes_nothing(danube: Danube) -> None:
    before = danube.get("figures")["items"]
    desks = hand_out(danube.stack.settings, drill=DRILL)

    await play(danube.stack.base_url, drill=DRILL, tokens=desks.systems)

    danube.lead.headers["Authorization"] = f"Bearer {desks.lead_token}"
    assert danube.get("figures")["items"] == before


async def _lines(danube: Danube) -> list[Line]:
    log = await Log.connect(danube.stack.settings, name="test")
    tail, lines = await log.tail(danube.operation), []
    async for batch in log.follow(danube.operation, after=0):
        lines += [read_line(stored.position, stored.body) for stored in batch]
        if len(lines) >= tail:
            break
    await log.close()
    return lines


def _projected(lines: list[Line]) -> dict[str, list[str]]:
    """What the views say of a log, each thing read by itself."""
    histories: dict[UUID, list[Line]] = {}
    for line in lines:
        histories.setdefault(line.thing, []).append(line)
    found: dict[str, list[str]] = {"things": [], "facts": [], "timeline": []}
    for history in histories.values():
        for row in projection.rows(Thing(tuple(history))).values():
            if row.table in found:
                found[row.table].append(_said({"key": row.key, "line": row.line, **row.values}))
    return {table: sorted(rows) for table, rows in found.items()}


def _stored(danube: Danube, position: int) -> dict[str, list[str]]:
    """The rows of the read models that were true at a position."""
    found = {}
    with psycopg.connect(danube.stack.settings.database_url, row_factory=dict_row) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        for table in ("things", "facts", "timeline"):
            rows = connection.execute(
                f"select * from {table} where operation = %s and since <= %s and until > %s",
                (danube.operation, position, position),
            )
            found[table] = sorted(_said(row) for row in rows)
    return found


def _said(row: dict[str, Any]) -> str:
    """A row as text, the same whether it was read from the database or made by a view."""
    left_out = {"operation", "since", "until", "audience_id"}
    shown = {name: _plain(value) for name, value in row.items() if name not in left_out}
    return json.dumps(shown, sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    if hasattr(value, "astimezone"):
        return value.timestamp()
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and value[:1] in "{[":
        return _plain(json.loads(value))
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _wait_for_position(danube: Danube, position: int) -> None:
    reached = 0
    with psycopg.connect(danube.stack.settings.database_url, autocommit=True) as connection:
        while reached < position:
            connection.execute("select set_config('search_path', (select schema from desk.live), false)")
            row = connection.execute(
                "select position from checkpoints where operation = %s", (danube.operation,)
            ).fetchone()
            reached = row[0] if row else 0
