"""`vcp crosscheck FILE`: everybody and everything in a file, asked through the one door, with the answers in a file.

Without a file the same command is the engine itself, as a container starts it.
"""

import json
import sys
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from services.cli import parts
from services.cli.running import aside

if TYPE_CHECKING:
    import httpx

    from services.client.asking import Answers, Asking


class Category(StrEnum):
    """Of the persons in the file. Victims, witnesses and contacts are asked about by other routes."""

    SUSPECT = "suspect"
    CONVICTED = "convicted"
    POTENTIAL_CRIMINAL = "potential_criminal"


class Urgency(StrEnum):
    """How soon the answer is needed."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    ROUTINE = "routine"


class Scope(StrEnum):
    """Who sees the questions."""

    ALL = "all"
    EU = "eu"
    TARGET = "target"


def crosscheck(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, NDJSON or JSON; none: be the engine.")
    ] = None,
    operation: Annotated[str, typer.Option(help="The operation's code.")] = "",
    target: Annotated[str, typer.Option(help="Who is asked: EUROPOL, INTERPOL or another agency.")] = "EUROPOL",
    category: Annotated[Category, typer.Option(help="Of persons of whom the file does not say it.")] = Category.SUSPECT,
    urgency: Annotated[Urgency, typer.Option(help="How soon the answers are needed.")] = Urgency.ROUTINE,
    scope: Annotated[Scope, typer.Option(help="Who sees the questions; target: you and who is asked.")] = Scope.TARGET,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="CSV or NDJSON; FILE.answers.csv when not given.")
    ] = None,
    patience: Annotated[float, typer.Option(help="Seconds without any answer after which it waits no more.")] = 300,
    url: Annotated[str, typer.Option(help="The gateway.")] = "http://127.0.0.1:8080",
    token_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Holds the token; without it, standard input does.")
    ] = None,
) -> None:
    """Cross-check all persons, organisations and objects of a file; without a file, be the engine.

    Every row is one question. The same file again asks nothing twice, and collects what was answered since. What is
    refused goes to FILE.rejects.ndjson.

    For example: vcp crosscheck controlled.xlsx --operation jad-example --target EUROPOL --token-file ba.token
    """
    if file is None:
        parts.crosscheck()
        return
    if not operation:
        aside.print("Say in which --operation.")
        raise typer.Exit(2)
    import httpx

    from services.client.answered import write
    from services.client.answers import Refused
    from services.client.asking import Answers, Asking
    from services.client.loading import owner_of
    from services.client.reading import Unreadable

    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    answers = Answers()
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        try:
            own = {"scope": "named", "agencies": sorted({owner_of(client), target})}
            audience: dict[str, Any] = own if scope is Scope.TARGET else {"scope": scope.value}
            how = Asking(operation, target, category.value, "cross_checking", urgency.value, audience, ("H0",))
            faults = _ask(client, file, how, answers, patience=patience)
        except (Refused, Unreadable) as refused:
            aside.print(f"{file}: {refused}", markup=False)
            raise typer.Exit(1) from None
        except httpx.TransportError:
            aside.print("The gateway does not answer; give the same file again, nothing is asked twice.")
            raise typer.Exit(1) from None
    place = out or file.with_name(f"{file.name}.answers.csv")
    write(place, answers.questions.items())
    found = list(answers.questions.values())
    told = f"{file}: {len(found)} asked, {len(found) - answers.open} answered, "
    told += f"{sum(bool(one.hits or one.answer.get('hits')) for one in found)} with hits: {place}"
    aside.print(told, markup=False)
    if faults:
        aside.print(f"{faults} rows were refused: {_rejects(file)}", markup=False)
    if faults or answers.open:
        raise typer.Exit(1)


def _rejects(file: Path) -> Path:
    return file.with_name(f"{file.name}.rejects.ndjson")


def _ask(client: "httpx.Client", file: Path, how: "Asking", answers: "Answers", *, patience: float) -> int:
    """How many rows were refused."""
    from services.client.asking import Fault, ask, collect

    faults = 0
    _rejects(file).unlink(missing_ok=True)
    with ExitStack() as opened, Progress(console=aside) as progress:
        bar = progress.add_task("asking", total=None)
        rejects = None
        for said in ask(client, file, how, answers):
            if isinstance(said, Fault):
                faults += 1
                rejects = rejects or opened.enter_context(_rejects(file).open("w", encoding="utf-8"))
                rejects.write(json.dumps({"line": said.line, "problem": said.problem}, ensure_ascii=False) + "\n")
            progress.advance(bar)
        total = len(answers.questions)
        progress.update(bar, description="answers", total=total, completed=0)
        if total:
            for still in collect(client, how, answers, patience_seconds=patience):
                progress.update(bar, completed=total - still)
    return faults
