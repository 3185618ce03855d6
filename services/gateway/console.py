"""The console as the gateway serves it: the files that were built, under a policy that lets no other code run."""

import gzip
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.hardened import POLICY
from services.gateway.problems import NotFound

BUILT = Path(__file__).parents[1] / "console" / "dist"
ADDRESS = "/console/"
_MAY = "script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
_NOT_BUILT = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Virtual command post</title>
<h1>The console is not built</h1>
<p>This installation was made with VCP_SKIP_CONSOLE=1. <code>uv sync --reinstall-package virtual-command-post</code>
without it builds the page. The API works meanwhile: <a href="/docs">its pages</a>.</p></html>
"""
_NAMED_BY_CONTENT = "assets/"
"""Files of which the name changes with the content: a browser may keep them for ever."""


@dataclass(frozen=True)
class File:
    """One file of the page, in memory."""

    name: str
    content: bytes

    @cached_property
    def media(self) -> str:
        media = "font/woff2" if self.name.endswith(".woff2") else guess_type(self.name)[0] or "text/plain"
        return f"{media}; charset=utf-8" if media.startswith("text/") or media.endswith("javascript") else media

    @cached_property
    def etag(self) -> str:
        return f'"{sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.content, mtime=0)

    @property
    def is_worth_packing(self) -> bool:
        return not self.name.endswith(".woff2") and len(self.content) > 1000


def read_files(folder: Path) -> dict[str, File]:
    """The files of the built page by their names. Nothing else on the disk can be asked for."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    names = [path.relative_to(folder).as_posix() for path in paths]
    return {name: File(name, path.read_bytes()) for name, path in zip(names, paths, strict=True)}


def serve_console(app: FastAPI, *, folder: Path = BUILT) -> None:
    """The page below /console/, and the way there."""
    files = read_files(folder)
    start = files.get("index.html") or File("index.html", _NOT_BUILT)

    async def to_the_console() -> Response:
        return RedirectResponse(ADDRESS, status_code=307)

    async def file_of_the_console(name: str, request: Request) -> Response:
        found = start if name in ("", "index.html") else files.get(name)
        if found is None:
            raise NotFound
        return _answer(found, request)

    app.add_api_route("/", to_the_console, include_in_schema=False)
    app.add_api_route("/console", to_the_console, include_in_schema=False)
    app.add_api_route(ADDRESS + "{name:path}", file_of_the_console, include_in_schema=False)


def _answer(file: File, request: Request) -> Response:
    kept = "public, max-age=31536000, immutable" if file.name.startswith(_NAMED_BY_CONTENT) else "no-cache"
    headers = {
        "Content-Security-Policy": f"{POLICY}; {_MAY}",
        "ETag": file.etag,
        "Cache-Control": kept,
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    if file.is_worth_packing and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, media_type=file.media, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.media, headers=headers)
