"""Who guesses at names and passwords learns nothing, costs little and is slowed down."""

from typing import Any

import argon2
import pytest

from services.gateway.attempts import AT_ONCE, Attempts
from services.gateway.by_password import ByPassword
from services.gateway.problems import NameOrPasswordWrong, SlowDown
from services.shared import passwords
from services.shared.database import pool
from services.shared.settings import Settings
from tests.flow.conftest import SignIn, Vcp


@pytest.mark.parametrize("wrong", ["password", "removed", "of the provider"])
def test_nobody_learns_which_names_there_are(room: Any, browser: Any, officer: Any, vcp: Vcp, wrong: str) -> None:
    name, password = officer("BA", *(["--subject", room.operation] if wrong == "of the provider" else []))
    known = browser().post("/v1/session", json={"name": "nobody of that name", "password": "x"})
    if wrong == "removed":
        vcp("officer", "remove", name)
    tried = "a wrong one" if wrong == "password" else password or "x"

    answer = browser().post("/v1/session", json={"name": name, "password": tried})

    assert answer.status_code == known.status_code == 401
    assert answer.content == known.content
    assert [line for line in answer.headers.items() if line[0] != "date"] == [
        line for line in known.headers.items() if line[0] != "date"
    ]
    assert "set-cookie" not in answer.headers


async def test_whoever_is_not_let_in_costs_one_comparison(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    connections = pool(settings.gateway_database_url)
    await connections.open(wait=True, timeout=30)
    async with connections.connection() as connection:
        await connection.execute("insert into desk.agencies (code, kind, added_at) values ('AT', 'national', now())")
        await connection.execute(
            "insert into desk.officers (id, name, agency, password, added_at) values"
            " (gen_random_uuid(), 'known', 'AT', %s, now()), (gen_random_uuid(), 'of the provider', 'AT', null, now())",
            (passwords.hashed("the right password"),),
        )
    by_password = ByPassword(connections)
    compared: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(hasher: argon2.PasswordHasher, kept: str, password: str) -> bool:
        compared.append(kept.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    for name in ("known", "of the provider", "unknown"):
        with pytest.raises(NameOrPasswordWrong):
            await by_password.identity(name, "a wrong password")
    await connections.close()

    assert compared == ["$argon2id$v=19$m=65536,t=3,p=4"] * 3


async def test_a_hash_of_weaker_parameters_is_made_anew(settings: Settings) -> None:
    connections = pool(settings.gateway_database_url)
    await connections.open(wait=True, timeout=30)
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("the right password")
    async with connections.connection() as connection:
        await connection.execute(
            "insert into desk.officers (id, name, agency, password, added_at)"
            " values (gen_random_uuid(), 'known', 'AT', %s, now())",
            (weak,),
        )

    identity = await ByPassword(connections).identity("KNOWN", "the right password")

    async with connections.connection() as connection:
        kept = await (await connection.execute("select password from desk.officers")).fetchone()
    await connections.close()
    assert kept is not None
    assert kept[0] == identity.password != weak
    assert not passwords.is_outdated(kept[0])


@pytest.mark.parametrize("exists", [True, False], ids=["an officer's name", "nobody's name"])
def test_a_name_that_is_tried_too_often_is_slowed_down(room: Any, browser: Any, officer: Any, exists: bool) -> None:
    name = officer("BA")[0] if exists else f"nobody.{room.operation}"
    client = browser()

    answers = [client.post("/v1/session", json={"name": name, "password": "wrong"}) for _ in range(AT_ONCE + 1)]

    assert [answer.status_code for answer in answers] == [401] * AT_ONCE + [429]
    assert answers[-1].json()["type"] == "/problems/slow-down"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 30


def test_attempts_come_back_with_time_and_at_once_after_a_success() -> None:
    now = 1000.0
    attempts = Attempts(clock=lambda: now)
    for _ in range(AT_ONCE):
        attempts.count("a.moser")
    with pytest.raises(SlowDown):
        attempts.count("A.Moser ")

    attempts.count("b.huber")
    now += 30
    attempts.count("a.moser")
    with pytest.raises(SlowDown):
        attempts.count("a.moser")
    attempts.forget("a.moser")
    attempts.count("a.moser")


def test_a_password_is_changed_by_who_knows_the_old_one(room: Any, sign_in: SignIn, browser: Any) -> None:
    client, other = sign_in("BA"), browser()
    name = client.get("/v1/session").json()["name"]
    new = "chosen by the officer"

    wrong = client.post("/v1/session/password", json={"old": "not this one", "new": new})
    short = client.post("/v1/session/password", json={"old": "x", "new": "short"})
    assert (wrong.status_code, short.status_code) == (401, 400)
    assert client.get(room.path).status_code == 200
    assert other.post("/v1/session", json={"name": name, "password": new}).status_code == 401


def test_after_a_change_of_password_the_other_sessions_are_over(room: Any, browser: Any, officer: Any) -> None:
    name, password = officer("BA")
    here, there = browser(), browser()
    for client in (here, there):
        answer = client.post("/v1/session", json={"name": name, "password": password})
        client.headers["Vcp-Session-Mark"] = answer.json()["mark"]

    changed = here.post("/v1/session/password", json={"old": password, "new": "chosen by the officer"})

    assert changed.status_code == 201, changed.text
    assert here.get(room.path).status_code == 200
    there.get("/health/ready")
    assert there.get(room.path).status_code == 401
    assert browser().post("/v1/session", json={"name": name, "password": password}).status_code == 401
    again = browser().post("/v1/session", json={"name": name, "password": "chosen by the officer"})
    assert again.status_code == 201
