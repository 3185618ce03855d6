"""`vcp report`: the after-action report of an operation as a file that any browser prints."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.running import aside


def report(
    operation: Annotated[str, typer.Argument(help="The operation's code.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")] = Path("report.html"),
    url: Annotated[str, typer.Option(help="The gateway.")] = "http://127.0.0.1:8080",
    token_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Holds the token; without it, standard input does.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="A time with its offset, or an entry id: as it was known.")] = None,
) -> None:
    """Write the after-action report as the token's agency may see it. A browser prints it to A4.

    For example: vcp report jad-danube-2022 --token-file at.token --as-of 2022-07-05T00:00:00+02:00
    """
    import httpx

    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    try:
        answer = httpx.get(
            f"{url}/v1/operations/{operation}/report",
            params={} if as_of is None else {"as_of": as_of},
            headers={"Authorization": f"Bearer {token}"},
            timeout=120,
        )
    except httpx.TransportError:
        aside.print("The gateway does not answer.")
        raise typer.Exit(1) from None
    if answer.status_code != 200:
        problem = answer.json()
        aside.print(f"{problem['title']}. {problem['detail']}", markup=False)
        raise typer.Exit(1)
    out.write_bytes(answer.content)
    typer.echo(f"{out}: open it in a browser, and print it.")
