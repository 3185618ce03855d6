"""When the database is out of reach: callers are told to try again, and nobody takes it for a fault of the gateway."""

import psycopg
from sqlalchemy import exc

from services.gateway.problems import OutcomeIsUnknown, PictureUnavailable, Problem

# A pool that found no connection in its time says OperationalError too, SQLAlchemy's pool its own TimeoutError.
OUT_OF_REACH = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    exc.OperationalError,
    exc.InterfaceError,
    exc.TimeoutError,
)


def outage(method: str) -> Problem:
    """What a caller is told. Of a post nobody knows whether it was stored before the database went."""
    if method in ("GET", "HEAD"):
        return PictureUnavailable("The database does not answer; try again.")
    return OutcomeIsUnknown("Send it again with the same id: it will be stored once.")
