"""Sets of read models: each lives in a schema `picture_<n>`, and `desk.live` says which is read.

Read models have no migrations: when the tables changed, or what fills them, a fresh set is made and the projector fills
it from the log. Everything here is done with the owner's connection, inside the caller's transaction.
"""

import re
from hashlib import sha256

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from services.shared.desk_tables import live
from services.shared.logins import GATEWAY, PROJECTOR
from services.shared.picture_logic import logic
from services.shared.tables import audience_changes, audiences, facts, picture, restricted, totals

WRITER = PROJECTOR
READER = GATEWAY

_THIS_OPERATION = "operation = current_setting('vcp.operation', true)"
# Subqueries, so that the viewer's audiences are worked out once for a statement and not once for a row, and what is
# true of the viewer not once for an audience.
_OPEN = (
    "(select a.id from audiences a where a.members && "
    "(select string_to_array(nullif(current_setting('vcp.viewer', true), ''), ',')))"
)
_OPEN_TO_VIEWER = f"audience_id in {_OPEN}"


def shape() -> str:
    """The fingerprint of the tables, of their rights and of what fills them: another one means a fresh set."""
    dialect = postgresql.dialect()
    parts = [logic()]
    for table in picture.sorted_tables:
        parts.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        parts.extend(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
        parts.extend(_rights(table))
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def create_set(connection: Connection, schema: str) -> None:
    """Make an empty set, which the projector owns and the gateway reads under row-level security."""
    before = connection.scalar(text("select current_setting('search_path')"))
    # Only its owner may COPY into a table under row-level security, so the projector owns the tables.
    connection.execute(text(f"grant {WRITER} to current_user"))
    connection.execute(text(f"create schema {_named(schema)}"))
    connection.execute(text(f"grant usage, create on schema {schema} to {WRITER}"))
    connection.execute(text(f"grant usage on schema {schema} to {READER}"))
    _search(connection, schema)
    picture.create_all(connection, checkfirst=False)
    for table in picture.sorted_tables:
        for statement in _rights(table):
            connection.execute(text(statement))
    connection.execute(text(f"revoke create on schema {schema} from {WRITER}"))
    _search(connection, before or "")


def ensure_live_set(connection: Connection) -> str:
    """The schema of the live set, made anew when tables or logic are not those that the live set was made from."""
    connection.execute(text("lock table desk.live in share row exclusive mode"))
    row = connection.execute(live.select()).one_or_none()
    existing = sets(connection)
    if row is not None and row.shape == shape() and row.schema in existing:
        for old in existing[: existing.index(row.schema)]:
            drop_set(connection, old)
        return row.schema
    schema = next_schema(connection)
    create_set(connection, schema)
    switch(connection, schema)
    return schema


def switch(connection: Connection, schema: str) -> None:
    """From the next transaction on, everybody reads and writes this set."""
    connection.execute(
        text(
            'insert into desk.live ("only", schema, shape) values (true, :schema, :shape) '
            'on conflict ("only") do update set schema = excluded.schema, shape = excluded.shape'
        ),
        {"schema": schema, "shape": shape()},
    )


def sets(connection: Connection) -> list[str]:
    """The sets there are, oldest first."""
    names = connection.scalars(text("select nspname::text from pg_namespace where nspname ~ '^picture_[0-9]+$'"))
    return sorted(names, key=_number)


def next_schema(connection: Connection) -> str:
    return f"picture_{max((_number(name) for name in sets(connection)), default=0) + 1}"


def drop_set(connection: Connection, schema: str) -> None:
    """Remove a set that nobody reads any more."""
    connection.execute(text(f"drop schema if exists {_named(schema)} cascade"))


def _rights(table: Table) -> list[str]:
    reader_sees = _THIS_OPERATION
    if "audience_id" in table.columns:
        seen = _OPEN_TO_VIEWER
        if table in (facts, totals):
            # A hidden contribution counts where its sender says so; the gateway shows nothing else of it.
            seen = f"(countable or {seen})"
        elif table is audience_changes:
            # Who lost sight of a thing must be told so, although what took it away is hidden from them.
            seen = f"(before_id in {_OPEN} or after_id in {_OPEN})"
        elif table is restricted:
            # That there are such records, others may know; the gateway shows who provided them, and nothing else.
            seen = "true"
        reader_sees = f"{reader_sees} and {seen}"
    statements = [f"grant select on {table.name} to {READER}"]
    if table is not audiences:
        statements += [
            f"alter table {table.name} enable row level security",
            f"create policy seen on {table.name} for select to {READER} using ({reader_sees})",
        ]
    return [*statements, f"alter table {table.name} owner to {WRITER}"]


def _search(connection: Connection, path: str) -> None:
    connection.execute(text("select set_config('search_path', :path, true)"), {"path": path})


def _named(schema: str) -> str:
    if not re.fullmatch(r"picture_[0-9]+", schema):
        raise ValueError("a set of read models is named picture_<n>")
    return schema


def _number(schema: str) -> int:
    return int(schema.removeprefix("picture_"))
