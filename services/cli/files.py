"""`vcp template`, `vcp lint` and `vcp post`: reports from files, for agencies whose systems speak no HTTP yet."""

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from services.cli.running import aside

if TYPE_CHECKING:
    import httpx

    from services.client.reading import FileLine

BATCH = 100
LARGEST_WHOLE = 1000
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
    from services.client.reading import faults_of, lines_of

    faults = 0
    for file in files:
        for line in lines_of(file):
            for fault in faults_of(line.body):
                faults += 1
                typer.echo(f"{file}:{line.line}: {fault['pointer'] or '/'}: {fault['detail']}")
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
    imported: Annotated[bool, typer.Option("--import", help="History, by the lead: in the order of `time`.")] = False,
) -> None:
    """Post files of reports; what is refused goes to FILE.rejects.ndjson. Posting a file again is harmless.

    For example: vcp post arrests.csv --operation jad-example --token-file ba.token
    """
    import httpx

    from services.client.reading import lines_of
    from services.client.sending import Refused

    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    rejected = 0
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        for file in files:
            lines = list(lines_of(file))
            if imported:
                lines.sort(key=_time_of)
            try:
                rejected += _post_file(client, operation, file, lines, atomic=atomic, imported=imported)
            except Refused as refused:
                aside.print(f"{file}: {refused}", markup=False)
                raise typer.Exit(1) from None
            except httpx.TransportError:
                aside.print("The gateway does not answer; post the same file again, nothing is stored twice.")
                raise typer.Exit(1) from None
    if rejected:
        raise typer.Exit(1)


def _post_file(
    client: "httpx.Client", operation: str, file: Path, lines: "list[FileLine]", *, atomic: bool, imported: bool
) -> int:
    """Posts one file, and says how many of its lines were refused."""
    from services.client.sending import Refused, send

    size = LARGEST_WHOLE if atomic else BATCH
    if atomic and len(lines) > LARGEST_WHOLE:
        raise Refused(f"At most {LARGEST_WHOLE} reports are stored as one.")
    rejects = []
    with Progress(console=aside) as progress:
        bar = progress.add_task(file.name, total=len(lines))
        for start in range(0, len(lines), size):
            batch = lines[start : start + size]
            for line, result in send(client, operation, batch, atomic=atomic, imported=imported):
                if "problem" in result:
                    rejects.append({"line": line.line, "status": result["status"], "problem": result["problem"]})
                progress.advance(bar)
    place = file.with_name(f"{file.name}.rejects.ndjson")
    place.unlink(missing_ok=True)
    if rejects:
        place.write_text("".join(json.dumps(one) + "\n" for one in rejects), encoding="utf-8")
        aside.print(f"{len(rejects)} of {len(lines)} reports were refused: {place}", markup=False)
    return len(rejects)


def _time_of(line: "FileLine") -> str:
    """When a report was made, as one zone writes it; what has no time comes last, and faults are the gateway's."""
    from datetime import UTC, datetime

    try:
        return datetime.fromisoformat(json.loads(line.body)["time"]).astimezone(UTC).isoformat()
    except (ValueError, KeyError, TypeError):
        return "~"
