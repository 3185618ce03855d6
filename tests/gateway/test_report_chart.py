"""The report's map: every located record is in one spot, and no spot hides another."""

from itertools import combinations

from services.gateway.report.chart import map_of


def test_no_spot_lies_upon_another_and_none_is_lost() -> None:
    places = [(18 + number % 37 / 9, 44 + number % 23 / 7) for number in range(400)]
    places += [(18.0 + step / 100, 44.0) for step in range(200)]

    found = map_of(places)

    assert found is not None
    assert sum(spot.size for spot in found.spots) == len(places) == found.located
    assert len(found.spots) > 3
    assert not [pair for pair in combinations(found.spots, 2) if pair[0].touches(pair[1])]
