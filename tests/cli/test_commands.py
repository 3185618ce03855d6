"""Every command explains itself, and an agency's token is shown once."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import click
import pytest
import typer
from sqlalchemy import create_engine, select
from typer.testing import CliRunner

from services.cli.commands import app
from services.shared.database import engine_url
from services.shared.desk_tables import agencies, credentials
from services.shared.running import as_environment
from services.shared.settings import Settings


def commands() -> list[tuple[str, ...]]:
    def below(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        if not hasattr(command, "commands"):
            return [path]
        return [path, *(found for name, one in command.commands.items() for found in below(one, (*path, name)))]

    return below(typer.main.get_command(app), ())


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_has_an_example_in_its_help(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"})

    assert shown.exit_code == 0
    assert "For example: " in shown.output


def test_an_agencys_token_is_shown_once_and_kept_as_a_hash(settings: Settings) -> None:
    runner = CliRunner(env=as_environment(settings))

    added = runner.invoke(
        app, ["agency", "add", "AT-CUSTOMS", "--desk", "night shift", "--group", "safeguarding", "--read-only"]
    )
    listed = runner.invoke(app, ["agency", "list"], env={"COLUMNS": "200"})

    token = added.stdout.strip().splitlines()[-1]
    engine = create_engine(engine_url(settings.database_url))
    with engine.connect() as connection:
        kept = connection.execute(select(credentials)).one()
        agency = connection.execute(select(agencies)).one()
    engine.dispose()
    assert len(token) == len("vcp_") + 43
    assert token not in listed.output
    assert kept.digest == sha256(token.encode()).digest()
    assert (kept.agency, kept.actor, kept.groups, kept.may_post) == (
        "AT-CUSTOMS",
        "night shift",
        ["safeguarding"],
        False,
    )
    assert (agency.kind, agency.country) == ("national", "AT")


def test_a_revoked_token_is_no_longer_in_force(settings: Settings) -> None:
    runner = CliRunner(env=as_environment(settings))
    runner.invoke(app, ["agency", "add", "EUROPOL"])

    revoked = runner.invoke(app, ["agency", "revoke", "EUROPOL"])
    again = runner.invoke(app, ["agency", "revoke", "EUROPOL"])

    assert revoked.exit_code == 0
    assert "revoked" in runner.invoke(app, ["agency", "list"], env={"COLUMNS": "200"}).output
    assert again.exit_code == 1


def test_a_token_is_listed_with_how_far_it_reaches_and_when_it_ends(settings: Settings) -> None:
    runner = CliRunner(env=as_environment(settings))
    reach = ["--operation", "jad-one", "--operation", "jad-two", "--type", "arrest.made.v1", "--post-only"]
    runner.invoke(app, ["agency", "add", "BA", *reach, "--expires", "30d"])

    listed = runner.invoke(app, ["agency", "list"], env={"COLUMNS": "200"}).output

    ends = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"
    assert all(said in listed for said in ("jad-one, jad-two", "arrest.made.v1", "post", f"until {ends}"))
    assert "read" not in listed


def test_a_rotated_token_gives_way_to_a_new_one(settings: Settings) -> None:
    runner = CliRunner(env=as_environment(settings))
    first = runner.invoke(app, ["agency", "add", "BA"]).stdout

    rotated = runner.invoke(app, ["agency", "rotate", "BA", "--overlap", "2h"])
    unknown = runner.invoke(app, ["agency", "rotate", "BA", "--desk", "no such desk"])

    assert rotated.exit_code == 0
    assert rotated.stdout.startswith("vcp_")
    assert rotated.stdout != first
    assert "replaced, until" in runner.invoke(app, ["agency", "list"], env={"COLUMNS": "200"}).output
    assert unknown.exit_code == 1


def test_one_of_two_tokens_of_a_desk_is_named_by_its_id(settings: Settings) -> None:
    runner = CliRunner(env={**as_environment(settings), "COLUMNS": "200"})
    for _ in range(2):
        runner.invoke(app, ["agency", "add", "BA"])

    several = runner.invoke(app, ["agency", "rotate", "BA"])
    named = runner.invoke(app, ["agency", "rotate", "BA", "--id", several.output.split(":")[1].split(",")[0].strip()])
    revoked = runner.invoke(app, ["agency", "revoke", "BA", "--id", several.output.split(",")[1].strip(" .\n")])

    assert several.exit_code == 1
    assert named.exit_code == 0
    assert revoked.output.startswith("1 token of BA ended.")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--type", "arrest.maid.v1"],
        ["--expires", "soon"],
        ["--group", "x,agency:AT"],
        ["--read-only", "--post-only"],
        ["--read-only", "--type", "arrest.made.v1"],
    ],
    ids=" ".join,
)
def test_a_token_that_could_do_nothing_or_never_end_as_meant_is_not_made(settings: Settings, wrong: list[str]) -> None:
    runner = CliRunner(env=as_environment(settings))

    refused = runner.invoke(app, ["agency", "add", "BA", *wrong])

    assert refused.exit_code == 2
    assert "vcp_" not in refused.stdout
