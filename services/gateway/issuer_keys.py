"""The public keys of an external issuer: found by OIDC discovery, kept for a while, fetched anew when they change."""

import asyncio
import json
import logging
import math
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

FRESH_SECONDS = 600.0
"""How long keys are used without asking."""
STALE_SECONDS = 3600.0
"""How long they go on after that while the issuer does not answer."""
PAUSE_SECONDS = 5.0
"""Between two fetches: tokens with invented key ids cost the issuer no more than that."""
_TIMEOUT_SECONDS = 5.0
_MOST_BYTES = 1024 * 1024
_DISCOVERY = "/.well-known/openid-configuration"
_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
"""Which kind of key an algorithm needs, by its first letters: a public key is never taken for a shared secret."""

logger = logging.getLogger(__name__)


class IssuerSilent(Exception):
    """The issuer does not answer, or not as OIDC says, and no keys are known that would do."""


class IssuerKeys:
    """The keys by key id. Concurrent callers share one fetch."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._keys: dict[str | None, Mapping[str, Any]] = {}
        self._fetched_at = -math.inf
        self._tried_at = -math.inf
        self._fetching = asyncio.Lock()
        self._aside: asyncio.Task[None] | None = None

    async def key(self, key_id: str | None, *, algorithm: str) -> jwt.PyJWK | None:
        """The key of that id, fit for the algorithm; None when the issuer has none. Raises IssuerSilent."""
        age = time.monotonic() - self._fetched_at
        if key_id not in self._keys or age > FRESH_SECONDS + STALE_SECONDS:
            await self._fetch_unless_just_tried()
            if self._fetched_at < self._tried_at:
                raise IssuerSilent
        elif age > FRESH_SECONDS and (self._aside is None or self._aside.done()):
            # Nobody waits for it: an issuer that hangs would hold up every bearer of a good token.
            self._aside = asyncio.create_task(self._fetch_unless_just_tried())
        found = self._keys.get(key_id)
        return _fit(found, algorithm) if found is not None else None

    async def _fetch_unless_just_tried(self) -> None:
        async with self._fetching:
            now = time.monotonic()
            if now - self._tried_at <= PAUSE_SECONDS:
                return
            self._tried_at = now
            try:
                async with asyncio.timeout(_TIMEOUT_SECONDS):
                    self._keys = await _fetch(self._issuer)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, Unexpected) as failed:
                logger.warning("the issuer's keys cannot be fetched", extra={"error": type(failed).__name__})
            else:
                self._fetched_at = now


class Unexpected(Exception):
    """The issuer answered something that OIDC does not say."""


async def discovered(client: httpx.AsyncClient, issuer: str) -> dict[str, Any]:
    """What the issuer says of itself. Raises Unexpected when it is not the one that was asked."""
    said = await _document(client, issuer.rstrip("/") + _DISCOVERY)
    if said.get("issuer") != issuer:
        raise Unexpected
    return said


def address_in(said: Mapping[str, Any], name: str, *, issuer: str) -> str:
    """An address of the issuer's. Raises Unexpected when there is none, or one that others can read along."""
    where = said.get(name)
    if not isinstance(where, str):
        raise Unexpected
    # Whoever can read along could hand out keys of their own.
    if urlsplit(issuer).scheme == "https" and urlsplit(where).scheme != "https":
        raise Unexpected
    return where


async def _fetch(issuer: str) -> dict[str | None, Mapping[str, Any]]:
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        where = address_in(await discovered(client, issuer), "jwks_uri", issuer=issuer)
        keys = (await _document(client, where)).get("keys")
    if not isinstance(keys, list):
        raise Unexpected
    signing = [key for key in keys if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    found: dict[str | None, Mapping[str, Any]] = {key["kid"]: key for key in signing if isinstance(key.get("kid"), str)}
    if len(signing) == 1:
        # Then a token need not say which.
        found[None] = signing[0]
    return found


async def _document(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    async with client.stream("GET", address, headers={"Accept": "application/json"}) as answer:
        if answer.status_code != 200:
            raise Unexpected
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > _MOST_BYTES:
                raise Unexpected
    try:
        document = json.loads(body)
    except ValueError:
        raise Unexpected from None
    if not isinstance(document, dict):
        raise Unexpected
    return document


def _fit(key: Mapping[str, Any], algorithm: str) -> jwt.PyJWK | None:
    """The key for this algorithm, unless it is of another kind or made for another."""
    if key.get("kty") != _KINDS.get(algorithm[:2]) or key.get("alg", algorithm) != algorithm:
        return None
    try:
        return jwt.PyJWK(dict(key), algorithm)
    except (jwt.PyJWKError, jwt.InvalidKeyError):
        return None
