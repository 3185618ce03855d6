"""How an entry's NATS subject is spelt, and how its id is computed."""

from functools import lru_cache
from hashlib import sha1
from uuid import NAMESPACE_URL, UUID, uuid5

Id = UUID | str
"""An id, or its text where it is needed more than once: writing it takes as long as finding it."""

ROOT = "vcp"
INTAKE = "vcpin"
"""Where agencies' systems put reports over NATS: `vcpin.<agency>.<operation>`."""


def operation_uuid(operation: str) -> UUID:
    """The operation's UUID: UUIDv5 of the URL namespace and `vcp:<operation>`."""
    return uuid5(NAMESPACE_URL, f"vcp:{operation}")


def entry_id(operation: str, *, agency: str, source: str, id: str) -> UUID:
    """The id an entry will have: any client can compute it, and a retry gives it again."""
    made = sha1(_namespace(operation) + f"{agency}\n{source}\n{id}".encode(), usedforsecurity=False)
    return UUID(bytes=made.digest()[:16], version=5)


@lru_cache(maxsize=1024)
def _namespace(operation: str) -> bytes:
    return operation_uuid(operation).bytes


def stream_name(operation: str) -> str:
    return f"VCP_{operation}"


def log_prefix(operation: str) -> str:
    """All entries of an operation."""
    return f"{ROOT}.{operation}.>"


def thing_prefix(operation: str, thing: Id) -> str:
    """All entries of one thing. Literal, because a guard with wildcards before the id walks every subject."""
    return f"{ROOT}.{operation}.{thing}.>"


def entry_prefix(operation: str, thing: Id, entry: Id) -> str:
    """One entry of one thing, whatever its agency and type."""
    return f"{ROOT}.{operation}.{thing}.{entry}.>"


def id_filter(operation: str, entry: UUID) -> str:
    """One entry, whatever its thing: the server walks every thing for it."""
    return f"{ROOT}.{operation}.*.{entry}.>"


def entry_subject(operation: str, thing: Id, entry: Id, *, agency: str, type: str) -> str:
    """`vcp.<operation>.<thing>.<entry>.<agency>.<noun>.<verb>.<vN>`: ids and codes, never user text."""
    return f"{ROOT}.{operation}.{thing}.{entry}.{agency}.{type}"


def thing_filter(operation: str, thing: UUID, type: str) -> str:
    """All entries of one type of one thing."""
    return f"{ROOT}.{operation}.{thing}.*.*.{type}"


def type_filter(operation: str, type: str) -> str:
    """All entries of one type."""
    return f"{ROOT}.{operation}.*.*.*.{type}"


def intake_subject(operation: str, *, agency: str) -> str:
    """Where an agency's system asks for its reports to be taken; the server lets each agency use its own alone."""
    return f"{INTAKE}.{agency}.{operation}"


def agency_of(subject: str) -> str:
    """The agency that asks on an intake subject."""
    return subject.split(".")[1]
