"""The desk of the deployment that a command is about: agencies, officers, credentials."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.running import settings_in_force

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def desk_of(data: Path | None) -> Iterator["Connection"]:
    """A transaction of the gateway's login: it may change the desk and nothing else."""
    from sqlalchemy import create_engine

    from services.shared.database import engine_url

    engine = create_engine(engine_url(settings_in_force(data).gateway_database_url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
