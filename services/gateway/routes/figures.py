"""Figures: numbers that can be defended event by event."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.gateway import documented
from services.gateway.answering import json_response, list_response
from services.gateway.dependencies import FilteredLook, GatewayParts, Look, SeenBy
from services.gateway.figures.drill_down import contributions, lines_of
from services.gateway.figures.figure import all_figures, known_metric, one_figure
from services.gateway.figures.history import history, history_of
from services.gateway.figures.questions import Figure, FigureHistory, FigureLines, FigureSuggestions
from services.gateway.figures.suggestions import suggestions, suggestions_of

router = APIRouter(prefix="/v1/operations/{operation}/figures", tags=["figures"])


@router.get("", responses=documented.FIGURES)
async def get_figures(look: FilteredLook) -> Response:
    """Every figure of the operation, as the caller may see it."""
    return list_response(look.picture, await all_figures(look.picture, look.asked), None)


async def _figure_look(
    seen_by: SeenBy, asked: Annotated[Figure, Query()], gateway: GatewayParts
) -> AsyncIterator[Look[Figure]]:
    async with gateway.pictures.open(seen_by, asked) as picture:
        yield Look(picture, asked)


@router.get("/{metric}", responses=documented.FIGURE)
async def get_figure(metric: str, look: Annotated[Look[Figure], Depends(_figure_look)]) -> Response:
    """One figure."""
    return json_response(await one_figure(look.picture, metric, look.asked))


async def _lines_look(
    metric: str, seen_by: SeenBy, asked: Annotated[FigureLines, Query()], gateway: GatewayParts
) -> AsyncIterator[Look[FigureLines]]:
    async with gateway.pictures.turn_to(seen_by, asked, name=lines_of(metric)) as picture:
        yield Look(picture, asked)


@router.get("/{metric}/events", responses=documented.CONTRIBUTIONS)
async def get_contributions(metric: str, look: Annotated[Look[FigureLines], Depends(_lines_look)]) -> Response:
    """The events behind a figure: their contributions sum to it."""
    page = await contributions(look.picture, known_metric(metric).name, look.asked)
    return list_response(look.picture, page.rows, page.next)


async def _history_look(
    metric: str, seen_by: SeenBy, asked: Annotated[FigureHistory, Query()], gateway: GatewayParts
) -> AsyncIterator[Look[FigureHistory]]:
    async with gateway.pictures.turn_to(seen_by, asked, name=history_of(metric)) as picture:
        yield Look(picture, asked)


@router.get("/{metric}/history", responses=documented.FIGURE_HISTORY)
async def get_history(metric: str, look: Annotated[Look[FigureHistory], Depends(_history_look)]) -> Response:
    """When a figure moved, by which entry, and what it was from then on."""
    page = await history(look.picture, known_metric(metric), look.asked)
    return list_response(look.picture, page.rows, page.next)


async def _suggestions_look(
    metric: str, seen_by: SeenBy, asked: Annotated[FigureSuggestions, Query()], gateway: GatewayParts
) -> AsyncIterator[Look[FigureSuggestions]]:
    async with gateway.pictures.turn_to(seen_by, asked, name=suggestions_of(metric)) as picture:
        yield Look(picture, asked)


@router.get("/{metric}/duplicates", responses=documented.FIGURE_SUGGESTIONS)
async def get_suggestions(
    metric: str, look: Annotated[Look[FigureSuggestions], Depends(_suggestions_look)]
) -> Response:
    """Records that may be counted twice in a figure, with the reasons; post `duplicate.suggested` to have one decided.

    A page looks at `limit` contributions, newest first, and tells the pairs among them and what is like them.
    """
    page = await suggestions(look.picture, known_metric(metric).name, look.asked)
    return list_response(look.picture, page.rows, page.next)
