"""An external issuer's JWTs: who they say is calling, once signature, audience and times have been checked."""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
from pydantic import TypeAdapter, ValidationError

from schemas.vocabulary import AgencyCode, Code
from services.gateway.issuer_keys import IssuerKeys, IssuerSilent
from services.gateway.problems import SignIn, SignInUnavailable
from services.shared.deriving import derive
from services.shared.settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Public keys alone: a token that names no algorithm, or one with a shared secret, is refused."""
_NEEDED = ["iss", "aud", "sub", "exp"]
_MOST_GROUPS = 50
_AGENCY = TypeAdapter(AgencyCode)
_GROUP = TypeAdapter(Code)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a valid JWT says of its bearer. The agency is not looked up yet."""

    credential: UUID
    agency: str
    actor: str
    groups: tuple[str, ...]
    may_post: bool
    seconds: float
    """For how long it is still valid."""


class Issuer:
    """Checks the tokens of one issuer."""

    def __init__(self, settings: Settings, *, secret: bytes) -> None:
        assert settings.oidc_issuer is not None
        self._issuer = settings.oidc_issuer
        self._settings = settings
        self._names = derive(secret, "actors")
        self._keys = IssuerKeys(self._issuer)

    async def claimed(self, token: str) -> Claimed:
        """Who the token says is calling. Raises SignIn, or SignInUnavailable when its key cannot be fetched."""
        # Without an audience no token is for this gateway: the issuer is there for people to sign in at.
        if self._settings.oidc_audience is None:
            raise SignIn
        return self._said(await self.claims(token, audience=self._settings.oidc_audience))

    async def claims(self, token: str, *, audience: str) -> dict[str, Any]:
        """What a token of the issuer says. Raises SignIn, or SignInUnavailable when its key cannot be fetched."""
        try:
            header = jwt.get_unverified_header(token)
            algorithm, key_id = header.get("alg"), header.get("kid")
            if algorithm not in ALGORITHMS:
                raise SignIn
            key = await self._keys.key(key_id, algorithm=algorithm)
            if key is None:
                raise SignIn
            return self._verified(token, key, algorithm=algorithm, audience=audience)
        except IssuerSilent:
            raise SignInUnavailable("The issuer of the token does not answer; try again.") from None
        except (jwt.PyJWTError, ValueError, OverflowError):
            raise SignIn from None

    def _verified(self, token: str, key: jwt.PyJWK, *, algorithm: str, audience: str) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=audience,
            issuer=self._issuer,
            leeway=self._settings.oidc_leeway_seconds,
            options={"require": _NEEDED, "enforce_minimum_key_length": True},
        )

    def _said(self, claims: Mapping[str, Any]) -> Claimed:
        agency = claims.get(self._settings.oidc_agency_claim)
        groups = claims.get(self._settings.oidc_groups_claim, [])
        if not _is(_AGENCY, agency) or not isinstance(groups, list) or len(groups) > _MOST_GROUPS:
            raise SignIn
        # A subject may be a person's name or number, and the log is for ever: only a keyed hash of it is kept.
        name = hmac.new(self._names, f"{self._issuer}\n{claims['sub']}".encode(), sha256).digest()
        return Claimed(
            UUID(bytes=name[:16]),
            str(agency),
            f"oidc {name[:6].hex()}",
            # What audiences cannot spell is no group of ours: another service's, or an attempt to be more than one.
            tuple(group for group in groups if _is(_GROUP, group)),
            self._may_post(claims),
            float(claims["exp"]) + self._settings.oidc_leeway_seconds - time.time(),
        )

    def _may_post(self, claims: Mapping[str, Any]) -> bool:
        if self._settings.oidc_post_scope is None:
            return True
        said = claims.get("scope", claims.get("scp", ""))
        scopes = said.split() if isinstance(said, str) else said
        return isinstance(scopes, list) and self._settings.oidc_post_scope in scopes


def _is(word: TypeAdapter[str], said: object) -> bool:
    try:
        word.validate_python(said, strict=True)
    except ValidationError:
        return False
    return True
