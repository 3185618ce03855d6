"""What the API pages say of bodies and answers that the routes read and write as bytes."""

from typing import Any

from schemas.entry import Receipt
from schemas.event import REGISTER
from schemas.publish import example
from schemas.templates import Template
from services.gateway import as_csv, as_xlsx
from services.gateway.media import EventStream
from services.gateway.searching import Sought
from services.gateway.shapes.entries import (
    Disclosures,
    Entry,
    LedgerPage,
    LogEntry,
    Offer,
    OffersAbout,
    Recall,
    SearchResult,
    Waiting,
)
from services.gateway.shapes.features import Collection, Collections, Conformance, Items, Landing, LinkedFeature
from services.gateway.shapes.lines import Course
from services.gateway.shapes.numbers import Contribution, Figure, FigureMoved
from services.gateway.shapes.records import Operation, Suggestion
from services.gateway.shapes.room import (
    CodeLabels,
    CodeLists,
    EnginesShare,
    EventType,
    Live,
    Me,
    OperationEntry,
    Readiness,
)
from services.gateway.shapes.words import All, Listed
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


def _read(description: str, shape: Any = None) -> dict[int | str, dict[str, Any]]:
    """What a read answers; without a shape, a text."""
    return {200: _answer(description, shape), **_READ_REFUSALS}


def _answer(description: str, shape: Any = None) -> dict[str, Any]:
    return {"description": description} | ({} if shape is None else {"model": shape})


def view(shown: View) -> dict[int | str, dict[str, Any]]:
    """What a view answers, with an invented example."""
    moment = {"as_of": "2022-06-24T22:00:00Z", "at": None, "live": False}
    invented = {"moment": moment, **shown.example} if shown.form == "document" else shown.example
    if shown.form == "pages":
        items = {"features": [shown.example]} if shown.media == GEOJSON else {"items": [shown.example]}
        invented = {"moment": moment, **items, "next": None, "tail": "opaque"}
        if shown.media == GEOJSON:
            invented = {"type": "FeatureCollection", **invented}
    answers = _read(shown.summary, shown.shape)
    answers[200]["content"] = {shown.media: {"example": invented}}
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
ENTRIES = _read("Entries, oldest first; all of them as lines, where those are asked for.", Listed[LogEntry])
ENTRIES[200]["content"] = {"application/x-ndjson": {"schema": {"type": "string"}}}
ENTRY = _read("The entry.", Entry)
FIGURES = _read("Figures.", Listed[Figure])
FIGURE = _read("The figure.", Figure)
CONTRIBUTIONS = _read("Lines whose contributions sum to the figure.", Listed[Contribution])
FIGURE_SUGGESTIONS = _read("Pairs that may be one, with reasons and a score.", Listed[Suggestion])
FIGURE_HISTORY = _read("What moved the figure, oldest first.", Listed[FigureMoved])
OPERATION_SEEN = _read("The operation, with its ETag.", Operation)
OFFERS = _read("Event types that the door would take from the caller.", Listed[Offer])
OFFERS_ABOUT = _read("What the caller may say about the record.", OffersAbout)
WAITING = _read("What waits for the caller.", Listed[Waiting])
DISCLOSURES = _read("To whom an entry was given.", Disclosures)
LEDGER = _read("Lines of the disclosure ledger, the latest first.", LedgerPage)
RECALLS = _read("What was given and has changed since, the latest first.", Listed[Recall])
HISTORY = _read("The timeline's course, a page.", Course)
LANDING = _read("The landing page.", Landing)
CONFORMANCE = _read("What the service conforms to.", Conformance)
COLLECTIONS = _read("The collections.", Collections)
COLLECTION = _read("The collection.", Collection)
ITEMS = _read("GeoJSON.", Items)
ITEM = _read("GeoJSON.", LinkedFeature)
OPERATIONS = _read("Operations.", All[OperationEntry])
SEARCH = _read("Records that fit, the strongest band first.", SearchResult)
LIVE_HEALTH: dict[int | str, dict[str, Any]] = {200: _answer("The process answers.", Live)}
READINESS: dict[int | str, dict[str, Any]] = {
    200: _answer("Ready, or what of the picture is incomplete.", Readiness),
    503: _answer("Not ready; says why.", Readiness),
}
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
ME: dict[int | str, dict[str, Any]] = {200: _answer("Agency, groups, and what it may.", Me), **_SIGNED_IN}
_ENGINE: dict[int | str, dict[str, Any]] = {
    403: problem("Not the token of a cross-check engine."),
    404: problem("The engine's id is no UUID."),
    429: problem("Too many requests with this token; see Retry-After."),
    503: problem("The database does not answer."),
    **_SIGNED_IN,
}
ENGINES_SHARE: dict[int | str, dict[str, Any]] = {
    200: _answer("What this engine attends, and for how long that holds.", EnginesShare),
    **_ENGINE,
}
ENGINE_LEFT: dict[int | str, dict[str, Any]] = {204: {"description": "It is gone."}, **_ENGINE}
TYPES: dict[int | str, dict[str, Any]] = {200: _answer("Every event type.", All[EventType]), **_SIGNED_IN}
SCHEMA: dict[int | str, dict[str, Any]] = {
    200: _answer("JSON Schema 2020-12.", dict[str, Any]),
    404: problem("No such type."),
    **_SIGNED_IN,
}
_CODES: dict[int | str, dict[str, Any]] = {
    400: problem("A parameter is impossible."),
    404: problem("No such list."),
    **_SIGNED_IN,
}
CODES = {200: _answer("The lists of codes.", CodeLists), **_CODES}
CODE_LIST = {200: _answer("Codes with their labels.", CodeLabels), **_CODES}
TEMPLATES: dict[int | str, dict[str, Any]] = {200: _answer("Every template.", All[Template]), **_SIGNED_IN}
TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: _answer("The template.", Template),
    404: problem("No such template."),
    **_SIGNED_IN,
}
ASYNCAPI: dict[int | str, dict[str, Any]] = {200: _answer("AsyncAPI 3.0.", dict[str, Any]), **_SIGNED_IN}
DOWNLOAD: dict[int | str, dict[str, Any]] = {
    **_READ_REFUSALS,
    200: {
        "description": "The file.",
        "content": {
            as_csv.MEDIA.partition(";")[0]: {"schema": {"type": "string"}},
            as_xlsx.MEDIA: {"schema": {"type": "string", "format": "binary"}},
            GEOJSON: {"schema": {"type": "object"}},
        },
    },
    413: problem("More rows than a file may have."),
}
REPORT = _read("The page.")
_FRAME = {
    "type": "object",
    "description": "Of each event: what it is, its data as JSON, and the cursor from which the stream goes on.",
    "properties": {name: {"type": "string"} for name in ("event", "data", "id")},
}
STREAM = _read("Server-sent events.")
STREAM[200]["content"] = {EventStream.media_type: {"schema": _FRAME}}


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
