"""The report as a page that prints well: HTML that needs nothing else and runs nothing."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.gateway.hardened import POLICY
from services.gateway.picture import Picture
from services.gateway.report import chart, wording
from services.gateway.report.gathered import Gathered

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "style.css").read_text(encoding="utf-8")
_PAGES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_OF_PROTECTED = ("thb_victims", "victims_safeguarded", "children_at_risk")
"""Of these the report names no agency: a small number beside a country points at persons."""


def rendered(picture: Picture, found: Gathered) -> tuple[str, str]:
    """The page, and the policy under which a browser shows it."""
    operation, zone = found.operation, picture.viewer.time_zone
    style = _STYLE + _stamped(picture, found)
    page = _PAGES.get_template("page.html.j2").render(
        style=Markup(style),  # noqa: S704  (our own file, and words of which each has its form)
        code=picture.viewer.operation,
        agency=picture.viewer.agency,
        operation=operation,
        detail={"scope": None, "text": None, **operation["detail"]},
        moment={"incomplete": False, **picture.moment.said()},
        zone=zone,
        handling=", ".join(found.handling),
        figures=_in_order(found.figures),
        releases=found.releases,
        participants=found.participants,
        funnel=found.funnel,
        counts=found.counts,
        course=found.course,
        corrections=found.corrections,
        range=found.range,
        map=chart.map_of(found.places),
        bars=chart.bars_of(found.counts["by_day"]),
        width=chart.WIDTH,
        height=chart.HEIGHT,
        amount=wording.amount,
        credit=wording.credit,
        number=wording.number,
        signed=wording.signed,
        words=wording.words,
        duration=wording.duration,
        clock=wording.clock(zone),
        exact=wording.exact,
    )
    known = b64encode(sha256(style.encode()).digest()).decode()
    return page, f"{POLICY}; style-src 'sha256-{known}'"


def _stamped(picture: Picture, found: Gathered) -> str:
    """What stands on every printed page: codes and times alone, for words of others do not belong into a style."""
    exercise = " · EXERCISE" if found.operation["detail"]["exercise"] else ""
    moment = wording.exact(picture.moment.as_of)
    return (
        "@page {"
        f' @top-left {{ content: "{picture.viewer.operation} · after-action report{exercise}"; {_SMALL} }}'
        f' @top-right {{ content: "Handling {" ".join(found.handling)}"; {_SMALL} font-weight: 700; }}'
        f' @bottom-left {{ content: "As known {moment}, for {picture.viewer.agency}"; {_SMALL} }}'
        f' @bottom-right {{ content: "Page " counter(page) " of " counter(pages); {_SMALL} }}'
        " }"
    )


_SMALL = "font: 8pt sans-serif;"


def _in_order(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts below their whole, in the order of the catalogue."""
    names = {figure["metric"] for figure in figures}

    titles = {figure["metric"]: figure["title"] for figure in figures}

    def below(whole: str | None, level: int) -> list[dict[str, Any]]:
        found = []
        for figure in figures:
            part_of = figure["part_of"] if figure["part_of"] in names else None
            if part_of == whole:
                # A part that is called after its whole says only what it is of it.
                title = figure["title"].removeprefix(f"{titles.get(whole or '')}: ")
                told = {"title": title, "level": level, "told_credit": _credit(figure)}
                found += [{**figure, **told}, *below(figure["metric"], 1)]
        return found

    return below(None, 0)


def _credit(figure: dict[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [] if figure["metric"].startswith(_OF_PROTECTED) else figure["credit"]
    return told
