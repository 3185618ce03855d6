"""What must hold after the kills: what was acknowledged is in the log, once, as sent; the picture is its projection."""

import asyncio
import json
from collections import Counter
from contextlib import aclosing
from typing import Any

import psycopg
from psycopg.rows import dict_row

from services.projector.rebuild import rebuild
from services.projector.writer import VIEWS
from services.shared.bus import Log
from services.shared.lines import Line, read_line
from services.shared.settings import Settings
from tests.soak.posting import Ledger

_WITHIN_SECONDS = 120


async def log_of(settings: Settings, operation: str) -> list[Line]:
    """The whole log, read from the log itself."""
    log = await Log.connect(settings, name="test")
    lines: list[Line] = []
    try:
        tail = await log.tail(operation)
        async with asyncio.timeout(_WITHIN_SECONDS), aclosing(log.follow(operation, after=0)) as batches:
            async for stored in batches:
                lines += [read_line(one.position, one.body) for one in stored]
                if len(lines) >= tail:
                    break
    finally:
        await log.close()
    return lines


def check_log(lines: list[Line], ledger: Ledger, *, others: int) -> None:
    """Acknowledged ids are the ids in the log, each once; `others` entries were posted before the clients began."""
    assert [line.position for line in lines] == list(range(1, len(lines) + 1))
    stored = {str(line.entry): line for line in lines[others:]}
    assert len(stored) == len(lines) - others
    assert stored.keys() == ledger.receipts.keys()
    for entry, receipt in ledger.receipts.items():
        line, report = stored[entry], ledger.sent[entry]
        assert line.digest == receipt["digest"]
        assert line.recorded_at.isoformat() == receipt["recorded_at"]
        kept = json.loads(line.body)["report"]
        assert {**kept, "data": None} == {**report, "data": None}


def check_contents(read: dict[str, dict[str, Any]], ledger: Ledger) -> None:
    """What a viewer reads of each entry is what was sent, persons included."""
    assert {entry: read[entry] for entry in ledger.sent} == ledger.sent


def check_figure(counted: dict[str, Any], ledger: Ledger) -> None:
    expected = sum(report["data"].get("count", 0) for report in ledger.sent.values())
    assert counted == {"value": expected, "qualifier": "exact"}


async def check_picture(settings: Settings) -> None:
    """Row by row, the live read models are those that a fresh projection of the log gives."""
    before = rows_of(settings)
    await rebuild(settings, keep_old_seconds=0)
    after = rows_of(settings)
    for table, rows in before.items():
        assert rows == after[table], f"rows of {table} differ"


def rows_of(settings: Settings) -> dict[str, Counter[str]]:
    """All rows of the live read models, their audiences by whom they name: each set numbers them anew."""
    found = {}
    with psycopg.connect(settings.database_url, row_factory=dict_row) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        audiences = {
            row["id"]: sorted(row["members"]) for row in connection.execute("select id, members from audiences")
        }
        for table in VIEWS:
            rows = connection.execute(f"select * from {table}").fetchall()
            found[table] = Counter(
                json.dumps({**row, "audience_id": audiences[row["audience_id"]]}, sort_keys=True, default=str)
                for row in rows
            )
    return found
