"""The keys of persons: secret members are sealed at the door, opened at read, and erased by deleting a key.

AES-256-GCM with a key per block; the keys themselves are kept wrapped under the master key. The digest that
tells a replay from a conflict is keyed with the block's key, so after erasure nothing can be guessed from it.
"""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import AsyncConnectionPool

from services.shared.deriving import derive
from services.shared.marks import Marks
from services.shared.master_keys import MasterKey, MasterKeys, UnknownMasterKey
from services.shared.together import Together

_NONCE_BYTES = 12
_encode = msgspec.json.Encoder().encode
# A try that came to nothing leaves its key and its marks; the next one under the same id adds its own. Whoever finds
# a record by a mark looks into the record, so one too many does no harm.
#
# Arrays come as text: written as one they cost a third of what the driver takes for their items. What was made is told
# by its number alone where that is all; ids come back only where some were there before.
_INSERT = """
with made as (
    insert into desk.keys (id, operation, entry, wrapped, master, made_at, marks)
    select k, o, e, w, %(master)s, now(), m::bigint[]
      from unnest(%(keys)s::uuid[], %(operations)s::text[], %(entries)s::uuid[], %(wrapped)s::bytea[],
                  %(marks)s::text[]) as t(k, o, e, w, m)
    on conflict (id) do update
       set marks = (select array_agg(distinct m) from unnest(keys.marks || excluded.marks) m)
     where keys.wrapped is not null and not keys.marks @> excluded.marks
    returning id, xmax = 0 as is_new)
select count(*), case when count(*) < %(asked)s then array_agg(id) end from made where is_new
"""

# A walk along the index: one step for each master key, however many keys there are.
_MASTERS = """
with recursive used(master) as (
    (select coalesce(master, '') from desk.keys where wrapped is not null order by 1 limit 1)
    union all
    select (select coalesce(k.master, '') from desk.keys k
             where k.wrapped is not null and coalesce(k.master, '') > used.master order by 1 limit 1)
      from used where used.master is not null)
select nullif(master, '') from used where master is not null
"""
_LEFT = """
select distinct entry from desk.keys where wrapped is not null and (entry = any(%s) or id = any(%s)) order by entry
"""
_ERASE = """
update desk.keys set wrapped = null, erased_at = now()
 where wrapped is not null and (entry = any(%s) or id = any(%s))
"""


@dataclass(frozen=True, slots=True)
class Block:
    """The secret members of one block of an event, taken out of it."""

    pointer: str
    key: UUID
    members: dict[str, Any]


class Packed(msgspec.Struct, frozen=True, gc=False):
    """A block ready to be sealed: its secret members as bytes, and the marks by which it is found."""

    pointer: str
    key: UUID
    plain: bytes
    marks: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """The key of a block that is to be made, and the marks by which the block is found."""

    key: UUID
    operation: str
    entry: UUID
    marks: set[int]


def keyed_digest(key: bytes) -> Callable[[bytes], str]:
    """HMAC-SHA-256 (RFC 2104) as hexadecimal text, the key's own blocks hashed once and not for each content."""
    block = key.ljust(64, b"\0")
    inner, outer = sha256(bytes(byte ^ 0x36 for byte in block)), sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(content: bytes) -> str:
        within, around = inner.copy(), outer.copy()
        within.update(content)
        around.update(within.digest())
        return around.hexdigest()

    return digest


def take_out(data: Mapping[str, Any], where: Mapping[str, Any], *, entry: UUID) -> tuple[dict[str, Any], list[Block]]:
    """The event without its secret members, and those, block by block. `where` is `schemas.event.secrets(cls)`."""
    blocks: list[Block] = []
    return _take_out(data, where, "", entry, blocks), blocks


def _take_out(
    data: Mapping[str, Any], where: Mapping[str, Any], pointer: str, entry: UUID, blocks: list[Block]
) -> dict[str, Any]:
    clear, secret = {}, {}
    for member, value in data.items():
        mark = where.get(member)
        if mark is None or value is None:
            clear[member] = value
        elif mark is True:
            secret[member] = value
        elif isinstance(value, list):
            clear[member] = [
                _take_out(item, mark, f"{pointer}/{member}/{index}", entry, blocks) if isinstance(item, dict) else item
                for index, item in enumerate(value)
            ]
        elif isinstance(value, dict):
            clear[member] = _take_out(value, mark, f"{pointer}/{member}", entry, blocks)
        else:
            clear[member] = value
    if secret:
        blocks.append(Block(pointer, uuid5(entry, pointer), secret))
    return clear


def put_back(data: dict[str, Any], pointer: str, members: Mapping[str, Any]) -> None:
    """Puts opened members back where they were taken out."""
    here: Any = data
    for part in pointer.split("/")[1:]:
        here = here[int(part)] if isinstance(here, list) else here[part]
    here.update(members)


class Vault:
    """Makes, finds and erases the keys of blocks. Needs the gateway's login; a new key is on disk before its use."""

    def __init__(self, pool: AsyncConnectionPool, secret: bytes, *, masters: MasterKeys | None = None) -> None:
        """`masters`: where they are others than the one of the deployment's secret."""
        self._pool = pool
        first = MasterKey(secret)
        self._masters = masters or MasterKeys(first, first=first)
        self._digest = keyed_digest(derive(secret, "digests"))
        self.marks = Marks(derive(secret, "marks"))
        self._made: Together[_Wanted, bytes] = Together(self._make)

    async def check(self) -> None:
        """Raises UnknownMasterKey when some keys lie under a master key that is not given."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(_MASTERS)
            used = {self._masters.name_of(master) for (master,) in await rows.fetchall()}
        if unknown := sorted(used.difference(self._masters.names)):
            raise UnknownMasterKey(
                f"keys of persons lie under the master key {', '.join(unknown)}; name it in VCP_MASTER_KEY_BEFORE_FILE"
            )

    def packed(self, blocks: Iterable[Block], *, operation: str) -> tuple[Packed, ...]:
        """The blocks without what they were read from, so that many can wait for their keys together."""
        return tuple(
            Packed(block.pointer, block.key, _encode(block.members), self.marks.of(block.members, operation=operation))
            for block in blocks
        )

    async def keys_for(
        self, blocks: Iterable[Packed], *, operation: str, entry_of: Mapping[UUID, UUID]
    ) -> dict[UUID, bytes]:
        """A key for each block: made and committed, or the one made at an earlier try. An erased key is missing."""
        wanted = [_Wanted(block.key, operation, entry_of[block.key], set(block.marks)) for block in blocks]
        found = await self._made(wanted)
        return {one.key: found[one] for one in wanted if one in found}

    async def _make(self, wanted: list[_Wanted]) -> dict[_Wanted, bytes]:
        """Those of reports that are posted at the same time share one write to disk."""
        each: dict[UUID, _Wanted] = {}
        for one in wanted:
            if one is not (first := each.setdefault(one.key, one)):
                first.marks.update(one.marks)
        made = {key_id: AESGCM.generate_key(256) for key_id in each}
        master = self._masters.current
        async with self._pool.connection() as connection:
            rows = await connection.execute(
                _INSERT,
                {
                    "keys": _array(key_id.hex for key_id in each),
                    "operations": _array(one.operation for one in each.values()),
                    "entries": _array(one.entry.hex for one in each.values()),
                    "wrapped": _array(rf"\\x{master.wrap(key_id, key).hex()}" for key_id, key in made.items()),
                    "master": master.name,
                    "marks": _array("{" + ",".join(map(str, one.marks)) + "}" for one in each.values()),
                    "asked": len(each),
                },
            )
            row = await rows.fetchone()
        assert row is not None
        number, new = row
        found = made if number == len(made) else {key_id: made[key_id] for key_id in new or ()}
        if earlier := made.keys() - found.keys():
            found.update(await self.find(earlier))
        return {one: found[one.key] for one in wanted if one.key in found}

    async def find(self, wanted: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys that exist and are not erased."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(
                "select id, wrapped, master from desk.keys where id = any(%s) and wrapped is not null",
                (list(wanted),),
            )
            return {
                key_id: self._masters.unwrap(key_id, bytes(wrapped), master=master)
                for key_id, wrapped, master in await rows.fetchall()
            }

    async def left_of(self, blocks: Mapping[UUID, Iterable[str] | None]) -> list[UUID]:
        """The entries of which some of these blocks still have their keys."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(_LEFT, _named(blocks))
            return [entry for (entry,) in await rows.fetchall()]

    async def erase(self, blocks: Mapping[UUID, Iterable[str] | None]) -> None:
        """Destroys the keys of these blocks by entry and pointer; None: of all blocks of the entry. For ever."""
        async with self._pool.connection() as connection:
            await connection.execute(_ERASE, _named(blocks))

    def digest(self, content: bytes, *, key: bytes | None) -> str:
        """The keyed digest of a report's content: under its first block's key, or the deployment's."""
        return hmac.digest(key, content, "sha256").hex() if key else self._digest(content)


def _named(blocks: Mapping[UUID, Iterable[str] | None]) -> tuple[list[UUID], list[UUID]]:
    """Entries that are named as a whole, and the keys of single blocks."""
    whole = [entry for entry, pointers in blocks.items() if pointers is None]
    return whole, [uuid5(entry, pointer) for entry, pointers in blocks.items() for pointer in pointers or ()]


def _array(items: Iterable[str]) -> str:
    """An array as Postgres reads it, of texts without quotes in them."""
    return '{"' + '","'.join(items) + '"}'


def seal(block: Packed, key: bytes) -> dict[str, str]:
    """What the entry keeps of a block: which key opens it, and the box."""
    nonce = os.urandom(_NONCE_BYTES)
    box = AESGCM(key).encrypt(nonce, block.plain, block.key.bytes)
    return {"key": str(block.key), "box": b64encode(nonce + box).decode()}


def open_box(sealed: Mapping[str, str], key: bytes) -> dict[str, Any]:
    """The secret members. Raises ValueError when the box was not made with this key."""
    box = b64decode(sealed["box"])
    try:
        plain = AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], UUID(sealed["key"]).bytes)
    except InvalidTag:
        raise ValueError("a sealed block does not open with its key") from None
    opened: dict[str, Any] = msgspec.json.decode(plain)
    return opened
