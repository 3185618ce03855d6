"""79 of the 82 people smugglers, as the agencies reported them; the other three stand in the story."""

from datetime import timedelta
from random import Random
from typing import Any

from book import DAYS, Book, chance_of, later, some_minute
from invented import NATIONAL, person, place

# How many were arrested together, each reported by itself, in the order of the days.
TOGETHER = [int(persons) for persons in "3121141213112211312112141121312113212112131"]
# Reported as a number, because the persons were not itemised: agency, day, how many.
BY_NUMBER = [("AL", 2, 2), ("RS", 5, 3), ("BG", 8, 2)]
# Frontex officers typed these in for the state that hosts them.
FOR_HOST = {7: "AL", 20: "ME", 33: "RS"}
COUNTRIES = [country for country in NATIONAL if country != "MD"]


def compose(book: Book) -> None:
    chance = chance_of("arrests")
    for number, persons in enumerate(TOGETHER):
        _one_case(book, chance, number=number, persons=persons)
    for agency, day, count in BY_NUMBER:
        happened_at = some_minute(chance, day, before=18)
        where = place(chance, agency)
        data = {"count": count, "executing_agency": agency, "basis": "on_view", "place": where}
        book.add(
            later(chance, happened_at, least=60, most=240),
            by=agency,
            type="arrest.made.v1",
            id=f"{agency.lower()}-arrests-{day + 1}",
            data=data,
            occurred=happened_at,
        )


def _one_case(book: Book, chance: Random, *, number: int, persons: int) -> None:
    country = FOR_HOST.get(number) or chance.choice(COUNTRIES)
    by = "FRONTEX" if number in FOR_HOST else country
    day = number * DAYS // len(TOGETHER)
    happened_at = some_minute(chance, day, before=16 if day == DAYS - 1 else 24)
    reported_at = later(chance, happened_at, least=25, most=210)
    name = f"case-{number + 1:02}"
    shared: dict[str, Any] = {"place": place(chance, country)}
    if by == "FRONTEX":
        shared["on_behalf_of"] = country
    migrants = chance.randint(3, 28)
    if persons > 1:
        kind = {"kind": "migrant_smuggling", "narrative": f"Invented: {migrants} persons in one vehicle."}
        incident = book.add(
            reported_at - timedelta(minutes=chance.randint(4, 15)),
            by=by,
            type="incident.reported.v1",
            id=f"{name}-incident",
            data={**shared, **kind, "crime_areas": ["migrant_smuggling"]},
            occurred=happened_at,
        )
        shared["incident"] = incident
    for one in range(persons):
        suspect = person(chance, "suspect")
        data = {**shared, "executing_agency": country, "basis": _basis(chance), "person": suspect}
        if persons > 2:
            data["joint_with"] = ["FRONTEX"] if by != "FRONTEX" else ["AT"]
        arrest = book.add(
            reported_at,
            by=by,
            type="arrest.made.v1",
            id=f"{name}-arrest-{one + 1}",
            data=data,
            occurred=happened_at,
        )
        if day < DAYS - 1 and by != "FRONTEX" and chance.random() < 0.3:
            said = {"arrest": arrest, "status": chance.choice(["detained", "charged"])}
            told_at = later(chance, reported_at, least=480, most=1200)
            book.add(told_at, by=by, type="arrest.updated.v1", id=f"{name}-arrest-{one + 1}-then", data=said)
    if persons > 1:
        book.add(
            later(chance, reported_at, least=5, most=40),
            by=by,
            type="irregular_migration.detected.v1",
            id=f"{name}-migrants",
            data={**shared, **_crossing(chance), "count": migrants},
            occurred=happened_at,
        )


def _crossing(chance: Random) -> dict[str, Any]:
    transport = chance.choice(["car", "van", "van", "lorry"])
    return {
        "kind": "IrregularBorderEntry",
        "manner": "clandestine",
        "transport": transport,
        "direction": "entry",
    }


def _basis(chance: Random) -> str:
    return chance.choices(["on_view", "national_warrant", "eaw"], weights=[85, 12, 3])[0]
