"""Invented persons, documents and vehicles of the region, and the ways in which a second officer writes them.

The ways were written down before anything was matched, and nothing here looks at the weights.
"""

from random import Random
from typing import Any

_GIVEN_NAMES = """
Adrian Agim Ahmet Aleksandar Alina Amar Ana Andrei Arben Asen Besnik Bogdan Boris Branko Burak Cristian Damir Danijel
Dejan Dimitar Dragan Elena Emil Emine Enver Fatmir Florin Georgi Goran Hamza Hasan Igor Ilir Ioana Ivan Jasmina Jovan
Kemal Khaled Kiril Lazar Ljubomir Luca Marko Mehmed Mihai Milan Mirela Mustafa Nermin Nikola Oleksandr Omar Ovidiu
Petar Plamen Radu Samir Sergiu Slobodan Stoyan Taras Tomislav Valentin Vasile Viktor Yusuf Zoran Željko
"""
_FAMILY_STEMS = """
Albul Balt Barz Bozh Cern Dobr Drag Filip Gavr Glig Grozd Had Hrist Ilk Jank Kal Kost Kraj Luk Mar Milosh Mol Nist
Obr Pavl Petr Prok Rad Rus Sav Sim Stank Stoil Tod Tsvet Vel Vlad Yord Zag Zlat
"""
_GIVEN, _STEMS = _GIVEN_NAMES.split(), _FAMILY_STEMS.split()
_ENDINGS = ("ov", "ev", "ić", "escu", "enko", "anu", "čić", "aj", "iu", "oğlu")
_TO_CYRILLIC = str.maketrans(
    "abvgdezijklmnoprstufhcčšžćğABVGDEZIJKLMNOPRSTUFHCČŠŽy", "абвгдезийклмнопрстуфхцчшжћгАБВГДЕЗИЙКЛМНОПРСТУФХЦЧШЖы"
)
_BY_EAR = (("ć", "c"), ("č", "ch"), ("š", "sh"), ("ž", "zh"), ("ğ", "g"), ("ov", "off"), ("ks", "x"), ("j", "y"))


def person(chance: Random) -> dict[str, Any]:
    born = f"{chance.randint(1958, 2002)}-{chance.randint(1, 12):02}-{chance.randint(2, 28):02}"
    return {
        "given": chance.choice(_GIVEN),
        "family": chance.choice(_STEMS) + chance.choice(_ENDINGS),
        "birth_date": born,
        "sex": chance.choice(("M", "M", "M", "F")),
    }


def document(chance: Random) -> dict[str, Any]:
    return {
        "number": f"{chance.choice('ABKPX')}{chance.randrange(10**7):07}",
        "issuer": chance.choice(("MD", "RS", "AL")),
    }


def vehicle(chance: Random) -> dict[str, Any]:
    letters = "ABCEHKMPTX"
    plate = f"{chance.choice(letters)}{chance.choice(letters)}{chance.randrange(10**4):04}{chance.choice(letters)}"
    return {"plate": plate, "plate_country": chance.choice(("BG", "RO", "MD"))}


def person_again(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    """The same person, written by another officer from another paper."""
    again = {
        **one,
        **chance.choice((_in_cyrillic, _short_of_a_letter, _crossed, _turned, _by_ear, _with_another))(one, chance),
    }
    born = chance.choice((_as_it_is, _as_it_is, _year, _swapped, _slipped, _unknown))(one["birth_date"], chance)
    return {name: value for name, value in {**again, "birth_date": born}.items() if value is not None and name != "sex"}


def document_again(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    """With signs between, in small letters, or without who issued it."""
    number = one["number"]
    written = chance.choice((number.lower(), f"{number[0]}-{number[1:]}", f"{number[:4]} {number[4:]}"))
    return {"number": written, **({"issuer": one["issuer"]} if chance.random() < 0.6 else {})}


def vehicle_again(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    plate = one["plate"]
    written = chance.choice((plate.lower(), f"{plate[:2]}-{plate[2:6]}-{plate[6:]}", f"{plate[:2]} {plate[2:]}"))
    return {"plate": written, **({"plate_country": one["plate_country"]} if chance.random() < 0.6 else {})}


def _in_cyrillic(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    return {part: one[part].translate(_TO_CYRILLIC) for part in ("given", "family")}


def _short_of_a_letter(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    place = chance.randrange(1, len(one["family"]))
    return {"family": one["family"][:place] + one["family"][place + 1 :]}


def _crossed(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    place = chance.randrange(1, len(one["family"]) - 1)
    family = one["family"]
    return {"family": family[:place] + family[place + 1] + family[place] + family[place + 2 :]}


def _turned(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    return {"given": one["family"], "family": one["given"]}


def _by_ear(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    family = one["family"]
    for letters, heard in _BY_EAR:
        family = family.replace(letters, heard)
    return {"family": family}


def _with_another(one: dict[str, Any], chance: Random) -> dict[str, Any]:
    return {"given": f"{one['given']} {chance.choice(_GIVEN)}"}


def _as_it_is(born: str, chance: Random) -> str | None:
    return born


def _year(born: str, chance: Random) -> str | None:
    return born[:4]


def _swapped(born: str, chance: Random) -> str | None:
    return f"{born[:4]}-{born[8:]}-{born[5:7]}" if int(born[8:]) <= 12 else born


def _slipped(born: str, chance: Random) -> str | None:
    return f"{born[:9]}{(int(born[9]) + 1) % 10}" if born[8:] not in ("29", "09") else born


def _unknown(born: str, chance: Random) -> str | None:
    return None
