"""Keys as all NATS tools spell them, and the users of the server as files."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.commands import app
from services.shared.nats_users import BadCode, NatsUsers, seed_files
from services.shared.nkeys import BadSeed, UserKey
from services.shared.running import as_environment
from services.shared.settings import Settings

# The pair that the documentation of NATS gives as its example.
SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"
PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"


def test_a_key_is_spelt_as_other_nats_tools_spell_it() -> None:
    assert UserKey.read(f"{SEED}\n").public == PUBLIC
    assert UserKey.read(SEED).seed == SEED


def test_a_new_key_is_read_back_from_its_seed() -> None:
    key = UserKey.new()

    assert UserKey.read(key.seed).public == key.public


@pytest.mark.parametrize("text", ["", "SU", "not base32!", SEED[:-1] + "A", PUBLIC, f"{SEED}{SEED}"])
def test_what_is_no_seed_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadSeed) as refused:
        UserKey.read(text)

    assert not text or text not in str(refused.value)


def test_seeds_are_made_once_and_stand_nowhere_else(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    NatsUsers(tmp_path / "nats").ensure_services(seed_files(secrets))
    before = {path: path.read_text() for path in secrets.iterdir()}

    NatsUsers(tmp_path / "nats").ensure_services(seed_files(secrets))

    written = "".join(path.read_text() for path in (tmp_path / "nats").iterdir())
    assert {path: path.read_text() for path in secrets.iterdir()} == before
    assert all(path.stat().st_mode & 0o077 == 0 for path in before)
    assert not any(seed.strip() in written for seed in before.values())


def test_an_agencys_keys_go_on_beside_each_other_until_all_are_ended(tmp_path: Path) -> None:
    users = NatsUsers(tmp_path)
    users.ensure_services({})
    keys = [users.add_agency("AT"), users.add_agency("AT"), users.add_agency("BA")]

    text = users.configuration.read_text()
    assert all(key.public in text and key.seed not in text for key in keys)
    assert users.remove_agency("AT") == 2
    assert keys[2].public in users.configuration.read_text()
    assert keys[0].public not in users.configuration.read_text()


@pytest.mark.parametrize("code", ["A", "at", "AT.>", "*", 'AT"', "AT BA", "AT\n"])
def test_what_is_no_agencys_code_becomes_no_subject(tmp_path: Path, code: str) -> None:
    with pytest.raises(BadCode):
        NatsUsers(tmp_path).add_agency(code)


def test_an_agencys_nats_key_is_shown_once_and_ended_with_its_tokens(settings: Settings, tmp_path: Path) -> None:
    users = NatsUsers(tmp_path)
    users.ensure_services({})
    runner = CliRunner(env=as_environment(settings.model_copy(update={"nats_users_folder": tmp_path})))

    added = runner.invoke(app, ["agency", "add", "AT-CUSTOMS", "--nats"], catch_exceptions=False)
    key = UserKey.read(added.stdout.strip().splitlines()[-1])
    between = users.configuration.read_text()
    ended = runner.invoke(app, ["agency", "revoke", "AT-CUSTOMS"], catch_exceptions=False)

    assert added.exit_code == ended.exit_code == 0
    assert key.public in between
    assert '"vcpin.AT-CUSTOMS.*"' in between
    assert key.public not in users.configuration.read_text()
