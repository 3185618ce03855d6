"""Whatever policies a log has, no viewer is given a row that its policy denies: judged by a rule told anew here."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from services.projector.runner import Runner
from services.projector.writer import VIEWS, Writer
from services.shared import audiences, thing
from services.shared.settings import Settings
from tests.projector.policies import POLICIES, SEERS, Seer, Written
from tests.projector.random_log import WrittenLog

TOLD_OTHERWISE = {"audience_changes", "restricted"}
"""That a record went from one audience to another, and that one exists, is told by rules of their own."""


async def project(deployment: Settings, log: WrittenLog) -> None:
    writer = await Writer.connect(deployment.projector_database_url, log.operation)
    try:
        await Runner(writer).take(await writer.checkpoint(), log.stored)
    finally:
        await writer.close()


def given_to(
    connection: psycopg.Connection, operation: str, seer: Seer, record_of: dict[UUID, UUID]
) -> dict[str, set[UUID]]:
    """By table, the records of which the gateway's login gets rows for a viewer."""
    found = {}
    with connection.transaction():
        connection.execute(
            "select set_config('vcp.viewer', %s, true), set_config('vcp.operation', %s, true),"
            " set_config('search_path', (select schema from desk.live), true)",
            (",".join(seer.tokens()), operation),
        )
        for table in sorted(set(VIEWS) - TOLD_OTHERWISE):
            rows = connection.execute(f"select distinct key from {table}").fetchall()
            found[table] = {record_of[key] for (key,) in rows}
    return found


def holds(deployment: Settings, policies: list[Any], seers: list[Seer]) -> None:
    written = Written(policies)
    asyncio.run(project(deployment, written.log))
    record_of = {line.entry: line.thing for line in written.log.lines()}
    with psycopg.connect(deployment.gateway_database_url) as connection:
        for seer in seers:
            allowed, found = written.may_see(seer), given_to(connection, written.log.operation, seer, record_of)
            assert {table: seen - allowed for table, seen in found.items() if seen - allowed} == {}
            # Nor is anything kept from them.
            assert found["things"] == found["entries"] == found["timeline"] == allowed


def search(deployment: Settings, *, most: int, phases: Iterable[Phase] = tuple(Phase)) -> None:
    @examples(max_examples=most, deadline=None, derandomize=True, phases=phases,
              suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
    @given(POLICIES, st.lists(SEERS, min_size=3, max_size=5))
    def of_all(policies: list[Any], seers: list[Seer]) -> None:
        holds(deployment, policies, seers)

    of_all()


def test_no_viewer_is_given_what_the_policy_denies(deployment: Settings) -> None:
    search(deployment, most=100)


def _forgets_groups(audience: Any, *, posters: tuple[str, ...]) -> tuple[str, ...]:
    return (audiences.EVERYONE,) if audience.groups else _members(audience, posters=posters)


def _forgets_owners(audience: Any, *, posters: tuple[str, ...]) -> tuple[str, ...]:
    return _members(audience, posters=posters[:1])


def _holds_all_for_the_union(**said: Any) -> tuple[str, ...]:
    return _presented(**{**said, "bound_by_eu_law": True})


_members, _presented = audiences.members, audiences.presented


@pytest.mark.parametrize(
    ("place", "name", "broken"),
    [
        (thing, "members", _forgets_groups),
        (thing, "members", _forgets_owners),
        (thing.Thing, "_changed_handling", lambda one, member: None),
        (audiences, "presented", _holds_all_for_the_union),
    ],
    ids=["groups", "owners", "changes", "union"],
)
def test_a_broken_policy_is_found(
    deployment: Settings, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, broken: Callable[..., Any]
) -> None:
    monkeypatch.setattr(place, name, broken)

    with pytest.raises(AssertionError):
        search(deployment, most=60, phases=[Phase.generate])
