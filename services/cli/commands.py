"""Puts the commands together, and turns every expected refusal into one sentence."""

import errno
import sys

import typer

from services.cli import agency, files, key, lists, officer, operation, parked, parts, questions, replay, running
from services.cli.demo import demo
from services.cli.ledger import ledger
from services.cli.report import report
from services.cli.secrets import secrets
from services.cli.verdicts import verdicts
from services.shared.embedded import EmbeddedRefused
from services.shared.settings import SettingsRefused

app = typer.Typer(
    name="vcp",
    help="The open virtual command post.\n\nFor example: vcp demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(running.up)
app.command()(demo)
app.command()(parts.gateway)
app.command()(parts.projector)
app.command()(parts.archivist)
app.command()(questions.crosscheck)
app.command()(parts.migrate)
app.command()(parts.rebuild)
app.command()(parts.verify_picture)
app.command()(secrets)
app.command()(ledger)
app.command()(files.template)
app.command()(files.lint)
app.command()(files.post)
app.command()(replay.replay)
app.command()(report)
app.command()(verdicts)
app.add_typer(agency.app, name="agency")
app.add_typer(key.app, name="key")
app.add_typer(lists.app, name="list")
app.add_typer(officer.app, name="officer")
app.add_typer(operation.app, name="operation")
app.add_typer(parked.app, name="parked")


def run() -> None:
    try:
        app()
    except (EmbeddedRefused, SettingsRefused) as refused:
        sys.exit(str(refused))
    except OSError as failed:
        if failed.errno != errno.ENOSPC:
            raise
        sys.exit("The disk is full; free some space, or give another --data.")
