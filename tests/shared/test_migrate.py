"""The migrated database is the one that the code's tables describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from services.shared.database import engine_url
from services.shared.desk_tables import desk
from services.shared.migrate import migrate
from services.shared.settings import Settings


def test_the_migrated_desk_is_the_desk_of_the_tables(settings: Settings) -> None:
    engine = create_engine(engine_url(settings.database_url))

    with engine.connect() as connection:
        options = {
            "include_schemas": True,
            "version_table_schema": "desk",
            "include_name": lambda name, kind, parents: kind != "schema" or name == "desk",
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), desk)
    engine.dispose()

    assert differences == []


def test_migrating_twice_changes_nothing(settings: Settings) -> None:
    engine = create_engine(engine_url(settings.database_url))
    live = text("select schema, shape from desk.live")
    with engine.connect() as connection:
        before = connection.execute(live).all()

    migrate(settings)

    with engine.connect() as connection:
        assert connection.execute(live).all() == before
    engine.dispose()


def test_the_gateway_owns_nothing_and_cannot_choose_the_live_set(settings: Settings) -> None:
    engine = create_engine(engine_url(settings.gateway_database_url))

    with engine.connect() as connection:
        owned = connection.execute(
            text("select count(*) from pg_class where relowner = current_user::regrole")
        ).scalar_one()
        may_write = connection.execute(text("select has_table_privilege('desk.live', 'update')")).scalar_one()
        bypasses = connection.execute(
            text("select rolbypassrls or rolsuper from pg_roles where rolname = current_user")
        ).scalar_one()
    engine.dispose()

    assert (owned, may_write, bypasses) == (0, False, False)
