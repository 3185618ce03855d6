"""Binary COPY: how the rows of each table go to Postgres, with types and order of columns worked out once."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from struct import pack
from typing import Any

from psycopg import AsyncConnection, adapters, sql
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.json import set_json_dumps
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from services.shared.tables import picture

_DIALECT = postgresql.dialect()
_TEXT_OID = adapters.types["text"].oid
_SHORT = {
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "BIGINT": "int8",
    "SMALLINT": "int2",
    "FLOAT": "float8",
    "BOOLEAN": "bool",
}
SPAN = ("operation", "key", "line", "since", "until", "audience_id")
"""The columns that every view begins with."""


class Copy:
    """How rows go into one table."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self.columns = tuple(column.name for column in table.columns)
        self.types = [_type_name(str(column.type.compile(_DIALECT))) for column in table.columns]
        self.statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        if "until" in table.columns:
            assert self.columns[: len(SPAN)] == SPAN
            own = self.columns[len(SPAN) :]
            # Of a single column `itemgetter` gives its value, and of several a row.
            self.values = itemgetter(*own) if len(own) > 1 else lambda values: (values[own[0]],)
            """Picks what a row says, in the table's order, and raises KeyError where a column is missing."""


async def copy(connection: AsyncConnection, into: Copy, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table."""
    async with connection.cursor() as cursor, cursor.copy(into.statement) as stream:
        stream.set_types(into.types)
        for row in rows:
            await stream.write_row(row)


def take_shortcuts(connection: AsyncConnection) -> None:
    """Let a connection write details that are JSON text already, and lists of codes without working them out anew."""
    set_json_dumps(str.encode, connection)
    connection.adapters.register_dumper(None, TextArray)


class TextArray(Dumper):
    """Lists of codes as binary text[]: the same few come again and again, so they are remembered."""

    oid = adapters.types["text"].array_oid
    format = Format.BINARY

    def dump(self, obj: list[str]) -> bytes:
        return _text_array(tuple(obj))


@lru_cache(maxsize=4096)
def _text_array(words: tuple[str, ...]) -> bytes:
    if not words:
        return pack("!iiI", 0, 0, _TEXT_OID)
    encoded = [word.encode() for word in words]
    head = pack("!iiIii", 1, 0, _TEXT_OID, len(words), 1)  # dimensions, no nulls, type, length, first index
    return head + b"".join(pack("!i", len(word)) + word for word in encoded)


def _type_name(compiled: str) -> str:
    return _SHORT.get(compiled, compiled.lower())


COPIES = {table.name: Copy(table) for table in picture.sorted_tables}
