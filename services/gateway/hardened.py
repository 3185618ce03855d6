"""What a browser may do with an answer: as little as it needs (OWASP Secure Headers Project, for an API)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.shared.settings import Settings

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of what is data and no page: nothing in it runs, is loaded, or is shown inside another page."""
POLICY_HEADER = (b"content-security-policy", POLICY.encode())
_A_YEAR_SECONDS = 365 * 24 * 3600


def headers_of_all(settings: Settings) -> list[tuple[str, str]]:
    """The headers that every answer has; the server adds them, which costs a post nothing."""
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ]
    if settings.is_behind_tls:
        headers.append(("Strict-Transport-Security", f"max-age={_A_YEAR_SECONDS}"))
    return headers


class Policed:
    """ASGI middleware: what says no content policy of its own comes under the strictest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def policed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if not any(name == POLICY_HEADER[0] for name, _ in headers):
                    message = {**message, "headers": [*headers, POLICY_HEADER]}
            await send(message)

        await self._app(scope, receive, policed)
