"""Postgres as the services reach it: a lean pool for the hot paths, an engine for the picture's queries."""

from psycopg_pool import AsyncConnectionPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def pool(url: str, *, most: int = 8) -> AsyncConnectionPool:
    """A pool of psycopg connections in autocommit; open it before use, close it at the end."""
    return AsyncConnectionPool(url, min_size=1, max_size=most, open=False, kwargs={"autocommit": True})


def engine(url: str, *, most: int = 8) -> AsyncEngine:
    """SQLAlchemy's engine over psycopg."""
    return create_async_engine(engine_url(url), pool_size=most, max_overflow=0, pool_pre_ping=True)


def engine_url(url: str) -> str:
    """A plain address as SQLAlchemy wants it, naming the driver."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
