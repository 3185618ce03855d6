"""The desk's officers: people who sign in at the console, and their roles by operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from services.shared.desk_tables import agencies, officer_roles, officers

Role = Literal["reader", "reporter", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
EVERYWHERE = "*"
"""In place of an operation: each in which the agency takes part."""


@dataclass(frozen=True, slots=True)
class Place:
    """An officer's role in an operation, and the groups that they belong to there."""

    role: Role
    groups: tuple[str, ...] = ()

    @property
    def may_post(self) -> bool:
        return self.role == "reporter"

    @property
    def audits(self) -> bool:
        """Reads the disclosure ledger of the operation, and nothing else of it."""
        return self.role == "auditor"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as listed: never the password."""

    id: UUID
    name: str
    agency: str
    subject: str | None
    has_password: bool
    places: Mapping[str, Place]
    added_at: datetime
    removed_at: datetime | None

    @property
    def actor(self) -> str:
        return actor_of(self.id)


class NoSuchOfficer(Exception):
    """No officer who was not removed has this name."""


class NameTaken(Exception):
    """An officer has this name already, or this identity at the provider."""


class NoSuchAgency(Exception):
    """The desk does not know this agency."""


def actor_of(officer: UUID) -> str:
    """How the log and the ledger call an officer: the desk alone can tell who that is."""
    return f"officer {officer.hex[:12]}"


def spelt(name: str) -> str:
    """A name as it is kept and compared."""
    return name.strip().casefold()


def add_officer(
    connection: Connection,
    name: str,
    *,
    agency: str,
    places: Mapping[str, Place],
    password: str | None = None,
    subject: str | None = None,
) -> UUID:
    """Adds an officer of a known agency; `password` is its hash. Raises NoSuchAgency or NameTaken."""
    if connection.execute(select(agencies.c.code).where(agencies.c.code == agency)).first() is None:
        raise NoSuchAgency
    made = uuid4()
    values = {"name": spelt(name), "agency": agency, "subject": subject, "password": password}
    try:
        with connection.begin_nested():
            connection.execute(insert(officers).values(id=made, added_at=datetime.now(UTC), **values))
    except IntegrityError:
        raise NameTaken from None
    _place(connection, made, places)
    return made


def set_places(connection: Connection, name: str, places: Mapping[str, Place]) -> None:
    """Gives roles in operations, and leaves those in others. The officer's sessions end. Raises NoSuchOfficer."""
    _place(connection, _id_of(connection, name), places)


def take_places(connection: Connection, name: str, operations: Sequence[str]) -> int:
    """Takes the roles in operations away, and says how many there were. The officer's sessions end."""
    taking = delete(officer_roles).where(
        officer_roles.c.officer == _id_of(connection, name), officer_roles.c.operation.in_(operations)
    )
    return connection.execute(taking).rowcount


def set_password(connection: Connection, name: str, password: str | None) -> None:
    """Another password, as its hash, or none. The officer's sessions end. Raises NoSuchOfficer."""
    officer = _id_of(connection, name)
    connection.execute(update(officers).where(officers.c.id == officer).values(password=password))


def remove_officer(connection: Connection, name: str) -> None:
    """Ends an officer's sessions and sign-in for ever; who they were can still be listed. Raises NoSuchOfficer."""
    officer = _id_of(connection, name)
    connection.execute(delete(officer_roles).where(officer_roles.c.officer == officer))
    gone = {"removed_at": datetime.now(UTC), "password": None}
    connection.execute(update(officers).where(officers.c.id == officer).values(gone))


def all_officers(connection: Connection) -> list[Officer]:
    """Every officer, by agency and name, those who were removed among them."""
    places: dict[UUID, dict[str, Place]] = {}
    for row in connection.execute(select(officer_roles).order_by(officer_roles.c.operation)):
        places.setdefault(row.officer, {})[row.operation] = Place(row.role, tuple(row.groups))
    columns = officers.c
    found = connection.execute(select(officers).order_by(columns.agency, columns.name, columns.added_at))
    return [_listed(row, places.get(row.id, {})) for row in found]


def _listed(row: Row, places: Mapping[str, Place]) -> Officer:
    has_password = row.password is not None
    return Officer(row.id, row.name, row.agency, row.subject, has_password, places, row.added_at, row.removed_at)


def _place(connection: Connection, officer: UUID, places: Mapping[str, Place]) -> None:
    for operation, place in places.items():
        said = {"role": place.role, "groups": list(place.groups)}
        giving = insert(officer_roles).values(officer=officer, operation=operation, **said)
        connection.execute(giving.on_conflict_do_update(index_elements=["officer", "operation"], set_=said))


def _id_of(connection: Connection, name: str) -> UUID:
    columns = officers.c
    asking = select(columns.id).where(columns.name == spelt(name), columns.removed_at.is_(None))
    found: UUID | None = connection.execute(asking).scalar_one_or_none()
    if found is None:
        raise NoSuchOfficer
    return found
