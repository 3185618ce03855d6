"""Writes what is generated from the register: JSON Schemas, the AsyncAPI document, and the catalogue to read.

python -m schemas.publish            write
python -m schemas.publish --check    exit 1 when what is committed is not what would be written
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import schemas.events  # noqa: F401  (finds every event type)
from schemas.entry import Entry, report_model
from schemas.event import REGISTER, Event
from schemas.subjects import intake_subject

PROJECT = Path(__file__).parents[1]
JSON, ASYNCAPI, CATALOGUE = "schemas/json", "schemas/asyncapi.json", "docs/events.md"
SHARED = set(Event.model_fields)
_ENTRY_ID = {"type": "string", "format": "uuid"}
_TOLD = {
    "corrected": {
        "summary": "An earlier entry reads otherwise now.",
        "payload": {
            "type": "object",
            "required": ["entry", "by"],
            "properties": {"entry": _ENTRY_ID, "by": _ENTRY_ID},
        },
    },
    "withdrawn": {
        "summary": "An earlier entry is to be taken out.",
        "payload": {
            "type": "object",
            "required": ["entry", "by", "reason"],
            "properties": {
                "entry": _ENTRY_ID,
                "by": {"anyOf": [_ENTRY_ID, {"type": "null"}], "description": "The retraction, where that is why."},
                "reason": {"enum": ["retracted", "no_longer_for_you"]},
            },
        },
    },
    "now": {"summary": "Nothing else happened; sent every ten seconds.", "payload": {"type": "object"}},
    "resync": {"summary": "You read too slowly: resume from the last id.", "payload": {"type": "object"}},
}
"""What the live stream says beside entries."""
_ANSWER = {
    "type": "object",
    "description": "For one report its status with its receipt or problem, as over HTTP; for an array, `results`.",
    "required": ["status"],
    "properties": {
        "status": {
            "type": "integer",
            "description": "The status that HTTP gives: 207 for an array, 201 or 200 for one stored whole.",
        },
        "receipt": {"type": "object", "description": "Entry, operation, recorded_at, digest and etag."},
        "problem": {"type": "object", "description": "A problem document (RFC 9457)."},
        "results": {"type": "array", "items": {"type": "object"}, "description": "By `index`, each as for one report."},
    },
}
_FLAG = {"type": "string", "enum": ["true", "false"], "default": "false"}
_INTAKE_HEADERS = {
    "type": "object",
    "description": "What query parameters say over HTTP. Another header that begins with Vcp- is refused.",
    "properties": {
        "Vcp-Atomic": {**_FLAG, "description": "Of an array: all its reports are stored or none."},
        "Vcp-Import": {**_FLAG, "description": "History brought in by the lead; its entries are marked for ever."},
    },
}


def json_schema(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema of the report that carries this type; its `$id` never changes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:vcp:schema:{event.type}",
        **report_model(event).model_json_schema(by_alias=True),
        "title": event.title,
        "description": (event.__doc__ or "").strip(),
        "examples": [example(event)],
    }


def example(event: type[Event]) -> dict[str, Any]:
    """An invented report of this type."""
    return {
        "specversion": "1.0",
        "id": "invented-1",
        "source": "/example/system",
        "type": event.type,
        "time": "2022-06-24T12:05:00+02:00",
        "data": event.example(),
    }


def asyncapi(*, schema_at: str = "json/{type}.json") -> dict[str, Any]:
    """AsyncAPI 3.0: the live stream of an operation, the door over HTTP and over NATS, and the messages.

    `schema_at` is where the schema of a type stands, seen from the document.
    """
    entry = Entry.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    inner = entry.pop("$defs", {})
    messages = {
        event.type: {
            "name": event.type,
            "title": event.title,
            "summary": (event.__doc__ or "").strip().splitlines()[0],
            "payload": {"$ref": schema_at.format(type=event.type)},
            "examples": [{"payload": example(event)}],
        }
        for event in _sorted()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Virtual Command Post",
            "version": "1",
            "description": "Reports go in over HTTP or NATS; entries come out as server-sent events, reports inside.",
        },
        "channels": {
            "live": {
                "address": "/v1/operations/{operation}/live",
                "title": "What comes into the picture, to each viewer what they may see",
                "parameters": {"operation": {"description": "The operation's code."}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in ("entry", *_TOLD)},
            },
            "reports": {
                "address": "/v1/operations/{operation}/events",
                "title": "The door",
                "parameters": {"operation": {"description": "The operation's code."}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            },
            "intake": {
                "address": intake_subject("{operation}", agency="{agency}"),
                "title": "The same door over NATS, by request and reply",
                "description": "One report, or a JSON array of up to 1,000 as far as a message is large. A command "
                "carries its version as `ifmatch`. What a query parameter says over HTTP, a header says here.",
                "parameters": {
                    "operation": {"description": "The operation's code."},
                    "agency": {"description": "The agency whose key signed in; the server refuses any other."},
                },
                "messages": {
                    name: {
                        "name": name,
                        "headers": {"$ref": "#/components/schemas/IntakeHeaders"},
                        "payload": message["payload"],
                    }
                    for name, message in messages.items()
                },
            },
            "answers": {
                "address": None,
                "title": "The inbox that the request names, below `_INBOX_{agency}`",
                "messages": {"answer": {"$ref": "#/components/messages/answer"}},
            },
        },
        "operations": {
            "watch": {"action": "send", "channel": {"$ref": "#/channels/live"}},
            "post": {"action": "receive", "channel": {"$ref": "#/channels/reports"}},
            "ask": {
                "action": "receive",
                "channel": {"$ref": "#/channels/intake"},
                "reply": {
                    "address": {"location": "$message.header#/reply-to"},
                    "channel": {"$ref": "#/channels/answers"},
                },
            },
        },
        "components": {
            "schemas": {**inner, "IntakeHeaders": _INTAKE_HEADERS},
            "messages": {
                "entry": {"name": "entry", "payload": entry},
                "answer": {"name": "answer", "payload": _ANSWER},
                **{name: {"name": name, **said} for name, said in _TOLD.items()},
                **messages,
            },
        },
    }


def catalogue() -> str:
    """The catalogue as a page: every type, what it says, who posts it, its own members and an example."""
    lines = [
        "# Event types",
        "",
        "Generated from `schemas/events/` by `make schemas`. Every example is invented.",
        "",
        "| Type | Says | Opens or changes | Posted by |",
        "|---|---|---|---|",
    ]
    for event in _sorted():
        thing = f"opens {event.opens}" if event.opens else f"changes `{event.changes}`" if event.changes else ""
        lines.append(f"| [`{event.type}`](#{_anchor(event.type)}) | {event.title} | {thing} | {_posted_by(event)} |")
    for event in _sorted():
        lines += ["", f"## {event.type}", "", (event.__doc__ or "").strip(), "", *_members(event), ""]
        lines += ["```json", json.dumps(event.example(), indent=1, ensure_ascii=False), "```"]
    return "\n".join(lines) + "\n"


def files() -> Iterator[tuple[str, str]]:
    """Every generated file: its path in the project, and its text."""
    for event in _sorted():
        yield f"{JSON}/{event.type}.json", _json(json_schema(event))
    yield ASYNCAPI, _json(asyncapi())
    yield CATALOGUE, catalogue()


def _members(event: type[Event]) -> Iterator[str]:
    own = {name: field for name, field in event.model_fields.items() if name not in SHARED}
    if not own:
        yield "No members of its own."
        return
    yield "| Member | Required | Meaning |"
    yield "|---|---|---|"
    for name, field in own.items():
        required = "yes" if field.is_required() else ""
        yield f"| `{field.alias or name}` | {required} | {(field.description or '').replace('|', '/')} |"


def _posted_by(event: type[Event]) -> str:
    return ", ".join(sorted(word.value for word in event.posted_by))


def _anchor(name: str) -> str:
    return name.replace(".", "")


def _sorted() -> list[type[Event]]:
    return [event for _, event in sorted(REGISTER.items())]


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    wanted = dict(files())
    there = {str(path.relative_to(PROJECT)) for path in (PROJECT / JSON).glob("*.json")}
    if arguments == ["--check"]:
        stale = [path for path, text in wanted.items() if not _same(PROJECT / path, text)]
        stale += sorted(there - set(wanted))
        if stale:
            print(f"Not as the register says; run `make schemas`: {', '.join(stale)}", file=sys.stderr)
        return 1 if stale else 0
    for path, text in wanted.items():
        (PROJECT / path).parent.mkdir(parents=True, exist_ok=True)
        (PROJECT / path).write_text(text, encoding="utf-8")
    for path in there - set(wanted):
        (PROJECT / path).unlink()
    print(f"{len(wanted)} files written")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
