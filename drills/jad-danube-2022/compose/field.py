"""What else was found at the borders; of stolen vehicles and smuggled goods nobody states the quantity."""

from typing import Any

from book import DAYS, Book, chance_of, later, some_minute
from invented import NATIONAL, document, person, place, vehicle

GOODS = ["smuggled_goods", "cigarettes", "smuggled_goods", "tobacco", "alcohol", "smuggled_goods"]
DOCUMENTS = ["passport", "identity_card", "residence_permit", "visa", "border_stamp", "driving_licence"]
FRAUDS = ["counterfeit", "forged", "impostor", "fraudulently_obtained", "stolen_blank"]
NOT_STATED = {"qualifier": "not_stated"}


def compose(book: Book) -> None:
    for number in range(38):
        _add(book, number, of=38, part="document", type="document_fraud.detected.v1")
    for number in range(9):
        _add(book, number, of=9, part="vehicle", type="vehicle.detected.v1")
    for number in range(26):
        _add(book, number, of=26, part="refusal", type="refusal.reported.v1")
    for number in range(13):
        _add(book, number, of=13, part="goods", type="goods.detected.v1")


def _add(book: Book, number: int, *, of: int, part: str, type: str) -> None:
    chance = chance_of(f"{part} {number}")
    country = chance.choice(NATIONAL)
    day = number * DAYS // of
    found_at = some_minute(chance, day, before=15 if day == DAYS - 1 else 24)
    reported_at = later(chance, found_at, least=20, most=300)
    data: dict[str, Any] = {"place": place(chance, country)}
    if part == "document":
        document_class = chance.choice(DOCUMENTS)
        data |= {"document_class": document_class, "fraud_type": chance.choice(FRAUDS), "use": "border"}
        data["document"] = document(chance, document_class)
        if chance.random() < 0.5:
            data["holder"] = person(chance, "suspect")
    elif part == "vehicle":
        data |= {"status": "stolen", "count": NOT_STATED, "category": vehicle(chance)["category"]}
    elif part == "refusal":
        data |= {
            "reasons": sorted(chance.sample("ABCEFG", chance.randint(1, 2))),
            "count": chance.randint(1, 9),
        }
    else:
        data |= {"category": GOODS[number % len(GOODS)], "quantity": NOT_STATED}
    id = f"{part}-{number + 1:02}"
    book.add(reported_at, by=country, type=type, id=id, data=data, occurred=found_at)
