"""What is sealed is in no file of the deployment as it was written, and what is erased can be opened no more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from services.stack import Stack
from tests.flow.everything_read import EXPORT
from tests.flow.test_live import entries, frames

pytestmark = pytest.mark.own_stack  # all its files are looked through

LATIN, CYRILLIC, NUMBER, TEXT = "Zlatorogoff", "Златорогов", "ZQ7700991", "Quillonwright"
SECRETS = (LATIN, CYRILLIC, NUMBER, TEXT)
PLAIN = "Uvulabridge"
"""Said where nothing is sealed: what finds this would find the others."""
PERSON = {
    "names": [
        {"family": LATIN, "given": None, "script": "Latn"},
        {"family": CYRILLIC, "given": None, "script": "Cyrl"},
    ],
    "aliases": [{"family": LATIN, "given": TEXT, "script": "Latn"}],
    "birth_place": TEXT,
    "nationalities": ["IL"],
    "documents": [{"document_class": "passport", "number": NUMBER, "issuer": "IL"}],
    "phones": [NUMBER],
    "remarks": TEXT,
    "subject_category": "suspect",
    "minor": False,
}
FIRM = {
    "subject_category": "suspect",
    "names": [{"full": CYRILLIC, "script": "Cyrl"}],
    "aliases": [{"full": LATIN}],
    "registrations": [{"country": "BG", "registration_number": NUMBER}],
    "phones": [NUMBER],
    "remarks": TEXT,
}
REPORTS: dict[str, dict[str, Any]] = {
    "arrest.made.v1": {"person": PERSON, "place": {"country": "BA", "text": PLAIN}},
    "message.sent.v1": {"to": [], "regarding": None, "text": TEXT, "audience": {"scope": "all"}},
    "incident.reported.v1": {"narrative": TEXT, "persons": [PERSON], "organisations": [FIRM]},
    "seizure.made.v1": {"remarks": TEXT},
}


def spellings(secret: str) -> set[bytes]:
    """How a text may stand in a file."""
    escaped = secret.encode("ascii", "backslashreplace")
    return {secret.encode(), secret.lower().encode(), secret.upper().encode(), secret.encode("utf-16-le"), escaped}


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the deployment: logs, the log's streams, the database's tables, indexes and journal."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def rows(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Every row of every table as a dump would have it, whatever is compressed in the files."""
    tables = """
        select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'm') and n.nspname !~ '^pg_|^information_schema'
    """
    with psycopg.connect(stack.settings.database_url) as connection:
        for schema, table in connection.execute(tables).fetchall():
            every = sql.SQL("select t::text from {} t").format(sql.Identifier(schema, table))
            for (row,) in connection.execute(every):
                yield f"{schema}.{table}", row.encode()


def settled(stack: Stack, *statements: str) -> None:
    """Has the database write down what it holds in memory."""
    with psycopg.connect(stack.settings.database_url, autocommit=True) as connection:
        for statement in (*statements, "checkpoint"):
            connection.execute(statement)  # type: ignore[arg-type]


def held_in(found: Iterator[tuple[str, bytes]], *wanted: bytes) -> set[str]:
    return {name for name, content in found if any(one in content for one in wanted)}


def read_by_every_way(room: Any) -> str:
    client, told = room.as_agency("AT"), []
    told += [client.get(f"{room.path}/{path}").text for path in ("events", "timeline", "history", "messages", "map")]
    told.append(client.get(f"{room.path}/events", headers=EXPORT).text)
    why = {"Vcp-Purpose": "a test of the drill"}
    told += [client.get(f"{room.path}/downloads/{name}.csv", headers=why).text for name in ("events", "messages")]
    told.append(client.get(f"{room.path}/replay", params={"step": 200}).text)
    for sought in ({"name": LATIN}, {"name": CYRILLIC}, {"document": NUMBER}, {"registration": NUMBER}):
        told.append(client.post(f"{room.path}/search", json=sought).raise_for_status().text)
    return "\n".join(told)


@pytest.fixture
def taken(room: Any) -> list[dict[str, Any]]:
    """Records with persons and sealed texts, one of them corrected, all read by every way and sent as they came."""
    tail = room.get("AT", "events")["tail"]
    made = [room.take("BA", type, **members) for type, members in REPORTS.items()]
    data = {**room.report("arrest.made.v1")["data"], "person": PERSON, "count": 2}
    made[0] |= {"etag": room.take(
        "BA", "record.corrected.v1", target=made[0]["entry"], corrected=data, etag=made[0]["etag"]
    )["etag"]}  # fmt: skip
    with room.as_agency("AT").stream("GET", f"{room.path}/live", params={"cursor": tail}) as answer:
        assert len(entries(frames(answer), len(REPORTS) + 1)) == len(REPORTS) + 1
    told = read_by_every_way(room)
    assert all(secret in told for secret in SECRETS)
    return made


def erase(room: Any, taken: list[dict[str, Any]]) -> None:
    for one in taken:
        room.take("BA", "person.erased.v1", target=one["entry"], blocks=None, etag=one["etag"])


def test_no_file_and_no_row_holds_what_is_sealed_before_or_after_it_is_erased(
    stack: Stack, room: Any, taken: list[dict[str, Any]]
) -> None:
    sought = [spelling for secret in SECRETS for spelling in spellings(secret)]

    settled(stack)
    before = held_in(files(stack.folder), *sought) | held_in(rows(stack), *sought)
    erase(room, taken)
    settled(stack, "vacuum")
    after = held_in(files(stack.folder), *sought) | held_in(rows(stack), *sought)

    assert (before, after) == (set(), set())
    told = read_by_every_way(room)
    assert not [secret for secret in SECRETS if secret in told]
    # The search itself finds what stands in plain: in the log's files, in the database's, and in a row.
    found = held_in(files(stack.folder), PLAIN.encode())
    assert {name.partition("/")[0] for name in found} >= {"nats", "postgres"}
    assert held_in(rows(stack), PLAIN.encode())


def test_no_table_holds_the_key_of_what_is_erased(stack: Stack, room: Any, taken: list[dict[str, Any]]) -> None:
    with psycopg.connect(stack.settings.database_url) as connection:
        keys = "select wrapped from desk.keys where operation = %s and wrapped is not null"
        wrapped = [bytes(key) for (key,) in connection.execute(keys, (room.operation,)).fetchall()]
    settled(stack)
    before = _of_tables(held_in(files(stack.folder), *wrapped))

    erase(room, taken)
    settled(stack, "vacuum full desk.keys")

    assert len(wrapped) > len(REPORTS)
    assert before
    assert _of_tables(held_in(files(stack.folder), *wrapped)) == set()


def _of_tables(names: set[str]) -> set[str]:
    """The files of tables and indexes: the journal keeps what was written until it is written over."""
    return {name for name in names if name.startswith("postgres/") and "/pg_wal/" not in name}
