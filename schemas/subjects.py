"""How an entry's NATS subject is spelt, and how its id is computed."""

from uuid import NAMESPACE_URL, UUID, uuid5

ROOT = "vcp"
INTAKE = "vcpin"
"""Where agencies' systems put reports over NATS: `vcpin.<agency>.<operation>`."""


def operation_uuid(operation: str) -> UUID:
    """The operation's UUID: UUIDv5 of the URL namespace and `vcp:<operation>`."""
    return uuid5(NAMESPACE_URL, f"vcp:{operation}")


def entry_id(operation: str, *, agency: str, source: str, id: str) -> UUID:
    """The id an entry will have: any client can compute it, and a retry gives it again."""
    return uuid5(operation_uuid(operation), f"{agency}\n{source}\n{id}")


def stream_name(operation: str) -> str:
    return f"VCP_{operation}"


def log_prefix(operation: str) -> str:
    """All entries of an operation."""
    return f"{ROOT}.{operation}.>"


def thing_prefix(operation: str, thing: UUID) -> str:
    """All entries of one thing. Literal, because a guard with wildcards before the id walks every subject."""
    return f"{ROOT}.{operation}.{thing}.>"


def entry_prefix(operation: str, thing: UUID, entry: UUID) -> str:
    """One entry of one thing, whatever its agency and type."""
    return f"{ROOT}.{operation}.{thing}.{entry}.>"


def entry_subject(operation: str, thing: UUID, entry: UUID, *, agency: str, type: str) -> str:
    """`vcp.<operation>.<thing>.<entry>.<agency>.<noun>.<verb>.<vN>`: ids and codes, never user text."""
    return f"{ROOT}.{operation}.{thing}.{entry}.{agency}.{type}"


def type_filter(operation: str, type: str) -> str:
    """All entries of one type; `*` as the version means any."""
    return f"{ROOT}.{operation}.*.*.*.{type}"


def intake_subject(operation: str, *, agency: str) -> str:
    """Where an agency's system asks for its reports to be taken; the server lets each agency use its own alone."""
    return f"{INTAKE}.{agency}.{operation}"


def agency_of(subject: str) -> str:
    """The agency that asks on an intake subject."""
    return subject.split(".")[1]
