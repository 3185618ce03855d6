"""Search through what one viewer sees: candidates by their marks, judged as they were written."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Mapping
from typing import Any

from pydantic import ValidationError

from services.gateway.bodies import read_body
from services.gateway.picture import Picture
from services.gateway.problems import Malformed, UnsupportedMedia
from services.gateway.resembling import MOST_CANDIDATES, Record, records_marked
from services.gateway.searching import BANDS, Sought, fit
from services.gateway.views.things import things_by_id
from services.reading.faults import faults_of_query

_LARGEST = 8 * 1024


async def sought_in(headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> Sought:
    """What is sought, read from a body. Raises UnsupportedMedia, TooLarge or Malformed, and repeats nothing of it."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise UnsupportedMedia("A search is application/json.")
    try:
        return Sought.model_validate_json(await read_body(headers, chunks, most=_LARGEST), strict=True)
    except ValidationError as refused:
        errors = refused.errors(include_url=False, include_input=False)
        faults = faults_of_query({**error, "loc": ("body", *error["loc"])} for error in errors)
        raise Malformed("This cannot be sought; see `errors`.", faults=faults) from None


async def search(picture: Picture, sought: Sought) -> dict[str, Any]:
    """The records that fit, the strongest band first, then the newest; `complete` says whether all were looked at."""
    operation, marks = picture.viewer.operation, picture.vault.marks
    wanted = {marks.mark(kind, value, operation=operation) for kind, value in sought.wanted()}
    found = await records_marked(picture, wanted)
    shown = await things_by_id(picture, {record.thing for record in found})
    visible = [(record, shown[record.thing]) for record in found if record.thing in shown]
    # Comparing names is work for the processor, and others wait for answers meanwhile.
    items = await to_thread(_fitting, visible, sought)
    weakest = BANDS.index(sought.band)
    told = [item for item in items if BANDS.index(item["band"]) <= weakest]
    newest_first = sorted(told, key=lambda item: (item["thing"]["occurred_at"], item["entry"]), reverse=True)
    ordered = sorted(newest_first, key=lambda item: BANDS.index(item["band"]))
    complete = len(found) < MOST_CANDIDATES and len(ordered) <= sought.limit
    return {"items": ordered[: sought.limit], "complete": complete}


def _fitting(visible: list[tuple[Record, dict[str, Any]]], sought: Sought) -> list[dict[str, Any]]:
    return [item for record, thing in visible if (item := _item(record, sought, thing)) is not None]


def _item(record: Record, sought: Sought, thing: dict[str, Any]) -> dict[str, Any] | None:
    fits = fit(sought, record.features, record.data)
    if fits is None:
        return None
    band, reasons = fits
    written = list(dict.fromkeys(feature.written for feature in record.features))
    return {
        "band": band,
        "reasons": reasons,
        "entry": record.entry,
        "line": record.state,
        "written": written,
        "thing": thing,
    }
