"""`vcp list`: watch lists, each a log of its own, brought up to a file that their owner keeps elsewhere."""

import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.cli.running import aside

if TYPE_CHECKING:
    import httpx

    from services.client.loading import Owner

app = typer.Typer(help="Watch lists.\n\nFor example: vcp list load --help", no_args_is_help=True)


@app.callback()
def lists() -> None:
    """Watch lists, each a log of its own."""


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Notices, or rows of persons, firms, things.")
    ],
    list_code: Annotated[str, typer.Option("--list", help="The list's code; it begins with list-.")],
    complete: Annotated[
        bool, typer.Option("--complete", help="The file is the whole list: what it lacks is taken off.")
    ] = False,
    create: Annotated[bool, typer.Option("--create", help="Open the list where there is none yet.")] = False,
    action: Annotated[str | None, typer.Option(help="What a line asks for that says nothing itself.")] = None,
    handling: Annotated[list[str] | None, typer.Option(help="H0, H1 or H2; repeatable. H0 when not given.")] = None,
    url: Annotated[str, typer.Option(help="The gateway.")] = "http://127.0.0.1:8080",
    token_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Holds the token; without it, standard input does.")
    ] = None,
) -> None:
    """Bring a watch list up to a file: JSON in the form of INTERPOL's public notices, CSV, or NDJSON.

    What is new is put on, what says something else is corrected, and the same file again posts nothing. Lines that are
    refused go to FILE.rejects.ndjson.

    For example: vcp list load stolen.csv --list list-interpol-smv --create --token-file interpol.token
    """
    import httpx

    from services.client.answers import Refused
    from services.client.loading import Owner, owner_of
    from services.client.loading import create as create_list
    from services.client.reading import Unreadable

    if not list_code.startswith("list-"):
        aside.print("The code of a list begins with list-.")
        raise typer.Exit(2)
    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        try:
            owner = Owner(owner_of(client), tuple(handling or ("H0",)), action)
            if create:
                create_list(client, list_code, owner)
            clean = _load(client, file, list_code, owner, complete=complete)
        except (Refused, Unreadable) as refused:
            aside.print(f"{file}: {refused}", markup=False)
            raise typer.Exit(1) from None
        except httpx.TransportError:
            aside.print("The gateway does not answer; load the same file again, no line is put on twice.")
            raise typer.Exit(1) from None
    if not clean:
        raise typer.Exit(1)


def _load(client: "httpx.Client", file: Path, list_code: str, owner: "Owner", *, complete: bool) -> bool:
    from services.client.loading import load as loaded

    place = file.with_name(f"{file.name}.rejects.ndjson")
    place.unlink(missing_ok=True)
    counted = Counter[str]()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed} lines"))
    with ExitStack() as opened, Progress(*columns, TimeElapsedColumn(), console=aside) as progress:
        bar = progress.add_task(file.name, total=None)
        rejects = None
        for said in loaded(client, file, list_code, owner, complete=complete):
            counted[said.step] += 1
            if said.step == "fault":
                rejects = rejects or opened.enter_context(place.open("w", encoding="utf-8"))
                rejects.write(json.dumps({"line": said.line, "problem": said.problem}, ensure_ascii=False) + "\n")
            progress.advance(bar)
    words = (("new", "put on"), ("changed", "changed"), ("gone", "taken off"), ("same", "there before"))
    told = ", ".join(f"{counted[step]} {word}" for step, word in words)
    if counted["fault"]:
        told += f"; {counted['fault']} lines were refused: {place}"
        if complete:
            told += "; with lines that cannot be read nothing is taken off"
    aside.print(f"{file}: {told}", markup=False)
    return not counted["fault"]
