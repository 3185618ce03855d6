"""The cookies of a browser that signed in, or is about to: out of reach of scripts and of other sites."""

from dataclasses import dataclass
from typing import Literal

from fastapi import Request, Response

from services.shared.settings import Settings

_SIGN_IN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes. With TLS a browser takes them from this host alone, and shows them over TLS alone."""

    secure: bool

    @property
    def session(self) -> str:
        return self._name("vcp-session")

    @property
    def sign_in(self) -> str:
        return self._name("vcp-sign-in")

    def keep_session(self, response: Response, value: str, *, seconds: int) -> None:
        self._keep(response, self.session, value, seconds=seconds, samesite="strict")

    def drop_session(self, response: Response) -> None:
        self._keep(response, self.session, "", seconds=0, samesite="strict")

    def keep_sign_in(self, response: Response, value: str) -> None:
        # Lax: the provider sends the browser back here from its own site.
        self._keep(response, self.sign_in, value, seconds=_SIGN_IN_SECONDS, samesite="lax")

    def drop_sign_in(self, response: Response) -> None:
        self._keep(response, self.sign_in, "", seconds=0, samesite="lax")

    def of(self, request: Request, name: str) -> str | None:
        return request.cookies.get(name) or None

    def _keep(
        self, response: Response, name: str, value: str, *, seconds: int, samesite: Literal["strict", "lax"]
    ) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite=samesite
        )

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name


def cookies_of(settings: Settings) -> Cookies:
    return Cookies(secure=settings.is_behind_tls)
