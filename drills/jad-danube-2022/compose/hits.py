"""Hits in INTERPOL's databases and in SIS: raised, verified, matched with a notice, acted upon."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from book import DAYS, Book, chance_of, later, some_minute
from invented import NATIONAL, document, person, place, vehicle

SIS_STATES = ["AT", "BG", "GR", "HR", "PL", "RO", "SI", "SK"]
OWNERS = ["BE", "DE", "ES", "FR", "IT", "NL", "PT", "SE"]


@dataclass(frozen=True)
class Course:
    """How a hit goes on: what the authority says, which notice it is, what was done."""

    database: str
    outcome: str | None
    notice: str | None = None
    action: str | None = None


# 34 confirmed; the thirty-fifth is the fugitive's, told in the story. Five red notices here, the sixth there.
COURSES = [
    *[Course("Nominals", "confirmed", "red", "located")] * 5,
    *[Course("Nominals", "confirmed", "blue", "located")] * 2,
    Course("Nominals", "confirmed", "green", "none"),
    *[Course("Nominals", "confirmed", None, "located")] * 4,
    *[Course("SLTD", "confirmed", None, "seized")] * 11,
    *[Course("SLTD", "confirmed", None, "refused")] * 2,
    *[Course("SMV", "confirmed", None, "seized")] * 6,
    *[Course("TDAWN", "confirmed", None, "seized")] * 2,
    Course("iARMS", "confirmed", None, "seized"),
    *[Course("SLTD", "refuted")] * 3,
    Course("Nominals", "refuted"),
    Course("Nominals", "undetermined"),
    Course("SMV", "undetermined"),
    Course("SLTD", None),
]
OBJECTS = {"Nominals": "person", "SLTD": "document", "TDAWN": "document", "SMV": "vehicle", "iARMS": "weapon"}


def compose(book: Book) -> None:
    chance = chance_of("hits")
    courses = chance.sample(COURSES, len(COURSES))
    for number, course in enumerate(courses):
        _one_hit(book, chance, number=number, course=course)
    for number in range(8):
        _one_sis_hit(book, chance, number=number)


def _one_hit(book: Book, chance: Random, *, number: int, course: Course) -> None:
    agency = chance.choice(NATIONAL)
    day = number * DAYS // len(COURSES)
    found_at = some_minute(chance, day, before=15 if day == DAYS - 1 else 24)
    raised_at = later(chance, found_at, least=3, most=25)
    name = f"hit-{number + 1:02}"
    data: dict[str, Any] = {
        "database": course.database,
        "object": OBJECTS[course.database],
        "query_route": chance.choices(["FIND", "MIND", "online", "manual"], weights=[6, 2, 2, 1])[0],
        "record_owner_country": chance.choice(OWNERS),
        "place": place(chance, agency),
        **_block(chance, OBJECTS[course.database]),
    }
    hit = book.add(raised_at, by=agency, type="hit.raised.v1", id=name, data=data, occurred=found_at)
    if course.outcome is None:
        return
    verified_at = later(chance, raised_at, least=12, most=110)
    verdict = {"hit": hit, "outcome": course.outcome}
    book.add(verified_at, by="INTERPOL", type="hit.verified.v1", id=f"{name}-verified", data=verdict)
    if course.notice is not None:
        match = {"hit": hit, "colour": course.notice, "issuing_country": data["record_owner_country"]}
        matched_at = verified_at + timedelta(minutes=chance.randint(4, 20))
        book.add(matched_at, by="INTERPOL", type="notice.matched.v1", id=f"{name}-notice", data=match)
    if course.action is not None:
        acted = {"hit": hit, "action": course.action}
        acted_at = later(chance, verified_at, least=30, most=180)
        book.add(acted_at, by=agency, type="hit.actioned.v1", id=f"{name}-actioned", data=acted)


def _one_sis_hit(book: Book, chance: Random, *, number: int) -> None:
    """Only states bound by EU law see these; the state that made the alert verifies."""
    agency, owner = chance.sample(SIS_STATES, 2)
    found_at = some_minute(chance, number + 1)
    raised_at = later(chance, found_at, least=3, most=25)
    shown = {"audience": {"scope": "eu"}}
    kind = "vehicle" if number % 2 else "document"
    data = {
        **shown,
        "database": "SIS",
        "object": kind,
        "query_route": "online",
        "record_owner_country": owner,
        "place": place(chance, agency),
        **_block(chance, kind),
    }
    name = f"sis-{number + 1}"
    hit = book.add(raised_at, by=agency, type="hit.raised.v1", id=name, data=data, occurred=found_at)
    verified_at = later(chance, raised_at, least=30, most=300)
    verdict = {**shown, "hit": hit, "outcome": "confirmed" if number != 3 else "refuted"}
    book.add(verified_at, by=owner, type="hit.verified.v1", id=f"{name}-verified", data=verdict)


def _block(chance: Random, kind: str) -> dict[str, Any]:
    if kind == "person":
        return {"subject": person(chance, "suspect")}
    if kind == "document":
        return {"document": document(chance, "passport")}
    if kind == "vehicle":
        return {"vehicle": vehicle(chance)}
    return {}
