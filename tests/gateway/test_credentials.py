"""Who a token is, as long as it is in force: looked up in a real database, believed no longer than is safe."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Connection, create_engine, update

from services.gateway.credentials import Credentials
from services.gateway.problems import SignIn, SignInUnavailable
from services.gateway.watching import CHANNEL, watching
from services.shared import desk
from services.shared.database import engine_url, pool
from services.shared.desk_tables import credentials as table
from services.shared.settings import Settings

HOUR = timedelta(hours=1)


@pytest.fixture
def at_desk(settings: Settings) -> Iterator[Callable[..., Any]]:
    """Does something to the desk in a transaction of its own, with AT already there."""
    engine = create_engine(engine_url(settings.gateway_database_url))

    def do(what: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with engine.begin() as connection:
            return what(connection, *given, **named)

    do(desk.add_agency, "AT", kind="national", country="AT", name=None)
    yield do
    engine.dispose()


@pytest.fixture
async def connections(settings: Settings) -> AsyncIterator[AsyncConnectionPool]:
    opened = pool(settings.gateway_database_url)
    await opened.open(wait=True, timeout=30)
    yield opened
    await opened.close()


@pytest.fixture
async def known(connections: AsyncConnectionPool) -> Credentials:
    return Credentials(connections)


async def refused(known: Credentials, token: str) -> bool:
    try:
        await known.caller(f"Bearer {token}")
    except SignIn:
        return True
    return False


async def until_refused(known: Credentials, token: str, *, within: float = 5) -> None:
    async with asyncio.timeout(within):
        while True:
            if await refused(known, token):
                return
            await asyncio.sleep(0)


async def test_a_token_says_who_calls_and_how_far_it_reaches(known: Credentials, at_desk: Any) -> None:
    scope = desk.Scope(["jad-one"], ["arrest.made.v1"], may_read=False)
    token = at_desk(desk.add_credential, "AT", actor="night shift", groups=["safeguarding"], scope=scope)

    caller = await known.caller(f"Bearer {token}")

    assert (caller.agency, caller.kind, caller.country) == ("AT", "national", "AT")
    assert (caller.actor, caller.groups) == ("night shift", ("safeguarding",))
    assert (caller.may_post, caller.may_read, caller.types) == (True, False, {"arrest.made.v1"})
    assert caller.reaches("jad-one")
    assert not caller.reaches("jad-two")


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Basic dmNwOnZjcA==", "Bearer vcp_unknown", "Bearer a.b.c", "Bearer " + "x" * 9000],
)
async def test_whatever_is_no_token_of_ours_is_refused(known: Credentials, authorization: str | None) -> None:
    with pytest.raises(SignIn):
        await known.caller(authorization)


async def test_a_token_ends_at_its_hour_although_it_was_just_believed(
    settings: Settings, known: Credentials, at_desk: Any
) -> None:
    token = at_desk(desk.add_credential, "AT", lasts=timedelta(milliseconds=300))

    async with watching(settings.gateway_database_url, known):
        assert not await refused(known, token)
        await until_refused(known, token, within=0.9)


async def test_a_revoked_token_is_refused_as_soon_as_gateways_are_told(
    settings: Settings, known: Credentials, at_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.credentials._KEPT_SECONDS", 3600)
    token = at_desk(desk.add_credential, "AT")

    async with watching(settings.gateway_database_url, known):
        assert not await refused(known, token)
        assert at_desk(desk.revoke, "AT") == 1
        await until_refused(known, token)


async def test_a_change_made_by_hand_is_told_too(
    settings: Settings, known: Credentials, at_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.credentials._KEPT_SECONDS", 3600)
    token = at_desk(desk.add_credential, "AT")

    async with watching(settings.gateway_database_url, known):
        assert not await refused(known, token)
        with psycopg.connect(settings.database_url, autocommit=True) as by_hand:
            by_hand.execute("delete from desk.agencies where code = 'AT'")
        await until_refused(known, token)


async def test_while_nobody_tells_of_changes_nothing_is_believed(known: Credentials, at_desk: Any) -> None:
    token = at_desk(desk.add_credential, "AT")
    assert not await refused(known, token)

    at_desk(desk.revoke, "AT")

    assert await refused(known, token)


async def test_the_gateway_listens_again_after_its_connection_was_cut(
    settings: Settings, known: Credentials, at_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.credentials._KEPT_SECONDS", 3600)
    monkeypatch.setattr("services.gateway.watching._PAUSE_SECONDS", 0.01)
    listening = f"select pid from pg_stat_activity where datname = current_database() and query = 'listen {CHANNEL}'"
    token = at_desk(desk.add_credential, "AT")

    async with watching(settings.gateway_database_url, known):
        assert not await refused(known, token)
        with psycopg.connect(settings.database_url, autocommit=True) as owner:
            ((cut,),) = owner.execute(listening).fetchall()
            owner.execute("select pg_terminate_backend(%s)", (cut,))
            async with asyncio.timeout(5):
                while True:
                    if (pids := [pid for (pid,) in owner.execute(listening)]) and cut not in pids:
                        break
                    await asyncio.sleep(0)
        assert not await refused(known, token)
        at_desk(desk.revoke, "AT")
        await until_refused(known, token)


async def test_without_a_database_it_is_not_said_that_the_token_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.gateway.credentials._PATIENCE_SECONDS", 0.2)
    nowhere = pool("postgresql://vcp_gateway@127.0.0.1:1/vcp")
    await nowhere.open()

    with pytest.raises(SignInUnavailable):
        await Credentials(nowhere).caller("Bearer vcp_whatever")

    await nowhere.close()


async def test_both_tokens_are_in_force_during_the_overlap(known: Credentials, at_desk: Any) -> None:
    scope = desk.Scope(["jad-one"], may_post=False)
    old = at_desk(desk.add_credential, "AT", actor="night shift", scope=scope)

    new = at_desk(desk.rotate, "AT", actor="night shift", overlap=HOUR)

    callers = [await known.caller(f"Bearer {token}") for token in (old, new)]
    assert {(one.actor, one.may_post, one.operations) for one in callers} == {
        ("night shift", False, frozenset(["jad-one"]))
    }
    assert len({one.credential for one in callers}) == 2


async def test_after_the_overlap_only_the_new_token_is_in_force(known: Credentials, at_desk: Any) -> None:
    old = at_desk(desk.add_credential, "AT")

    new = at_desk(desk.rotate, "AT", overlap=timedelta(0))

    assert await refused(known, old)
    assert not await refused(known, new)


def test_an_overlap_lengthens_no_token(at_desk: Any) -> None:
    at_desk(desk.add_credential, "AT", lasts=HOUR)

    at_desk(desk.rotate, "AT", overlap=timedelta(days=30))

    old, new = at_desk(desk.all_credentials)
    assert old.expires_at == old.added_at + HOUR
    assert new.expires_at == new.added_at + HOUR
    assert old.replaced_by == new.id


def test_of_two_tokens_the_one_to_rotate_must_be_named(at_desk: Any) -> None:
    for _ in range(2):
        at_desk(desk.add_credential, "AT")

    with pytest.raises(desk.NoSuchCredential) as several:
        at_desk(desk.rotate, "AT", overlap=HOUR)

    first, second = several.value.fitting
    at_desk(desk.rotate, "AT", id_begins=str(first.id), overlap=HOUR)
    assert at_desk(desk.all_credentials)[0].replaced_by is not None
    at_desk(desk.rotate, "AT", id_begins=str(second.id), overlap=HOUR)


def test_one_token_of_several_is_revoked_by_its_id(at_desk: Any) -> None:
    for _ in range(2):
        at_desk(desk.add_credential, "AT")
    first, second = at_desk(desk.all_credentials)

    ended = at_desk(desk.revoke, "AT", id_begins=str(first.id)[:8])

    assert ended == 1
    assert [one.id for one in at_desk(desk.all_credentials) if one.in_force] == [second.id]


def test_tokens_of_before_the_scopes_keep_all_their_rights(at_desk: Any) -> None:
    at_desk(desk.add_credential, "AT")

    def as_they_were(connection: Connection) -> None:
        connection.execute(update(table).values(operations=None, types=None))

    at_desk(as_they_were)

    (one,) = at_desk(desk.all_credentials)
    assert one.scope == desk.EVERYTHING
