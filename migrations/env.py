"""Alembic's entry: runs the migrations of schema `desk` over the connection it is handed, or as the owner."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine

from services.shared.database import engine_url
from services.shared.desk_tables import desk
from services.shared.settings import Settings


def run(connection: Connection) -> None:
    # The version table lies in `desk`, so a set of read models can be dropped whole without touching it.
    context.configure(
        connection=connection,
        target_metadata=desk,
        include_schemas=True,
        include_name=lambda name, kind, parents: kind != "schema" or name == "desk",
        version_table_schema="desk",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(engine_url(Settings.read(os.environ).database_url)).connect() as opened:
        run(opened)
