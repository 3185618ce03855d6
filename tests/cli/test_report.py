"""The after-action report as a file."""

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


def test_a_report_is_written_to_a_file_and_a_refusal_writes_none(stack: Stack, tmp_path: Path) -> None:
    token = tmp_path / "token"
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "AT", kind="national", country="AT", name=None)
        token.write_text(desk.add_credential(connection, "AT"))
    engine.dispose()
    headers = {"Authorization": f"Bearer {token.read_text()}", "Content-Type": "application/cloudevents+json"}
    opening = {**example(REGISTER["operation.created.v1"]), "id": "opening"}
    opening["data"] |= {"code": "jad-printed", "name": "JAD Printed", "lead": ["AT"], "exercise": False}
    operations = f"{stack.base_url}/v1/operations"
    opened = httpx.post(operations, json=opening, headers=headers)
    assert opened.status_code == 201, opened.text
    httpx.get(f"{operations}/jad-printed/timeline", params={"after": opened.json()["entry"]}, headers=headers)
    where = ["--url", stack.base_url, "--token-file", str(token)]
    written, refused = tmp_path / "report.html", tmp_path / "none.html"

    made = CliRunner().invoke(app, ["report", "jad-printed", "--out", str(written), *where])
    unknown = CliRunner().invoke(app, ["report", "jad-unknown", "--out", str(refused), *where])
    early = CliRunner().invoke(
        app, ["report", "jad-printed", "--out", str(refused), "--as-of", "1999-01-01T00:00:00Z", *where]
    )

    assert (made.exit_code, unknown.exit_code, early.exit_code) == (0, 1, 1)
    assert "JAD Printed" in written.read_text()
    assert not refused.exists()
    assert "outside the operation's span" in early.output
