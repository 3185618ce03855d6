"""Whether answers are what the API pages say of them: each is held against its schema, with no member left over."""

from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from services.gateway.app import create_app
from services.shared.settings import Settings

DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()


def _closed(schema: Any) -> Any:
    """The same without room for members that it does not name, unless it says that there may be others."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _closed(value) for name, value in schema.items()}
    if isinstance(found.get("properties"), dict) and found.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


_CLOSED = {name: _closed(schema) for name, schema in DOCUMENT["components"]["schemas"].items()}


def described(path: str, media: str) -> dict[str, Any] | None:
    """The schema of what a route answers in this form; None where the form is no JSON, or none of the route's."""
    content = DOCUMENT["paths"][path]["get"]["responses"].get("200", {}).get("content", {})
    return content.get(media, {}).get("schema") if media.endswith("json") else None


@cache
def _checker(path: str, media: str) -> Draft202012Validator:
    return Draft202012Validator({**_closed(described(path, media)), "components": {"schemas": _CLOSED}})


def faults(answer: Any, path: str, media: str = "application/json") -> list[str]:
    """Where an answer is another than the one that is described."""
    return [
        f"{path} /{'/'.join(map(str, one.instance_path))}: {one.message[:200]}"
        for one in _checker(path, media).iter_errors(answer)
    ]
