"""Figures: numbers that can be defended event by event."""

from fastapi import APIRouter, Response

from services.gateway import documented
from services.gateway.answering import json_response, list_response
from services.gateway.dependencies import FilteredLook, ListLook
from services.gateway.figures.drill_down import contributions
from services.gateway.figures.figure import all_figures, metric_or_none, one_figure
from services.gateway.problems import NotFound

router = APIRouter(prefix="/v1/operations/{operation}/figures", tags=["figures"])


@router.get("", responses=documented.FIGURES)
async def get_figures(look: FilteredLook) -> Response:
    """Every figure of the operation, as the caller may see it."""
    return list_response(look.picture, await all_figures(look.picture, look.asked), None)


@router.get("/{metric}", responses=documented.FIGURE)
async def get_figure(metric: str, look: FilteredLook) -> Response:
    """One figure."""
    found = await one_figure(look.picture, metric, look.asked)
    if found is None:
        raise NotFound
    return json_response(found)


@router.get("/{metric}/events", responses=documented.CONTRIBUTIONS)
async def get_contributions(metric: str, look: ListLook) -> Response:
    """The events behind a figure: their contributions sum to it."""
    if metric_or_none(metric) is None:
        raise NotFound
    return list_response(look.picture, await contributions(look.picture, metric, look.asked), None)
