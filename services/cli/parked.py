"""`vcp parked`: things whose entries a view could not take, and trying them again."""

import typer

app = typer.Typer(help="What a view could not take.\n\nFor example: vcp parked list", no_args_is_help=True)
