"""Figures by name, for the views that show several of them."""

from collections.abc import Iterable
from typing import Any

from services.gateway.asked import Filtered
from services.gateway.figures.figure import all_figures
from services.gateway.picture import Picture


async def figures_by_name(
    picture: Picture, asked: Filtered | None = None, *, family: str | None = None
) -> dict[str, dict[str, Any]]:
    """Every figure of the picture, or those of one family, by the name of its metric; without whose credit it is."""
    figures = await all_figures(picture, asked or Filtered(at=picture.moment.at), family=family, credited=False)
    return {figure["metric"]: figure for figure in figures}


def stands(figure: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a figure counts; None where nothing was reported, which is not the same as a number of zero that was."""
    return figure["deduplicated"] if figure else None


def difference(now: dict[str, Any] | None, before: dict[str, Any] | None) -> Any:
    """How much a number moved; None where one of the two states none."""
    values: Iterable[Any] = [0 if one is None else one["value"] for one in (now, before)]
    first, second = values
    return None if first is None or second is None else first - second
