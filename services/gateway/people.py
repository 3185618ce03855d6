"""How people sign in, put together."""

from dataclasses import dataclass

from psycopg_pool import AsyncConnectionPool

from services.gateway.by_password import ByPassword
from services.gateway.callers import Callers
from services.gateway.cookies import Cookies, cookies_of
from services.gateway.credentials import Credentials
from services.gateway.issuer import Issuer
from services.gateway.officer_sessions import OfficerSessions
from services.gateway.provider import Provider
from services.shared.settings import Settings


@dataclass(frozen=True, slots=True)
class People:
    """What the routes of signing in work with, and what finds out who asks."""

    cookies: Cookies
    sessions: OfficerSessions
    callers: Callers
    by_password: ByPassword
    provider: Provider | None


def people(
    pool: AsyncConnectionPool, credentials: Credentials, *, settings: Settings, secret: bytes, issuer: Issuer | None
) -> People:
    sessions = OfficerSessions(pool, credentials, settings=settings, secret=secret)
    provider = None
    if issuer is not None and settings.oidc_client_id is not None:
        provider = Provider(pool, issuer, settings=settings)
    return People(cookies_of(settings), sessions, Callers(credentials, sessions), ByPassword(pool), provider)
