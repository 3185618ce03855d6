"""Wrapping the keys of persons anew under the current master key. The log is not touched, and nobody waits for it.

Each batch is a transaction of its own that says what is done: whoever is interrupted begins again, and goes on.
"""

import time
from collections.abc import Callable

import psycopg
from psycopg import sql

from services.shared.master_keys import MasterKeys

_AT_ONCE = 500
_PAUSE_SECONDS = 0.1
_UNDER_ANOTHER = sql.SQL("wrapped is not null and coalesce(master, %(first)s) <> %(current)s")
_COUNT = sql.SQL(
    "select coalesce(master, %(first)s), count(*) from desk.keys where wrapped is not null group by 1 order by 1"
)
# Those that somebody is just making or erasing are left for the next round.
_TAKE = sql.SQL(
    "select id, wrapped, master from desk.keys where {} and id > %(after)s order by id limit %(limit)s"
    " for update skip locked"
).format(_UNDER_ANOTHER)
_PUT = """
update desk.keys k set wrapped = n.wrapped, master = %s
  from unnest(%s::uuid[], %s::bytea[]) as n(id, wrapped) where k.id = n.id
"""
_BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


def standing(connection: psycopg.Connection, keys: MasterKeys) -> dict[str, int]:
    """How many keys lie under each master key, by its name."""
    rows = connection.execute(_COUNT, {"first": keys.name_of(None)}).fetchall()
    return {str(name): int(count) for name, count in rows}


def rewrap(connection: psycopg.Connection, keys: MasterKeys, *, tell: Callable[[int], None] = lambda _: None) -> int:
    """Wraps all anew that lies under another master key, and says how many. `tell`: how many so far.

    The connection is in autocommit. Raises UnknownMasterKey before it changes anything of a batch it cannot open.
    """
    done = 0
    while True:
        done = _round(connection, keys, done, tell)
        if set(standing(connection, keys)) <= {keys.current.name}:
            return done
        time.sleep(_PAUSE_SECONDS)


def _round(connection: psycopg.Connection, keys: MasterKeys, done: int, tell: Callable[[int], None]) -> int:
    after: object = _BEFORE_ALL
    asked = {"first": keys.name_of(None), "current": keys.current.name, "limit": _AT_ONCE}
    while True:
        with connection.transaction():
            rows = connection.execute(_TAKE, {**asked, "after": after}).fetchall()
            opened = [(id, keys.unwrap(id, bytes(wrapped), master=master)) for id, wrapped, master in rows]
            anew = [keys.current.wrap(id, key) for id, key in opened]
            connection.execute(_PUT, (keys.current.name, [id for id, _ in opened], anew))
        if not rows:
            return done
        after = rows[-1][0]
        done += len(rows)
        tell(done)
