"""Operators ask whether the picture is what the log says, and make it anew."""

import psycopg
import pytest
from typer.testing import CliRunner

from services.cli.commands import app
from services.shared.running import as_environment
from tests.flow.conftest import Room, room  # noqa: F401  (the fixture)

pytestmark = pytest.mark.own_stack  # the read models are spoilt


def test_a_picture_is_verified_spoilt_found_out_and_made_anew(room: Room) -> None:  # noqa: F811
    room.take("BA", "arrest.made.v1", count=3)
    runner = CliRunner(env=as_environment(room.stack.settings))

    whole = runner.invoke(app, ["verify-picture"])
    with psycopg.connect(room.stack.settings.database_url) as connection:
        connection.execute("select set_config('search_path', (select schema from desk.live), true)")
        connection.execute("update facts set quantity = 4 where metric = 'arrests' and quantity = 3")
    spoilt = runner.invoke(app, ["verify-picture"])

    assert (whole.exit_code, spoilt.exit_code) == (0, 1), (whole.output, spoilt.output)
    assert "The picture is what the log says, to the row" in whole.output
    assert f"{room.operation} at " in spoilt.stdout
    assert "facts: 1 rows that the log does not give, 1 missing" in spoilt.stdout
    assert room.figure("AT", "arrests")["value"] == 4
