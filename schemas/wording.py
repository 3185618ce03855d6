"""Small phrases for headlines, and the frame of every invented example."""

from decimal import Decimal

from schemas.vocabulary import Quantity

A_CORRECTION_ITSELF = "this is a correction itself; name the entry that it corrects"
AN_ENTRY = "7c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11"
"""An invented entry id for examples."""
ANOTHER_ENTRY = "0b9a6f0e-9a53-5c0e-8f0e-5a3f0d2b7c44"

_WORDS = {
    "exact": "",
    "about": "about ",
    "over": "over ",
    "at_least": "at least ",
    "almost": "almost ",
    "under": "under ",
}


def spoken(code: str) -> str:
    """A code as a person reads it: `red_notice` is `red notice`."""
    return code.replace("_", " ")


def how_many(count: int | Quantity, noun: str) -> str:
    """`3 arrests`, `over 276 arrests`, `arrests, quantity not stated`."""
    if isinstance(count, Quantity):
        if count.value is None:
            return f"{noun}s, quantity not stated"
        return f"{_WORDS[count.qualifier]}{_plain(count.value)} {noun}{'' if count.value == 1 else 's'}"
    return f"{count} {noun}{'' if count == 1 else 's'}"


def stated(count: int | Quantity) -> str:
    """`3`, `over 276`, `12.5 KGM`; pieces go without saying."""
    if isinstance(count, int):
        return str(count)
    return amount(count).removesuffix(" C62")


def amount(quantity: Quantity) -> str:
    """`over 12.5 KGM`, or `quantity not stated`."""
    if quantity.value is None:
        return "quantity not stated"
    return f"{_WORDS[quantity.qualifier]}{_plain(quantity.value)} {quantity.unit}"


def fact_example(**members: object) -> dict[str, object]:
    """An invented fact: the members every fact has, and the given ones."""
    return command_example(
        evaluation={"scheme": "4x4", "source": "A", "information": "1"},
        **{"place": {"country": "BA", "text": "invented place"}, **members},
    )


def command_example(**members: object) -> dict[str, object]:
    """An invented event that states no fact of its own."""
    return {
        "occurred": {"from": "2022-06-24T09:40:00+02:00", "precision": "minute"},
        "audience": {"scope": "all"},
        "handling": {"codes": ["H0"]},
        **members,
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
