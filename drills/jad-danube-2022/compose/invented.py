"""What the routine reports are invented from: coarse places along real borders, and names of nobody."""

from random import Random
from typing import Any

# Rounded to a tenth of a degree, so that the map has something to show. Nothing happened there.
PLACES: dict[str, list[tuple[float, float]]] = {
    "AL": [(42.3, 19.4), (40.6, 21.0), (39.9, 20.4)],
    "AT": [(47.9, 17.1), (46.7, 15.6), (48.2, 16.4)],
    "BA": [(45.2, 15.8), (43.1, 17.6), (44.9, 19.3)],
    "BG": [(41.7, 26.3), (43.0, 22.9), (44.0, 22.9)],
    "GR": [(40.9, 26.3), (41.1, 22.6), (41.7, 26.2)],
    "HR": [(45.8, 15.7), (45.0, 19.1), (45.2, 15.8)],
    "MD": [(46.8, 28.2), (46.4, 30.1), (46.9, 28.9)],
    "ME": [(42.3, 19.4), (43.1, 19.8), (42.5, 18.5)],
    "PL": [(49.8, 22.9), (49.4, 19.7), (49.4, 21.7)],
    "RO": [(46.2, 20.7), (47.3, 27.6), (45.3, 21.3)],
    "RS": [(46.2, 19.9), (45.1, 19.1), (43.0, 22.8)],
    "SI": [(45.8, 15.7), (45.5, 14.3), (45.5, 13.7)],
    "SK": [(48.0, 17.2), (48.7, 22.2), (49.4, 18.5)],
}
NATIONAL = sorted(PLACES)
_FIRST = [
    "Bal",
    "Dor",
    "Fen",
    "Gri",
    "Hal",
    "Jor",
    "Kes",
    "Lum",
    "Mir",
    "Nov",
    "Pel",
    "Rud",
    "Sor",
    "Tav",
    "Zar",
]
_LAST = ["abran", "edan", "igor", "okul", "ulin", "amar", "enik", "ipol", "oran", "usin", "atan", "evic"]
_GIVEN = ["Adro", "Belan", "Ciro", "Dagan", "Elmo", "Faro", "Goran", "Halo", "Jaro", "Kilan", "Lato", "Miro"]


def place(chance: Random, country: str, *, at: int | None = None) -> dict[str, Any]:
    """A point of the country's border; which of them by chance, or as said."""
    point = chance.randrange(3) if at is None else at
    latitude, longitude = PLACES[country][point]
    return {
        "country": country,
        "text": f"invented point {country} {point + 1}",
        "latitude": latitude,
        "longitude": longitude,
        "accuracy_metres": 10000,
    }


def person(chance: Random, category: str) -> dict[str, Any]:
    """An adult who does not exist: every family name says so."""
    family = f"Invented-{chance.choice(_FIRST)}{chance.choice(_LAST)}"
    born = 1958 + chance.randrange(42)
    block = {
        "subject_category": category,
        "minor": False,
        "names": [{"family": family, "given": chance.choice(_GIVEN)}],
        "birth_date": f"{born}" if chance.random() < 0.4 else f"{born}-{1 + chance.randrange(12):02}",
    }
    if chance.random() < 0.2:
        block["documents"] = [document(chance, "passport")]
    return block


def document(chance: Random, document_class: str) -> dict[str, Any]:
    """A document whose number no state issues."""
    return {"document_class": document_class, "number": f"INVENTED-{chance.randrange(10**6):06}"}


def vehicle(chance: Random) -> dict[str, Any]:
    """A vehicle whose plate no state issues."""
    category = chance.choice(["car", "van", "lorry"])
    return {"category": category, "plate": f"INVENTED {chance.randrange(10**4):04}"}
