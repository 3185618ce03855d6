"""Signing in at an identity provider: OIDC's authorization code with PKCE, each sign-in good once and in one browser.

Authlib writes what OAuth says to the provider; the id token is checked as all tokens of the issuer are (issuer.py).
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from psycopg_pool import AsyncConnectionPool

from services.gateway.issuer import Issuer
from services.gateway.issuer_keys import Unexpected, address_in, discovered
from services.gateway.officer_sessions import Identity
from services.gateway.problems import NoOfficer, NotBegunHere, ProviderRefused, SignIn, SignInUnavailable
from services.shared.settings import Settings

RETURN = "/v1/sign-in/return"
_LASTS = timedelta(minutes=10)
_TIMEOUT_SECONDS = 5.0
_PATIENCE_SECONDS = 5.0
_LONGEST = 4096

_FORGET_OLD = "delete from desk.sign_ins where expires_at <= now()"
_BEGIN = "insert into desk.sign_ins (state, browser, expires_at) values (%s, %s, now() + %s)"
_END = "delete from desk.sign_ins where state = %s and browser = %s and expires_at > now()"
_LOOK_UP = "select id, password, subject from desk.officers where subject = %s and removed_at is null"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what it keeps until it comes back."""

    address: str
    browser: str


class Provider:
    """One provider, as settings and its own discovery document describe it."""

    def __init__(self, pool: AsyncConnectionPool, issuer: Issuer, *, settings: Settings) -> None:
        assert settings.oidc_issuer is not None and settings.oidc_client_id is not None
        self._pool = pool
        self._issuer = issuer
        self._name = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._secret = _secret(settings)
        self._scopes = settings.oidc_scopes
        self._claim = settings.oidc_officer_claim
        self._return = f"{(settings.public_url or '').rstrip('/')}{RETURN}"
        self.called = settings.oidc_provider_name

    async def begin(self) -> Begun:
        """A sign-in that is now expected back. Raises SignInUnavailable."""
        said = await self._discovered()
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            await connection.execute(_FORGET_OLD)
            await connection.execute(_BEGIN, (_digest(state), _digest(browser), _LASTS))
        address = prepare_grant_uri(
            self._address(said, "authorization_endpoint"),
            self._client_id,
            "code",
            redirect_uri=self._return,
            scope=self._scopes,
            state=state,
            nonce=_derived(browser, "nonce"),
            code_challenge=create_s256_code_challenge(_derived(browser, "verifier")),
            code_challenge_method="S256",
        )
        return Begun(address, browser)

    async def officer(self, returned: Mapping[str, str], browser: str | None) -> Identity:
        """Who came back from the provider.

        Raises NotBegunHere, ProviderRefused, NoOfficer, or SignInUnavailable.
        """
        state = returned.get("state", "")
        if browser is None or len(state) > _LONGEST or len(browser) > _LONGEST:
            raise NotBegunHere
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            ended = await connection.execute(_END, (_digest(state), _digest(browser)))
        if ended.rowcount != 1:
            raise NotBegunHere
        if "error" in returned:
            raise ProviderRefused("It refused, or you did.")
        said = await self._discovered()
        self._check_sender(returned, said)
        claims = await self._claims(returned.get("code", ""), browser, said)
        subject = claims.get(self._claim)
        if not isinstance(subject, str) or not subject:
            raise ProviderRefused("It did not say who you are.")
        async with self._pool.connection(timeout=_PATIENCE_SECONDS) as connection:
            row = await (await connection.execute(_LOOK_UP, (subject,))).fetchone()
        if row is None:
            raise NoOfficer
        return Identity(*row)

    def _check_sender(self, returned: Mapping[str, str], said: Mapping[str, Any]) -> None:
        """RFC 9207: another provider's answer is not taken for this one's."""
        promised = said.get("authorization_response_iss_parameter_supported") is True
        if returned.get("iss", None if promised else self._name) != self._name:
            raise ProviderRefused("The answer is another provider's.")

    async def _claims(self, code: str, browser: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """What the id token says, once it was had for the code and holds for this very sign-in."""
        had = await self._exchanged(code, browser, said)
        token = had.get("id_token")
        if not isinstance(token, str):
            raise ProviderRefused("It said nothing of you.")
        try:
            claims = await self._issuer.claims(token, audience=self._client_id)
        except SignIn:
            raise ProviderRefused("What it said of you is not valid, or not any more.") from None
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), _derived(browser, "nonce").encode()):
            raise ProviderRefused("What it said of you is of another sign-in.")
        # OIDC Core 3.1.3.7: a token for several audiences says for whom it was made.
        if claims.get("azp", self._client_id) != self._client_id:
            raise ProviderRefused("What it said of you was said to another service.")
        return claims

    async def _exchanged(self, code: str, browser: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider gives for a code, to whoever began the sign-in (RFC 7636)."""
        where = self._address(said, "token_endpoint")
        form = prepare_token_request(
            "authorization_code",
            redirect_uri=self._return,
            code=code,
            code_verifier=_derived(browser, "verifier"),
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        where, headers, form = self._as_client(said).prepare("POST", where, headers, form)
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
                answer = await client.post(where, content=form, headers=headers)
                found = answer.json()
        except (httpx.HTTPError, ValueError):
            raise SignInUnavailable("The identity provider does not answer; try again.") from None
        if answer.status_code != 200 or not isinstance(found, dict):
            raise ProviderRefused("It did not take its own code again.")
        return found

    def _as_client(self, said: Mapping[str, Any]) -> ClientAuth:
        if self._secret is None:
            return ClientAuth(self._client_id, None, "none")
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return ClientAuth(self._client_id, self._secret, way)

    async def _discovered(self) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
                return await discovered(client, self._name)
        except (httpx.HTTPError, Unexpected):
            raise SignInUnavailable("The identity provider does not answer; try again.") from None

    def _address(self, said: Mapping[str, Any], name: str) -> str:
        try:
            return address_in(said, name, issuer=self._name)
        except Unexpected:
            raise SignInUnavailable("The identity provider does not say where to sign in.") from None


def _secret(settings: Settings) -> str | None:
    if settings.oidc_client_secret_file is None:
        return None
    return settings.oidc_client_secret_file.read_text(encoding="utf-8").strip()


def _derived(browser: str, what: str) -> str:
    """Nonce and verifier are made from what the browser keeps, so that the database never holds them."""
    made = hmac.new(browser.encode("utf-8", "surrogateescape"), what.encode(), sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _digest(value: str) -> bytes:
    return sha256(value.encode("utf-8", "surrogateescape")).digest()
