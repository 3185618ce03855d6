"""Brings a database up to date: schema `desk`, logins and their rights, a set of read models that fits."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from services.shared.database import engine_url
from services.shared.logins import ensure_logins
from services.shared.picture_set import ensure_live_set
from services.shared.settings import Settings

PROJECT = Path(__file__).parents[2]


def migrate(settings: Settings) -> None:
    """Run as the owner; nothing changes when all is up to date, and two at once wait for each other."""
    engine = create_engine(engine_url(settings.database_url))
    try:
        with engine.connect() as connection, connection.begin():
            connection.execute(text("select pg_advisory_xact_lock(hashtext('vcp migrate'))"))
            connection.execute(text("create schema if not exists desk"))
            _upgrade(connection)
            ensure_logins(connection, settings)
            ensure_live_set(connection)
    finally:
        engine.dispose()


def _upgrade(connection: object) -> None:
    configuration = Config(toml_file=PROJECT / "pyproject.toml")
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")
