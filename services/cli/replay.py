"""`vcp replay`: an operation told again in a terminal, with the figures as they were."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.running import aside

if TYPE_CHECKING:
    from services.client.following import Frame


def replay(
    operation: Annotated[str, typer.Argument(help="The operation's code.")],
    url: Annotated[str, typer.Option(help="The gateway.")] = "http://127.0.0.1:8080",
    token_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Holds the token; without it, standard input does.")
    ] = None,
    begin: Annotated[str | None, typer.Option("--from", help="A time with its offset, or an entry id.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="A time with its offset, or an entry id.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=10_000, help="3600 tells an hour in a second.")] = 600,
    by: Annotated[str, typer.Option(help="known: as it came in. happened: by the time of the fact.")] = "known",
    step: Annotated[bool, typer.Option("--step", help="Tell an entry at each Enter. Needs --token-file.")] = False,
) -> None:
    """Tell an operation again, entry by entry, as it came in or as it happened. Nothing is changed.

    For example: vcp replay jad-danube-2022 --token-file at.token --speed 3600
    """
    import httpx

    from services.client.answers import Refused
    from services.client.following import follow

    if step and token_file is None:
        raise typer.BadParameter("--step reads Enter from standard input, so the token must come from --token-file.")
    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    said = {"from": begin, "to": end, "by": by, **({"step": "1"} if step else {"speed": f"{speed:g}"})}
    query = {name: value for name, value in said.items() if value is not None}
    figures: dict[str, str] = {}
    path = f"/v1/operations/{operation}/replay"
    try:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
            paused = True
            while paused:
                paused = False
                for frame in follow(client, path, query):
                    if frame.id:
                        query["cursor"] = frame.id
                    paused = frame.event == "paused"
                    for line in told(frame, figures):
                        typer.echo(line)
                if paused:
                    sys.stdin.readline()
    except Refused as refused:
        aside.print(str(refused), markup=False)
        raise typer.Exit(1) from None
    except httpx.TransportError:
        aside.print("The gateway does not answer.")
        raise typer.Exit(1) from None


def told(frame: "Frame", figures: dict[str, str]) -> Iterator[str]:
    """What a frame says, in lines: an entry, or how the figures moved. `figures` holds what was said of them last."""
    if frame.event == "entry":
        entry = frame.data["entry"]
        said = frame.data["headline"] or entry["report"]["type"]
        yield f"{_moment(frame.data['time'])}  {entry['agency']:<10} {said}"
    elif frame.event == "figures":
        for figure in frame.data["items"]:
            value = _number(figure)
            before = figures.get(figure["metric"], "0")
            figures[figure["metric"]] = value
            if value != before:
                yield f"{'':20}  {figure['title']}: {before} -> {value}"


def _moment(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M %Z}"


def _number(figure: dict[str, Any]) -> str:
    number = figure["deduplicated"]
    if number["value"] is None:
        return "not stated"
    qualifier = "" if number["qualifier"] == "exact" else f"{number['qualifier'].replace('_', ' ')} "
    return f"{qualifier}{number['value']}"
