"""Conditional reads: an answer that says what the caller has already is 304 and has no body."""

from base64 import urlsafe_b64encode
from hashlib import blake2b

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class ConditionalReads:
    """ASGI middleware. The ETag of an answer is made from its bytes, which are the viewer's own.

    That of a record begins with its version, which is all that If-Match looks at: what is added beside a record leaves
    the version as it is, and clocks run on.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        known = [value for name, value in scope["headers"] if name == b"if-none-match"]
        started: Message | None = None

        async def conditionally(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start" and _is_whole(message):
                started = message
            elif started is not None:
                start, started = started, None
                version = next((value for name, value in start["headers"] if name.lower() == b"etag"), None)
                etag = _etag(message.get("body", b""), version=version)
                headers = [*((name, value) for name, value in start["headers"] if name.lower() != b"etag")]
                headers.append((b"etag", etag))
                if any(_names(value, etag) for value in known):
                    kept = [
                        (name, value) for name, value in headers if name not in (b"content-length", b"content-type")
                    ]
                    await send({**start, "status": 304, "headers": kept})
                    await send({"type": "http.response.body", "body": b""})
                else:
                    await send({**start, "headers": headers})
                    await send(message)
            else:
                await send(message)

        await self._app(scope, receive, conditionally)


def _is_whole(message: Message) -> bool:
    """A found answer of known length, which comes in one piece."""
    return message["status"] == 200 and b"content-length" in {name.lower() for name, _ in message["headers"]}


def _etag(body: bytes, *, version: bytes | None) -> bytes:
    digest = urlsafe_b64encode(blake2b(body, digest_size=15).digest())
    return b'"%s"' % (digest if version is None else version.strip(b'"') + b"." + digest)


def _names(said: bytes, etag: bytes) -> bool:
    """Whether If-None-Match lists this ETag; weakly compared, as HTTP has it."""
    return any(one.strip().removeprefix(b"W/") in (etag, b"*") for one in said.split(b","))
