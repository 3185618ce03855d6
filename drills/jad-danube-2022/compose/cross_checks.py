"""The 947 cross-checks by Europol, asked in bursts (what one control found), answered in bursts; 34 hits."""

from datetime import timedelta
from random import Random
from typing import Any

from book import DAYS, Book, chance_of, later, some_minute
from invented import NATIONAL, document, person, vehicle

A_DAY = [110, 105, 95, 88, 84, 80, 82, 86, 84, 78, 55]
HITS = 34


def compose(book: Book) -> None:
    chance = chance_of("cross-checks")
    found = set(chance.sample(range(sum(A_DAY)), HITS))
    number = 0
    for day in range(DAYS):
        left = A_DAY[day]
        while left:
            size = min(left, chance.randint(6, 16))
            left -= size
            _one_control(book, chance, day=day, numbers=range(number, number + size), found=found)
            number += size


def _one_control(book: Book, chance: Random, *, day: int, numbers: range, found: set[int]) -> None:
    asked_at = some_minute(chance, day, before=18 if day == DAYS - 1 else 24)
    answered_at = later(chance, asked_at, least=18, most=95)
    agency = "FRONTEX" if chance.random() < 0.05 else chance.choice(NATIONAL)
    for number in numbers:
        asked = book.add(
            asked_at,
            by=agency,
            type="cross_check.requested.v1",
            id=f"check-{number + 1:03}",
            data=_subject(chance),
            occurred=asked_at - timedelta(minutes=chance.randint(2, 30)),
        )
        hit = number in found
        book.add(
            answered_at,
            by="EUROPOL",
            type="cross_check.resulted.v1",
            id=f"result-{number + 1:03}",
            data={"check": asked, "outcome": "hit" if hit else "no_hit", "hits": int(hit)},
        )


def _subject(chance: Random) -> dict[str, Any]:
    kind = chance.choices(["person", "document", "vehicle", "phone"], weights=[62, 18, 12, 8])[0]
    category = chance.choices(["suspect", "potential_criminal", "convicted"], weights=[80, 15, 5])[0]
    said: dict[str, Any] = {"subject_kind": kind, "subject_category": category}
    # Many are asked by reference to what was sent over another channel, and hold no block here.
    if chance.random() < 0.4:
        if kind == "person":
            said["subject"] = person(chance, category)
        elif kind == "document":
            said["document"] = document(chance, chance.choice(["passport", "identity_card"]))
        elif kind == "vehicle":
            said["vehicle"] = vehicle(chance)
    return said
