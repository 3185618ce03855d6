"""The report as one HTML document without scripts: style and drawings are inside, so that a saved copy is whole."""

from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.codes import HANDLING_CODES
from services.gateway.after_action import drawing
from services.gateway.after_action.gathering import AfterAction

_STYLE = files("services.gateway.after_action").joinpath("page.css").read_text()
_PAGE = Environment(
    loader=PackageLoader("services.gateway.after_action", "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("page.html")


def written(report: AfterAction) -> tuple[bytes, dict[str, str]]:
    """The document, and the headers that let nothing run or be fetched by it."""
    zone = ZoneInfo(report.time_zone)

    def local(moment: datetime | str | None, form: str = "%d %b %Y %H:%M") -> str:
        if moment is None:
            return ""
        parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return parsed.astimezone(zone).strftime(form)

    codes = ", ".join(sorted(report.stamp.codes)) or "none"
    style = _STYLE + _boxes(f"{report.operation} · handling {codes}", f"as of {local(report.moment['as_of'])}")
    page = _PAGE.render(
        report=report,
        style=style,
        local=local,
        quantity=_quantity,
        duration=_duration,
        codes=codes,
        last_day=local(_before(report.detail["window"]["to"]), "%d %B %Y"),
        forbidding={code: HANDLING_CODES.english[code] for code in sorted(report.stamp.codes)},
        map=drawing.drawn_map(report.places),
        bars=drawing.drawn_bars(report.by_day),
        drawing=drawing,
    )
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    headers = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'; sandbox allow-modals allow-popups",
        "Content-Disposition": f'inline; filename="{report.operation}-after-action.html"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return page.encode(), {**headers, **report.stamp.header()}


def _before(end: str) -> datetime:
    """The last moment of a window that ends then: a window that ends at midnight does not have the day after it."""
    return datetime.fromisoformat(end) - timedelta(microseconds=1)


def _boxes(stamp: str, moment: str) -> str:
    """What stands at the edge of every printed page."""
    return (
        f"@page{{@top-left{{content:{_text(stamp)}}}@top-right{{content:{_text(moment)}}}"
        '@bottom-center{content:"Page " counter(page) " of " counter(pages)}}'
    )


def _text(said: str) -> str:
    """A string of CSS: whatever is not a plain character is written by its number."""
    return '"' + "".join(one if one.isalnum() or one in " ,.:-" else f"\\{ord(one):x} " for one in said) + '"'


def _quantity(said: dict[str, Any] | None) -> str:
    """A number as it was said: never made exact, never made up."""
    if said is None or (said["value"] is None and said["qualifier"] == "not_stated"):
        return "not stated"
    before = {"about": "about ", "over": "over "}.get(said["qualifier"], "")
    value = said["value"]
    return "not stated" if value is None else f"{before}{value:,}".replace(",", "\u202f")


def _duration(seconds: int | None) -> str:
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"
