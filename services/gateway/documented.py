"""What the API pages say of bodies and answers that the routes read and write as bytes."""

from typing import Any

from schemas.entry import Receipt
from schemas.event import REGISTER
from schemas.publish import example
from services.gateway.searching import Sought
from services.gateway.view import GEOJSON, View

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "detail": {"type": "string"},
                    "accepted": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}


def problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": PROBLEM}}}


_READ_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: problem("A parameter is unknown or impossible."),
    401: problem("No valid token."),
    404: problem("Unknown, or not for you."),
    429: problem("Too many requests with this token; see Retry-After."),
    503: problem("`after` was not reached in `wait`."),
}


def _read(description: str, *, media: str = "application/json") -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": description, "content": {media: {"schema": {"type": "object"}}}},
        **_READ_REFUSALS,
    }


def view(shown: View) -> dict[int | str, dict[str, Any]]:
    """What a view answers, with an invented example."""
    moment = {"as_of": "2022-06-24T22:00:00Z", "at": None, "live": False}
    invented = {"moment": moment, **shown.example} if shown.form == "document" else shown.example
    if shown.form == "pages":
        items = {"features": [shown.example]} if shown.media == GEOJSON else {"items": [shown.example]}
        invented = {"moment": moment, **items, "next": None, "tail": "opaque"}
        if shown.media == GEOJSON:
            invented = {"type": "FeatureCollection", **invented}
    answers = _read(shown.summary, media=shown.media)
    answers[200]["content"][shown.media]["example"] = invented
    return answers


POSTED: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Receipt,
        "description": "A replay: the first receipt. Or, for NDJSON, a line for each report.",
    },
    201: {"model": Receipt, "description": "On disk."},
    207: {"description": "A batch: each report's own result, by index."},
    400: problem("It cannot be read."),
    401: problem("No valid token."),
    403: problem("Not yours to post."),
    404: problem("Unknown, or not for you."),
    408: problem("The body stood still."),
    409: problem("The id is used for other content, the operation is closed, its code taken, or a pair decided."),
    412: problem("The thing changed since; the answer carries its current ETag."),
    413: problem("Too large."),
    415: problem("Not an accepted form."),
    422: problem("Not an acceptable event; every fault by JSON pointer."),
    428: problem("A command needs If-Match."),
    429: problem("Too many reports with this token; see Retry-After."),
    503: problem("Try again with the same id."),
}
ENTRIES = _read("Entries, oldest first.")
ENTRY = _read("The entry.")
FIGURES = _read("Figures.")
FIGURE = _read("The figure.")
CONTRIBUTIONS = _read("Lines whose contributions sum to the figure.")
FIGURE_SUGGESTIONS = _read("Pairs that may be one, with reasons and a score.")
FIGURE_HISTORY = _read("What moved the figure, oldest first.")
THING = _read("The thing, with its ETag.")
OFFERS = _read("Event types that the door would take from the caller.")
WAITING = _read("What waits for the caller.")
DISCLOSURES = _read("To whom an entry was given.")
LEDGER = _read("Lines of the disclosure ledger, the latest first.")
RECALLS = _read("What was given and has changed since, the latest first.")
HISTORY = _read("The timeline's course, a page.")
FEATURES = _read("A document of OGC API - Features.")
MAP = _read("GeoJSON.", media="application/geo+json")
OPERATIONS = _read("Operations.")
SEARCH = _read("Records that fit, the strongest band first.")
SOUGHT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": Sought.model_json_schema(),
                "examples": {
                    "a name": {"value": {"name": "Шевченко Іван", "birth_date": "1961"}},
                    "a document": {"value": {"document": "INVENTED-1"}},
                },
            }
        },
    }
}
_SIGNED_IN: dict[int | str, dict[str, Any]] = {401: problem("No valid token.")}
ME: dict[int | str, dict[str, Any]] = {200: {"description": "Agency, groups, and what it may."}, **_SIGNED_IN}
TYPES: dict[int | str, dict[str, Any]] = {200: {"description": "Every event type."}, **_SIGNED_IN}
SCHEMA: dict[int | str, dict[str, Any]] = {
    200: {"description": "JSON Schema 2020-12.", "content": {"application/schema+json": {}}},
    404: problem("No such type."),
    **_SIGNED_IN,
}
CODES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Codes with their labels."},
    400: problem("A parameter is impossible."),
    404: problem("No such list."),
    **_SIGNED_IN,
}
TEMPLATES: dict[int | str, dict[str, Any]] = {200: {"description": "Every template."}, **_SIGNED_IN}
TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The template."},
    404: problem("No such template."),
    **_SIGNED_IN,
}
ASYNCAPI: dict[int | str, dict[str, Any]] = {200: {"description": "AsyncAPI 3.0."}, **_SIGNED_IN}
DOWNLOAD: dict[int | str, dict[str, Any]] = {
    **_read("The file.", media="text/csv"),
    413: problem("More rows than a file may have."),
}
REPORT = _read("The page.", media="text/html")
REPLAY = _read("Server-sent events.", media="text/event-stream")
LIVE = _read("Server-sent events.", media="text/event-stream")


def _examples() -> dict[str, Any]:
    return {name: {"summary": event.title, "value": example(event)} for name, event in sorted(REGISTER.items())}


def _body(*, examples: dict[str, Any]) -> dict[str, Any]:
    report = {"type": "object", "description": "A CloudEvent 1.0; `data` by type: /v1/schemas."}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/cloudevents+json": {"schema": report, "examples": examples},
                "application/cloudevents-batch+json": {"schema": {"type": "array", "items": report}},
                "application/x-ndjson": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object", "description": "`data`, with `ce-` headers."}},
            },
        }
    }


REPORTS = _body(examples=_examples())
OPERATION = _body(examples={name: one for name, one in _examples().items() if name == "operation.created.v1"})
