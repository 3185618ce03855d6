"""Postgres as the services reach it: a lean pool for the hot paths, an engine for the picture's queries."""

from psycopg_pool import AsyncConnectionPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

PATIENCE_SECONDS = 5.0
_OF_READS = "-c plan_cache_mode=force_custom_plan -c jit=off"
"""A plan that is made without the position takes a stretch of the log for half of it, and compiling outlasts a read."""
_BACK_WITHIN_SECONDS = 2.0
"""The pool doubles its pauses for so long; then the next caller makes it try anew, so it is back as soon as asked."""


def pool(url: str, *, most: int = 8) -> AsyncConnectionPool:
    """A pool of psycopg connections in autocommit; open it before use, close it at the end."""
    return AsyncConnectionPool(
        url,
        min_size=1,
        max_size=most,
        open=False,
        timeout=PATIENCE_SECONDS,
        reconnect_timeout=_BACK_WITHIN_SECONDS,
        kwargs={"autocommit": True},
    )


def snapshots(url: str, *, most: int = 8) -> AsyncEngine:
    """SQLAlchemy's engine over psycopg; all statements of a transaction see the database at one instant.

    Rows at a fixed position stay what they are, but who may see them can change between two statements.
    """
    return create_async_engine(
        engine_url(url),
        pool_size=most,
        max_overflow=0,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        connect_args={"options": _OF_READS},
    )


def engine_url(url: str) -> str:
    """A plain address as SQLAlchemy wants it, naming the driver."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
