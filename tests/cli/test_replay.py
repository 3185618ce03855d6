"""An operation told again in a terminal."""

from pathlib import Path

import httpx
from sqlalchemy import create_engine
from typer.testing import CliRunner

from schemas.event import REGISTER
from schemas.publish import example
from services.cli.commands import app
from services.shared import desk
from services.shared.database import engine_url
from services.stack import Stack


def test_a_replay_tells_entries_and_how_figures_moved_and_steps_at_each_enter(stack: Stack, tmp_path: Path) -> None:
    token = tmp_path / "token"
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "AT", kind="national", country="AT", name=None)
        token.write_text(desk.add_credential(connection, "AT"))
    engine.dispose()
    headers = {"Authorization": f"Bearer {token.read_text()}", "Content-Type": "application/cloudevents+json"}
    opening = {**example(REGISTER["operation.created.v1"]), "id": "opening"}
    opening["data"] |= {"code": "jad-told", "lead": ["AT"], "exercise": False}
    arrest = {**example(REGISTER["arrest.made.v1"]), "id": "arrest"}
    arrest["data"] |= {"count": 3}
    operations = f"{stack.base_url}/v1/operations"
    for address, report in ((operations, opening), (f"{operations}/jad-told/events", arrest)):
        answer = httpx.post(address, json=report, headers=headers)
        assert answer.status_code == 201, answer.text
    httpx.get(f"{operations}/jad-told/timeline", params={"after": answer.json()["entry"]}, headers=headers)
    where = ["--url", stack.base_url, "--token-file", str(token)]

    replayed = CliRunner().invoke(app, ["replay", "jad-told", "--speed", "10000", *where])
    stepped = CliRunner().invoke(app, ["replay", "jad-told", "--step", *where], input="\n\n\n")
    unknown = CliRunner().invoke(app, ["replay", "jad-unknown", *where])

    assert (replayed.exit_code, stepped.exit_code, unknown.exit_code) == (0, 0, 1)
    told = [line.strip() for line in replayed.stdout.splitlines()]
    assert [line for line in told if line.startswith("Arrests")] == ["Arrests: 0 -> 3"]
    assert len([line for line in told if " AT  " in line]) == 2
    assert sorted(stepped.stdout.splitlines()) == sorted(replayed.stdout.splitlines())
    assert "404 There is nothing here for you" in unknown.output
