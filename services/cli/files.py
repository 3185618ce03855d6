"""`vcp template`, `vcp lint` and `vcp post`: reports from files, for agencies whose systems speak no HTTP yet."""

import csv
import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from services.cli.running import aside

if TYPE_CHECKING:
    from services.client.posting import FilePost
    from services.client.sending import Result

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="NDJSON, or CSV by the template.")]


def template(
    type: Annotated[str, typer.Argument(help="For example arrest.made.v1.")],
    as_json: Annotated[bool, typer.Option("--json", help="A whole report instead of a CSV header.")] = False,
) -> None:
    """Print what to fill in for a type: a CSV header and an invented line, or a report.

    For example: vcp template arrest.made.v1 > arrests.csv
    """
    import schemas.events  # noqa: F401  (finds every event type)
    from schemas.event import REGISTER
    from schemas.publish import example
    from services.client.template import columns, example_row

    event = REGISTER.get(type)
    if event is None:
        aside.print("No such event type; docs/events.md lists them.")
        raise typer.Exit(2)
    if as_json:
        typer.echo(json.dumps(example(event), indent=1, ensure_ascii=False))
        return
    writer = csv.DictWriter(sys.stdout, columns(event), lineterminator="\n")
    writer.writeheader()
    writer.writerow(example_row(event))


def lint(files: Files) -> None:
    """Check files of reports without posting them; every fault by file, line and JSON pointer.

    For example: vcp lint arrests.csv
    """
    from services.client.linting import faults_in
    from services.client.reading import Unreadable

    faults = 0
    for file in files:
        try:
            for fault in faults_in(file):
                faults += 1
                typer.echo(f"{file}:{fault.line}: {fault.pointer or '/'}: {fault.said}")
        except Unreadable as refused:
            faults += 1
            typer.echo(f"{file}: {refused}")
    if faults:
        raise typer.Exit(1)


def post(
    files: Files,
    operation: Annotated[str, typer.Option(help="The operation's code.")],
    url: Annotated[str, typer.Option(help="The gateway.")] = "http://127.0.0.1:8080",
    token_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Holds the token; without it, standard input does.")
    ] = None,
    atomic: Annotated[bool, typer.Option("--atomic", help="Each file is stored whole or not at all.")] = False,
    imported: Annotated[
        bool, typer.Option("--import", help="History, by the lead: by `time`, and nothing before what it names.")
    ] = False,
) -> None:
    """Post files of reports; what is refused goes to FILE.rejects.ndjson. Posting a file again is harmless.

    A command without `ifmatch` gets the version that its thing has when its turn comes.

    For example: vcp post arrests.csv --operation jad-example --token-file ba.token
    """
    import httpx

    from services.client.answers import Refused
    from services.client.posting import FilePost
    from services.client.reading import Unreadable

    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    headers = {"Authorization": f"Bearer {token}"}
    complete = True
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        post = FilePost(client, operation, atomic=atomic, imported=imported)
        for file in files:
            try:
                complete &= _post_file(post, file, operation=operation)
            except (Refused, Unreadable) as refused:
                aside.print(f"{file}: {refused}", markup=False)
                raise typer.Exit(1) from None
            except httpx.TransportError:
                aside.print("The gateway does not answer; post the same file again, nothing is stored twice.")
                raise typer.Exit(1) from None
    if not complete:
        raise typer.Exit(1)


def _post_file(post: "FilePost", file: Path, *, operation: str) -> bool:
    """Posts one file, and says what became of its lines; whether none was refused."""
    from services.client.posting import survey

    place = file.with_name(f"{file.name}.rejects.ndjson")
    place.unlink(missing_ok=True)
    counted = Counter[str]()
    found = survey(file, operation=operation)
    with ExitStack() as opened, Progress(console=aside) as progress:
        bar = progress.add_task(file.name, total=found.lines)
        rejects = None
        for line, result in post.results(file, found):
            if "problem" in result:
                rejects = rejects or opened.enter_context(place.open("w", encoding="utf-8"))
                rejects.write(json.dumps({"line": line.line, **_told_of(result)}, ensure_ascii=False) + "\n")
            counted["stored" if result["status"] == 201 else "again" if "receipt" in result else "refused"] += 1
            progress.advance(bar)
    said = f"{file}: {counted['stored']} stored, {counted['again']} there before"
    if counted["refused"]:
        said += f"; {counted['refused']} of {found.lines} reports were refused: {place}"
    aside.print(said, markup=False)
    return not counted["refused"]


def _told_of(result: "Result") -> dict[str, Any]:
    return {"status": result["status"], "problem": result["problem"]}
