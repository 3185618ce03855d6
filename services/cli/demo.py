"""`vcp demo`: the stack, and a drill played through its HTTP API as the agencies that took part."""

from typing import Annotated

import typer

from services.cli.running import DataFolder, Port, wanted_settings


def demo(
    exit_after: Annotated[bool, typer.Option("--exit", help="Stop after the table.")] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="The figures as JSON, alone on standard output; implies --exit."),
    ] = False,
    pace: Annotated[
        str | None, typer.Option(help="60x plays an hour a minute; without it, as fast as it goes.")
    ] = None,
    data: DataFolder = None,
    port: Port = None,
) -> None:
    """Play the Joint Action Day Danube through the real parts; its figures beside the published ones.

    For example: vcp demo --pace 600x
    """
    times = _times(pace)
    from services.cli.playing import show_drill

    show_drill(wanted_settings(port), data=data, pace=times, as_json=as_json, exit_after=exit_after or as_json)


def _times(pace: str | None) -> float | None:
    if pace is None:
        return None
    try:
        times = float(pace.removesuffix("x"))
    except ValueError:
        times = 0.0
    if times <= 0:
        raise typer.BadParameter("say how many times faster than the clock, such as 60x", param_hint="--pace")
    return times
