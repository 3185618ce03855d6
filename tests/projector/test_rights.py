"""Who sees which rows: the rule that the gateway applies is repeated by the database, for the gateway's own login."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from schemas.events.arrest import ArrestMade, ArrestUpdated
from schemas.events.duplicate import DuplicateSuggested
from schemas.events.figure import FigureValidated
from schemas.events.handling import HandlingChanged
from schemas.events.record import RecordRetracted
from schemas.events.thb_case import ThbCaseReported
from schemas.wording import AN_ENTRY
from services.projector.writer import VIEWS
from services.shared.settings import Settings
from tests.projector.conftest import Projected
from tests.projector.random_log import WrittenLog

ONLY_AT = {"scope": "named", "agencies": ["AT"]}
OPENS_ROWS = {"statements": FigureValidated, "pairs": DuplicateSuggested}
"""What opens rows of a view in which an arrest has none."""
OF_RECORDS = sorted(set(VIEWS) - {"audience_changes", "restricted"})
"""What a record itself has rows in; a change of its audience, and that it exists, are told by rules of their own."""


def log_entry(log: WrittenLog, position: int) -> UUID:
    return log.lines()[position - 1].entry


def seen_by(deployment: Settings, operation: str, viewer: str, table: str) -> list[tuple[Any, ...]]:
    """What the gateway's login gets of a table for a viewer."""
    with psycopg.connect(deployment.gateway_database_url) as connection:
        connection.execute(
            "select set_config('vcp.viewer', %s, true), set_config('vcp.operation', %s, true), "
            "set_config('search_path', (select schema from desk.live), true)",
            (viewer, operation),
        )
        return connection.execute(f"select key, since, until from {table} order by since, key").fetchall()


@pytest.mark.parametrize("table", OF_RECORDS)
async def test_rows_open_to_their_audience_and_to_their_poster_alone(
    projected: Projected, deployment: Settings, operation: str, table: str
) -> None:
    log = WrittenLog(operation)
    log.post(OPENS_ROWS.get(table, ArrestMade), by="BA", audience=ONLY_AT, incident=AN_ENTRY)

    await projected.take(log)

    assert seen_by(deployment, operation, "everyone,agency:AT", table)
    assert seen_by(deployment, operation, "everyone,agency:BA", table)
    assert seen_by(deployment, operation, "everyone,agency:MD,role:lead", table) == []
    assert seen_by(deployment, operation, "", table) == []
    assert seen_by(deployment, "another-operation", "everyone,agency:AT", table) == []


async def test_a_countable_number_counts_for_all_while_its_content_stays_hidden(
    projected: Projected, deployment: Settings, operation: str
) -> None:
    log = WrittenLog(operation)
    log.post(ThbCaseReported, by="MD", audience=ONLY_AT, handling={"codes": ["H2"]}, countable=True)

    await projected.take(log)

    assert seen_by(deployment, operation, "everyone,agency:RS", "facts")
    for table in set(VIEWS) - {"facts"}:
        assert seen_by(deployment, operation, "everyone,agency:RS", table) == []


async def test_that_a_record_exists_is_known_where_its_provider_says_so_and_nothing_more(
    projected: Projected, deployment: Settings, operation: str
) -> None:
    log = WrittenLog(operation)
    log.post(ArrestMade, by="MD", audience=ONLY_AT, handling={"codes": ["H2"]})
    shown = log.post(ArrestMade, by="MD", audience=ONLY_AT, handling={"codes": ["H2"]}, show_existence=True)

    await projected.take(log)

    assert [row[0] for row in seen_by(deployment, operation, "everyone,agency:RS", "restricted")] == [shown]
    assert seen_by(deployment, "another-operation", "everyone,agency:RS", "restricted") == []
    for table in set(VIEWS) - {"restricted"}:
        assert seen_by(deployment, operation, "everyone,agency:RS", table) == []


@pytest.mark.parametrize("batch", [1, 100])
async def test_who_loses_and_who_gains_a_record_is_told_of_the_change_and_nobody_else(
    projected: Projected, deployment: Settings, operation: str, batch: int
) -> None:
    log = WrittenLog(operation)
    arrest = log.post(ArrestMade, by="BA", audience=ONLY_AT)
    for agency in ("MD", "RS"):
        change = {"new_audience": {"scope": "named", "agencies": [agency]}, "new_handling": {"codes": ["H1"]}}
        log.post(HandlingChanged, by="BA", thing=arrest, target=str(arrest), **change)

    await projected.take(log, batch=batch)

    seen = {
        agency: [row[1] for row in seen_by(deployment, operation, f"agency:{agency}", "audience_changes")]
        for agency in ("AT", "BA", "MD", "RS", "HR")
    }
    assert seen == {"AT": [2], "BA": [2, 3], "MD": [2, 3], "RS": [3], "HR": []}
    changes = sorted(projected.rows()["audience_changes"], key=lambda row: row["since"])
    assert [row["earlier"] for row in changes] == [[arrest], [arrest, log_entry(log, 2)]]


@pytest.mark.parametrize("batch", [1, 100])
async def test_a_tightened_audience_holds_for_the_past_too(
    projected: Projected, deployment: Settings, operation: str, batch: int
) -> None:
    log = WrittenLog(operation)
    arrest = log.post(ArrestMade, by="BA", incident=AN_ENTRY)
    log.post(ArrestUpdated, by="BA", thing=arrest)
    log.post(ArrestMade, by="BA")
    change = {"new_audience": ONLY_AT, "new_handling": {"codes": ["H1"]}}
    log.post(HandlingChanged, by="BA", thing=arrest, target=str(arrest), **change)

    await projected.take(log, batch=batch)

    for table in set(OF_RECORDS) - OPENS_ROWS.keys():
        assert arrest not in {row[0] for row in seen_by(deployment, operation, "everyone,agency:MD", table)}
        assert arrest in {row[0] for row in seen_by(deployment, operation, "everyone,agency:AT", table)}
    assert len(seen_by(deployment, operation, "everyone,agency:MD", "entries")) == 1


async def test_a_retracted_change_of_handling_gives_the_audience_back(
    projected: Projected, deployment: Settings, operation: str
) -> None:
    log = WrittenLog(operation)
    arrest = log.post(ArrestMade, by="BA")
    change = {"new_audience": ONLY_AT, "new_handling": {"codes": ["H1"]}}
    changed = log.post(HandlingChanged, by="BA", thing=arrest, target=str(arrest), **change)
    log.post(RecordRetracted, by="BA", thing=arrest, target=str(changed))

    await projected.take(log, batch=1)

    assert len(seen_by(deployment, operation, "everyone", "entries")) == 3


async def test_the_gateway_reads_and_cannot_write(projected: Projected, deployment: Settings) -> None:
    await projected.writer.checkpoint()

    with psycopg.connect(deployment.gateway_database_url) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from timeline")
