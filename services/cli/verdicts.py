"""`vcp verdicts`: what people said of the machine's hits, as counts by band and as labels to fit weights on."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.running import aside


def verdicts(
    operation: Annotated[str, typer.Argument(help="The operation's code.")],
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="NDJSON, a label a line.")] = None,
    url: Annotated[str, typer.Option(help="The gateway.")] = "http://127.0.0.1:8080",
    token_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Holds the token; without it, standard input does.")
    ] = None,
) -> None:
    """Count how many of the engine's hits were confirmed and refuted, by band, and keep them as labels.

    A label holds features, levels and bits, and nothing of the records.

    For example: vcp verdicts jad-example --out labels.ndjson --token-file europol.token
    """
    import httpx

    from services.client.answers import Refused
    from services.client.log import whole_log
    from services.client.verdicts import OUTCOMES, counted
    from services.client.verdicts import verdicts as told

    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        try:
            found = list(told(whole_log(client, operation, purpose="labels for matching")))
        except Refused as refused:
            aside.print(str(refused), markup=False)
            raise typer.Exit(1) from None
        except httpx.TransportError:
            aside.print("The gateway does not answer.")
            raise typer.Exit(1) from None
    for band, counts in sorted(counted(found).items()):
        said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in (*OUTCOMES, "open"))
        typer.echo(f"{band}: {said}")
    if out is not None:
        decided = [one for one in found if one.outcome is not None]
        out.write_text("".join(json.dumps(one.label()) + "\n" for one in decided), encoding="utf-8")
        aside.print(f"{out}: {len(decided)} labels", markup=False)
