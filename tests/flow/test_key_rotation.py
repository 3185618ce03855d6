"""A master key is changed while an operation runs: every record is read as before, and the log is as it was."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from services.cli.commands import app
from services.shared.bus import Log
from services.shared.nats_rights import INSTALLER
from services.shared.running import as_environment
from services.stack import Stack
from tests.flow.test_non_interference import served

pytestmark = pytest.mark.own_stack  # its keys are moved under another master key

NAME = "Erasmus"
PERSON = {"names": [{"family": NAME, "given": None, "script": "Latn"}], "nationalities": ["IL"], "minor": False}


async def test_records_are_read_as_before_and_the_log_is_as_it_was(stack: Stack, room: Any, tmp_path: Path) -> None:
    person = {**PERSON, "subject_category": "suspect"}
    entries = [room.take("BA", "arrest.made.v1", person=person)["entry"] for _ in range(3)]
    assert CliRunner().invoke(app, ["key", "new", str(tmp_path / "master")]).exit_code == 0
    settings = stack.settings.model_copy(update={"master_key_file": tmp_path / "master"})
    log = await Log.connect(settings, name=INSTALLER, patience=5)
    tail = await log.tail(room.operation)
    headers = {"Authorization": room.as_agency("AT").headers["Authorization"]}

    with served(settings) as url, httpx.Client(base_url=url, headers=headers, timeout=30) as client:

        def read() -> list[dict[str, Any]]:
            return [client.get(f"{room.path}/events/{entry}").json() for entry in entries]

        def found() -> int:
            return len(client.post(f"{room.path}/search", json={"name": NAME}).json()["items"])

        before, found_before = read(), found()
        rotating = CliRunner(env=as_environment(settings)).invoke(app, ["key", "rotate"])
        after, found_after = read(), found()

    assert rotating.exit_code == 0, rotating.output
    assert "3 keys are wrapped anew" in rotating.output.replace("\n", " ")
    assert (before, found_before) == (after, found_after)
    assert all(NAME in str(one) for one in after)
    assert found_before == len(entries)
    assert await log.tail(room.operation) == tail
    await log.close()
