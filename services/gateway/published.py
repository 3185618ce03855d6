"""Writes what the console takes its types from: of the API's description, what reads are answered with.

python -m services.gateway.published            writes services/console/openapi.json
python -m services.gateway.published --check    says whether it is what it would write
"""

import json
import sys
from pathlib import Path
from typing import Any

from services.gateway.app import create_app
from services.shared.settings import Settings

FILE = Path(__file__).parents[1] / "console" / "openapi.json"
_WORDS = ("title", "description", "example", "examples")
"""Words for people, which are no part of a shape."""
_METHODS = ("get", "post")


def answers() -> dict[str, Any]:
    """The description, cut down to the answers of reads and the blocks that these are made of."""
    document = create_app(Settings()).openapi()
    paths = {}
    for path, methods in sorted(document["paths"].items()):
        told = {name: _answered(methods[name]) for name in _METHODS if name in methods}
        paths[path] = {name: {"responses": responses} for name, responses in told.items() if responses}
    return {
        "openapi": document["openapi"],
        "info": {"title": document["info"]["title"], "version": document["info"]["version"]},
        "paths": {path: methods for path, methods in paths.items() if methods},
        "components": {"schemas": _bare(document["components"]["schemas"])},
    }


def spelt() -> str:
    """As the file has it: each address and each block on a line of its own, so that a change is a line."""
    told = answers()
    paths = _lines(told.pop("paths"))
    blocks = _lines(told.pop("components")["schemas"])
    about = json.dumps(told)[1:-1]
    return f'{{{about},\n"paths": {{\n{paths}\n}},\n"components": {{"schemas": {{\n{blocks}\n}}}}}}\n'


def _lines(members: dict[str, Any]) -> str:
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(value, sort_keys=True)}" for name, value in members.items())


def _answered(operation: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for status, response in operation["responses"].items():
        content = {media: one for media, one in response.get("content", {}).items() if media.endswith("json")}
        if status.startswith("2") and content:
            shapes = {media: {"schema": _bare(one.get("schema", {}))} for media, one in content.items()}
            found[status] = {"description": "", "content": shapes}
    return found


def _bare(shape: Any) -> Any:
    """The same without words for people; a member may be called like one of these."""
    if isinstance(shape, list):
        return [_bare(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    return {name: _bare(value) for name, value in shape.items() if name not in _WORDS or not isinstance(value, str)}


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        if FILE.read_text(encoding="utf-8") == spelt():
            return 0
        sys.stderr.write(f"{FILE.name} is not what reads are answered with: run `make schemas`.\n")
        return 1
    FILE.write_text(spelt(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
