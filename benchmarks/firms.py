"""How well organisations are found by name alone, on invented ones: `python -m benchmarks.firms`.

How a second officer writes them was written down before anything was matched, and nothing here looks at the weights.
"""

from collections import Counter
from collections.abc import Callable
from random import Random
from statistics import quantiles
from time import perf_counter

from services.crosscheck.index import Index
from services.crosscheck.scoring import match
from services.crosscheck.subjects import Subject, subject
from services.crosscheck.weights import weights

FIRMS, ASKED, CLEAN = 3_000, 600, 2_000
_BEFORE = ("b", "d", "dr", "g", "gr", "k", "kr", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "z")
_SYLLABLES = [f"{before}{vowel}" for before in _BEFORE for vowel in "aeiou"]
_ENDS = ("n", "r", "s", "t", "l", "ka", "nia", "rov", "ski", "mex", "lit", "dor")
_DOES = "Transport Trans Trade Trgovina Logistics Logistika Import Export Group Holding Stroy Invest Consult Servis Auto Food Agro Travel Tours Energy Prevoz Speditsia".split()  # noqa: E501, SIM905
_FIRST = "Alfa Beta Euro Balkan Danube Adria Global Star Nova Eko Royal Delta".split()  # noqa: SIM905
_FORMS = ("d.o.o.", "OOD", "EOOD", "GmbH", "S.R.L.", "Kft.", "Ltd.", "A.D.", "ООД", "ДОО")
_OTHERWISE = {
    "Transport": "Trans",
    "Trans": "Transport",
    "Trade": "Trading",
    "Trgovina": "Trade",
    "Logistics": "Logistik",
    "Logistika": "Logistics",
    "Stroy": "Stroj",
    "Servis": "Service",
    "Consult": "Consulting",
    "Invest": "Investment",
    "Speditsia": "Spedition",
    "Prevoz": "Transport",
    "Food": "Foods",
    "Tours": "Tour",
}
_TO_CYRILLIC = str.maketrans("abvgdeziklmnoprstufhxABVGDEZIKLMNOPRSTUFHX", "абвгдезиклмнопрстуфхжАБВГДЕЗИКЛМНОПРСТУФХЖ")
Words = list[str]


def firm(chance: Random) -> Words:
    """The words of a name: its own, or two that many choose with one of its own; and what it does."""
    own = "".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((2, 3, 3)))) + chance.choice(_ENDS)
    before = [chance.choice(_FIRST)] if chance.random() < 0.25 else []
    return [*before, own.capitalize(), *chance.sample(_DOES, chance.choice((0, 1, 1, 2)))]


def _as_it_is(words: Words, _: Random) -> Words:
    return words


def _in_cyrillic(words: Words, _: Random) -> Words:
    return [word.translate(_TO_CYRILLIC) for word in words]


def _short_of_a_letter(words: Words, chance: Random) -> Words:
    longest = max(words, key=len)
    place = chance.randrange(1, len(longest))
    return [word if word != longest else word[:place] + word[place + 1 :] for word in words]


def _turned(words: Words, _: Random) -> Words:
    return words[::-1]


def _otherwise(words: Words, _: Random) -> Words:
    return [_OTHERWISE.get(word, word) for word in words]


def _without_what_it_does(words: Words, _: Random) -> Words:
    return [word for word in words if word not in _DOES] or words


WAYS: tuple[Callable[[Words, Random], Words], ...] = (
    _as_it_is,
    _in_cyrillic,
    _short_of_a_letter,
    _turned,
    _otherwise,
    _without_what_it_does,
)


def written(words: Words, chance: Random) -> Subject:
    form = [chance.choice(_FORMS)] if chance.random() < 0.7 else []
    return subject("organisation", names=[" ".join([*words, *form])])


def main() -> None:
    chance = Random(11)
    by, index, held = weights(), Index(), [firm(chance) for _ in range(FIRMS)]
    for words in held:
        index.add(written(words, chance))
    there, found, seconds, false = Counter[str](), Counter[str](), [], 0

    def matched(asked: Subject) -> set[int]:
        began = perf_counter()
        candidates = index.candidates(asked, may=lambda _: True)
        told = {place for place, one in candidates if match(asked, one, by=by) is not None}
        seconds.append(perf_counter() - began)
        return told

    for number in range(ASKED):
        place, way = chance.randrange(FIRMS), WAYS[number % len(WAYS)]
        there[way.__name__] += 1
        found[way.__name__] += place in matched(written(way(held[place], chance), chance))
    alarmed = 0
    for _ in range(CLEAN):
        told = matched(written(firm(chance), chance))
        alarmed += bool(told)
        false += len(told)
    for way, asked in there.items():
        print(f"{way.strip('_').replace('_', ' '):24} {found[way]:4} of {asked}")
    print(f"{sum(found.values())} of {ASKED} found; {alarmed} of {CLEAN} clean questions alarmed, {false} hits")
    cuts = quantiles(seconds, n=100)
    print(f"one question: p50 {cuts[49] * 1e3:.1f} ms, p99 {cuts[98] * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
