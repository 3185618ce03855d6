"""Who has gone silent: the last report of each participant, and whether they said that there was nothing to say."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ARRAY, Text, and_, cast, func, select, true

from services.gateway import view
from services.gateway.asked import Reading
from services.gateway.picture import Picture
from services.gateway.shapes.boards import Participant
from services.gateway.shapes.words import AllAtMoment
from services.gateway.views.things import columns_of
from services.gateway.vocabulary import RETRACTED
from services.shared.tables import entries, things, timeline

_NIL = "nil_report.filed.v1"


class SilenceAsked(Reading):
    """How long one may be silent."""

    silent_after_hours: Annotated[float, Field(gt=0, le=24 * 366)] = Field(
        24, description="From how many hours without a report on a participant counts as silent."
    )


_EXAMPLE = {
    "items": [
        {
            "agency": "MD",
            "role": "participant",
            "country": "MD",
            "state": "nil",
            "joined_at": "2022-06-23T08:00:00Z",
            "last_report": {
                "entry": "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
                "type": "arrest.made.v1",
                "recorded_at": "2022-06-24T10:05:00Z",
            },
            "last_nil_report": {
                "entry": "8c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
                "recorded_at": "2022-06-24T20:00:00Z",
                "topics": ["arrest"],
                "from": "2022-06-24T12:00:00Z",
                "to": "2022-06-24T20:00:00Z",
            },
            "silent_seconds": 3600,
        }
    ]
}


@view.document(
    "participants/silence",
    summary="Who has gone silent",
    shape=AllAtMoment[Participant],
    asked=SilenceAsked,
    example=_EXAMPLE,
)
async def silence(picture: Picture, asked: SilenceAsked) -> dict[str, Any]:
    """Each participant with its last report, the longest silent first, as far as the caller sees reports.

    `reporting`, `nil` (said that there is nothing to report), `silent`, `never` (has not reported yet), or `left`.
    What others typed in for an agency is no sign of life of its own.
    """
    now, most = picture.moment.clock, timedelta(hours=asked.silent_after_hours)
    joined = await _joined(picture)
    reports = {row["agency"]: row for row in await picture.rows(_last_reports(picture, list(joined)))}
    nil_reports = await _nil_reports(picture)
    items = [
        _participant(one, reports.get(agency), nil_reports.get(agency), now=now, most=most)
        for agency, one in joined.items()
    ]
    return {"items": sorted(items, key=lambda item: (item["state"] == "left", -item["silent_seconds"], item["agency"]))}


async def _joined(picture: Picture) -> dict[str, dict[str, Any]]:
    """Who takes part: the leads from the beginning, others since they joined."""
    query = select(*columns_of(picture)).where(
        picture.true_then(things),
        things.c.kind.in_(("operation", "participant")),
        things.c.state != RETRACTED,
        *_by(picture, things),
    )
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(await picture.rows(query), key=lambda row: (row["kind"], row["recorded_at"])):
        detail, joined_at = row["detail"], row["recorded_at"]
        if row["kind"] == "participant":
            standing = {"role": detail["role"], "country": detail.get("country"), "stood": row["state"]}
            found[detail["agency"]] = {"agency": detail["agency"], "joined_at": joined_at, **standing}
            continue
        for agency in detail["lead"]:
            role = "lead" if agency == detail["lead"][0] else "co_lead"
            standing = {"role": role, "country": _country(agency), "stood": "joined"}
            found[agency] = {"agency": agency, "joined_at": joined_at, **standing}
    return found


def _country(agency: str) -> str | None:
    code = agency.partition("-")[0]
    return code if len(code) == 2 else None


def _participant(
    one: dict[str, Any],
    report: dict[str, Any] | None,
    nil: dict[str, Any] | None,
    *,
    now: datetime,
    most: timedelta,
) -> dict[str, Any]:
    signs = [sign["recorded_at"] for sign in (report, nil) if sign is not None]
    silent = max(timedelta(), now - max([*signs, one["joined_at"]]))
    stood = one.pop("stood")
    return {
        **one,
        "state": _state(stood, report, nil, silent=silent, most=most),
        "last_report": report and {name: report[name] for name in ("entry", "type", "recorded_at")},
        "last_nil_report": nil,
        "silent_seconds": int(silent.total_seconds()),
    }


def _state(
    stood: str, report: dict[str, Any] | None, nil: dict[str, Any] | None, *, silent: timedelta, most: timedelta
) -> str:
    if stood == "left":
        return "left"
    if report is None and nil is None:
        return "never"
    if silent > most:
        return "silent"
    newest_is_nil = nil is not None and (report is None or nil["recorded_at"] > report["recorded_at"])
    return "nil" if newest_is_nil else "reporting"


def _last_reports(picture: Picture, agencies: list[str]) -> Any:
    """The last entry of each agency that is no nil report, by the index of agency and position."""
    columns = entries.c
    asked = func.unnest(cast(agencies, ARRAY(Text))).table_valued("agency", name="asked").render_derived()
    last = (
        select(columns.key, columns.type, columns.moment)
        .where(
            picture.true_then(entries),
            columns.agency == asked.c.agency,
            columns.type != _NIL,
            *_by(picture, entries),
        )
        .order_by(columns.since.desc())
        .limit(1)
        .lateral("last")
    )
    return select(
        asked.c.agency, last.c.key.label("entry"), last.c.type, last.c.moment.label("recorded_at")
    ).select_from(asked.join(last, true()))


async def _nil_reports(picture: Picture) -> dict[str, dict[str, Any]]:
    """The last nil report of each agency that was not taken back, with the period for which it speaks."""
    query = (
        select(
            things.c.agency,
            things.c.key.label("entry"),
            things.c.recorded_at,
            things.c.detail["topics"].label("topics"),
            timeline.c.occurred_at.label("from"),
            timeline.c.occurred_to.label("to"),
        )
        .join_from(things, timeline, and_(timeline.c.operation == things.c.operation, timeline.c.key == things.c.key))
        .where(
            picture.true_then(things),
            picture.true_then(timeline),
            things.c.kind == "nil_report",
            things.c.state != RETRACTED,
            *_by(picture, things),
        )
        .order_by(things.c.recorded_at)
    )
    return {row.pop("agency"): row for row in await picture.rows(query)}


def _by(picture: Picture, table: Any) -> list[Any]:
    return [] if picture.moment.at is None else [table.c.occurred_at <= picture.moment.at]
