"""What the demo shows when the drill is played: the figures, read over HTTP, and where to look next."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from rich.console import Console
from rich.table import Table

from services.cli.desks import Desks
from services.drill import Played, published, read_drill

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure beside the published one. A number that is not exact is spelt with its qualifier."""

    metric: str
    title: str
    published: int | float | str
    counted: int | float | str

    @property
    def holds(self) -> bool:
        return self.published == self.counted


def read_figures(base_url: str, *, played: Played, drill: Path, token: str) -> list[ShownFigure]:
    """Asks for each published figure, once the picture has the drill's last entry."""
    shown = []
    with httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        for one in published(drill):
            answer = client.get(
                f"/v1/operations/{played.operation}/figures/{one['metric']}",
                params={"after": played.last_entry, "wait": "30"},
            )
            answer.raise_for_status()
            counted = _spoken(answer.json()["deduplicated"])
            shown.append(ShownFigure(one["metric"], one["title"], one["published"], counted))
    return shown


def as_json(operation: str, figures: list[ShownFigure]) -> dict[str, Any]:
    lines = [{"metric": one.metric, "published": one.published, "counted": one.counted} for one in figures]
    return {"operation": operation, "figures": lines}


def show(base_url: str, *, played: Played, drill: Path, figures: list[ShownFigure], desks: Desks) -> None:
    """Prints the table, the addresses and tokens, and three lines to paste."""
    out = Console(highlight=False, soft_wrap=True)
    table = Table(title=f"{played.operation}: {played.posted} reports in {played.seconds:.1f} s")
    table.add_column("figure")
    table.add_column("published", justify="right")
    table.add_column("counted", justify="right")
    for one in figures:
        table.add_row(one.title, str(one.published), str(one.counted), style=None if one.holds else "bold red")
    out.print(table)
    noon = read_drill(drill).starts.replace(hour=12, minute=0, second=0, microsecond=0).isoformat()
    root = f"{base_url}/v1/operations/{played.operation}"
    out.print(f"\nThe room    {base_url}/   (sign in with one of these tokens)")
    out.print(f"API pages   {base_url}/docs")
    out.print(f"Token of an officer of {desks.lead}, the lead      {desks.lead_token}")
    out.print(f"Token of an officer of {desks.other}, who sees less  {desks.other_token}\n")
    for title, address in (
        ("The figures", f"{root}/figures"),
        ("The log", f"{root}/events"),
        ("The figures as of noon of day one", f"{root}/figures?as_of={quote(noon, safe=':')}"),
    ):
        out.print(f"# {title}")
        out.print(f"curl -H 'Authorization: Bearer {desks.lead_token}' '{address}'", markup=False)


def _spoken(amount: dict[str, Any] | None) -> int | float | str:
    if amount is None or amount.get("value") is None:
        return NOT_STATED
    value = amount["value"]
    number = int(value) if float(value).is_integer() else float(value)
    return number if amount["qualifier"] == "exact" else f"{amount['qualifier'].replace('_', ' ')} {number}"
