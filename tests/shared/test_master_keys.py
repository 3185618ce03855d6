"""Master keys: had from a file or a command, changed without touching what they are for, and never shown."""

import os
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool
from typer.testing import CliRunner

from services.cli.commands import app
from services.shared.database import pool
from services.shared.master_keys import MasterKeys, UnknownMasterKey, new_master_key
from services.shared.rewrapping import rewrap, standing
from services.shared.running import as_environment
from services.shared.settings import Settings, SettingsRefused
from services.shared.vault import Block, Vault

OPERATION = "jad-invented"


@pytest.fixture
async def connections(settings: Settings) -> AsyncIterator[AsyncConnectionPool]:
    made = pool(settings.gateway_database_url)
    await made.open(wait=True, timeout=30)
    yield made
    await made.close()


@pytest.fixture
def desk(settings: Settings) -> Iterator[psycopg.Connection]:
    with psycopg.connect(settings.gateway_database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def master(tmp_path: Path) -> Path:
    file = tmp_path / "master"
    new_master_key(file)
    return file


def vault(connections: AsyncConnectionPool, settings: Settings) -> Vault:
    secret = settings.secret_file.read_bytes()
    return Vault(connections, secret, masters=MasterKeys.of(settings))


def under(settings: Settings, **said: object) -> Settings:
    return settings.model_copy(update=said)


async def made(vault: Vault, count: int) -> dict[UUID, bytes]:
    blocks = [Block("", uuid4(), {}) for _ in range(count)]
    packed = vault.packed(blocks, operation=OPERATION)
    return await vault.keys_for(packed, operation=OPERATION, entry_of={block.key: uuid4() for block in blocks})


async def test_keys_wrapped_anew_open_under_the_new_master_key_alone(
    settings: Settings, connections: AsyncConnectionPool, desk: psycopg.Connection, master: Path, tmp_path: Path
) -> None:
    first = await made(vault(connections, settings), 3)
    with_master = under(settings, master_key_file=master)
    second = await made(vault(connections, with_master), 3)
    new_master_key(tmp_path / "next")
    rotated = under(settings, master_key_file=tmp_path / "next", master_key_before_file=master)
    assert len(standing(desk, MasterKeys.of(rotated))) == 2

    done = rewrap(desk, MasterKeys.of(rotated))

    alone = MasterKeys.of(under(settings, master_key_file=tmp_path / "next"))
    assert done == len(first) + len(second)
    assert standing(desk, alone) == {alone.current.name: done}
    assert await vault(connections, under(settings, master_key_file=tmp_path / "next")).find(first | second) == {
        **first,
        **second,
    }
    with pytest.raises(UnknownMasterKey):
        await vault(connections, with_master).find(first)


async def test_whoever_is_interrupted_goes_on(
    settings: Settings, connections: AsyncConnectionPool, desk: psycopg.Connection, master: Path
) -> None:
    keys = await made(vault(connections, settings), 1_200)
    rotated = under(settings, master_key_file=master)
    masters = MasterKeys.of(rotated)

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrap(desk, masters, tell=interrupted)
    between = standing(desk, masters)
    assert await vault(connections, rotated).find(keys) == keys
    rest = rewrap(desk, masters)

    assert 0 < between[masters.current.name] < len(keys)
    assert rest == len(keys) - between[masters.current.name]
    assert await vault(connections, rotated).find(keys) == keys


async def test_an_erased_key_stays_erased(
    settings: Settings, connections: AsyncConnectionPool, desk: psycopg.Connection, master: Path
) -> None:
    keys = await made(vault(connections, settings), 2)
    gone = next(iter(keys))
    desk.execute("update desk.keys set wrapped = null, erased_at = now() where id = %s", (gone,))

    rewrap(desk, MasterKeys.of(under(settings, master_key_file=master)))

    assert set(await vault(connections, under(settings, master_key_file=master)).find(keys)) == set(keys) - {gone}


async def test_a_key_under_a_master_key_that_is_not_given_stops_the_start(
    settings: Settings, connections: AsyncConnectionPool, desk: psycopg.Connection, master: Path
) -> None:
    await vault(connections, settings).check()
    await made(vault(connections, under(settings, master_key_file=master)), 1)
    await vault(connections, under(settings, master_key_file=master)).check()
    name = MasterKeys.of(under(settings, master_key_file=master)).current.name

    with pytest.raises(UnknownMasterKey, match=name):
        await vault(connections, settings).check()
    with pytest.raises(UnknownMasterKey):
        rewrap(desk, MasterKeys.of(settings))


@pytest.mark.parametrize("spelt", ["bytes", "hexadecimal", "base64"])
def test_a_command_gives_the_key_that_a_file_would(settings: Settings, tmp_path: Path, spelt: str) -> None:
    key = os.urandom(32)
    said = {"bytes": key, "hexadecimal": key.hex().encode() + b"\n", "base64": b64encode(key) + b"\n"}[spelt]
    file = tmp_path / "key"
    file.write_bytes(said)
    file.chmod(0o600)

    of_file = MasterKeys.of(under(settings, master_key_file=file))
    of_command = MasterKeys.of(under(settings, master_key_command=f"cat {file}"))

    assert of_file.current.name == of_command.current.name != MasterKeys.of(settings).current.name


def test_a_key_that_cannot_be_had_is_refused_without_a_word_of_it(settings: Settings, tmp_path: Path) -> None:
    short, open_to_others = tmp_path / "short", tmp_path / "open"
    short.write_text("invented-and-short")
    short.chmod(0o600)
    open_to_others.write_bytes(os.urandom(32))
    open_to_others.chmod(0o640)
    tried: list[dict[str, object]] = [
        {"master_key_file": short},
        {"master_key_file": tmp_path / "none"},
        {"master_key_file": open_to_others},
        {"master_key_command": f"cat {short}"},
        {"master_key_command": f"cat {short} {tmp_path / 'none'}"},
        {"master_key_before_command": "no-such-command-here"},
        {"master_key_command": "unclosed '"},
        {"master_key_command": ""},
        {"master_key_before_command": "  "},
    ]

    for said in tried:
        with pytest.raises(SettingsRefused) as refused:
            MasterKeys.of(under(settings, **said))
        assert "VCP_MASTER_KEY" in str(refused.value)
        assert "invented-and-short" not in str(refused.value)


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("spell", [str.lower, str.upper])
def test_half_a_key_spelt_out_in_digits_is_not_taken_for_a_whole_one(
    settings: Settings, tmp_path: Path, end: str, spell: Callable[[str], str]
) -> None:
    half = tmp_path / "half"
    half.write_text(spell(os.urandom(16).hex()) + end)
    half.chmod(0o600)

    for said in ({"master_key_file": half}, {"master_key_command": f"cat {half}"}):
        with pytest.raises(SettingsRefused, match="32 bytes") as refused:
            MasterKeys.of(under(settings, **said))
        assert half.read_text().strip() not in str(refused.value)


def test_a_key_comes_from_one_place() -> None:
    with pytest.raises(SettingsRefused, match="VCP_MASTER_KEY_COMMAND"):
        Settings.read({"VCP_MASTER_KEY_FILE": "a", "VCP_MASTER_KEY_COMMAND": "b"})
    with pytest.raises(SettingsRefused):
        Settings.read({"VCP_MASTER_KEY": "00" * 32})


async def test_the_commands_make_a_key_and_move_everything_under_it(
    settings: Settings, connections: AsyncConnectionPool, tmp_path: Path
) -> None:
    keys = await made(vault(connections, settings), 3)
    file = tmp_path / "made"
    rotated = under(settings, master_key_file=file)
    runner = CliRunner(env=as_environment(rotated))

    assert runner.invoke(app, ["key", "new", str(file)]).exit_code == 0
    assert runner.invoke(app, ["key", "new", str(file)]).exit_code == 1
    before, rotating, after = (runner.invoke(app, ["key", word]) for word in ("status", "rotate", "status"))
    without = CliRunner(env=as_environment(settings)).invoke(app, ["key", "status"])

    assert (file.stat().st_mode & 0o777, len(file.read_bytes())) == (0o600, 32)
    assert [one.exit_code for one in (before, rotating, after, without)] == [0, 0, 0, 1]
    name = MasterKeys.of(rotated).current.name
    assert f"{name}          0 keys  current" in before.stdout
    assert f"{name}          3 keys  current" in after.stdout
    assert f"{name}          3 keys  not given" in without.stdout
    assert await vault(connections, rotated).find(keys) == keys
