"""Who asks: a token in a header, or a browser's session. Both become the same Caller, and one policy judges it."""

import hmac
from dataclasses import dataclass
from typing import Self

from fastapi import Request

from services.gateway.cookies import Cookies
from services.gateway.credentials import Caller, Credentials
from services.gateway.officer_sessions import OfficerSessions, Session
from services.gateway.problems import FromElsewhere, SignIn

MARK = "vcp-session-mark"
"""The header in which a page repeats its session's mark."""
_SAFE = ("GET", "HEAD", "OPTIONS")
_OURS = ("same-origin", "none", None)
"""What browsers say of a request of our own pages, or of an address that was typed; machines say nothing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of who sent it, kept for as long as its answer lasts."""

    authorization: str | None
    cookie: str | None
    operation: str | None
    changes: bool
    mark: str | None
    site: str | None

    @classmethod
    def by(cls, request: Request, cookies: Cookies) -> Self:
        headers = request.headers
        return cls(
            headers.get("authorization"),
            cookies.of(request, cookies.session),
            request.path_params.get("operation"),
            request.method not in _SAFE,
            headers.get(MARK),
            headers.get("sec-fetch-site"),
        )

    def check_site(self) -> None:
        """Raises FromElsewhere when a browser says that another site's page makes it send this."""
        if self.changes and self.site not in _OURS:
            raise FromElsewhere


class Callers:
    """Finds out who asks. A token goes first, so that a machine is never taken for a browser."""

    def __init__(self, credentials: Credentials, sessions: OfficerSessions) -> None:
        self._credentials = credentials
        self._sessions = sessions

    async def caller(self, shown: Shown, *, active: bool = True) -> Caller:
        """Who asks. Raises SignIn, FromElsewhere, or SignInUnavailable. `active`: not merely a stream that goes on."""
        if shown.authorization is not None or shown.cookie is None:
            return await self._credentials.caller(shown.authorization)
        session = await self.session(shown, active=active)
        return session.caller(shown.operation, changes=shown.changes)

    async def session(self, shown: Shown, *, active: bool = True) -> Session:
        """The session of the browser that asks. Raises SignIn, FromElsewhere, or SignInUnavailable."""
        if shown.cookie is None:
            raise SignIn
        session = await self._sessions.find(shown.cookie, active=active)
        shown.check_site()
        # Compared as bytes: a header may hold what is no ASCII.
        said = (shown.mark or "").encode("utf-8", "surrogateescape")
        if shown.changes and not hmac.compare_digest(said, self._sessions.mark(session).encode()):
            raise FromElsewhere
        return session
