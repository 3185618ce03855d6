"""Small numbers of victims and children are told of the operation, and of no single place."""

from typing import Any

from tests.flow.test_figures import parts


def test_small_numbers_of_children_are_not_told_by_country(room: Any) -> None:
    for country, minors in (("BA", 2), ("MD", 6), ("RO", 9)):
        case = {"victims": {"minors": minors}, "audience": {"scope": "all"}, "place": {"country": country}}
        room.take("BA", "thb_case.reported.v1", **case)

    broken = room.get("AT", "figures/thb_victims.minors", by="country")["breakdown"]

    assert [(one["country"], one["deduplicated"]["value"]) for one in broken["items"]] == [("RO", 9)]
    assert (broken["withheld"]["parts"], broken["withheld"]["deduplicated"]["value"]) == (2, 8)
    assert parts(room, "AT", "arrests", "country") == {"unattributed": 0}


def by_place(room: Any, agency: str, metric: str, *by: str) -> list[tuple[Any, ...]]:
    broken = room.get(agency, f"figures/{metric}", by=list(by))["breakdown"]
    return [(*(one[name] for name in by), one["deduplicated"]["value"]) for one in broken["items"]]


def test_small_numbers_of_victims_are_told_of_the_operation_and_to_who_safeguards_them(room: Any) -> None:
    room.as_agency("FRONTEX", groups=["safeguarding"])
    for agency, adults, minors in (("BA", 10, 2), ("MD", 6, 0), ("AT", 9, 7)):
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"adults": adults, "minors": minors},
            phase="operational",
            audience={"scope": "all"},
            place={"country": agency},
        )
    room.take(
        "AT",
        "thb_case.reported.v1",
        victims={"adults": 5},
        phase="preparation",
        audience={"scope": "all"},
        place={"country": "AT"},
    )

    assert room.figure("EUROPOL", "thb_victims.minors") == {"value": 9, "qualifier": "exact"}
    assert by_place(room, "EUROPOL", "thb_victims.minors", "country") == [("MD", 0)]
    assert by_place(room, "EUROPOL", "thb_victims.adults", "country") == [("MD", 6)]
    # Where the children of a country are few, its victims together, less the adults, would tell of them.
    assert by_place(room, "EUROPOL", "thb_victims", "country") == [("MD", 6)]
    assert by_place(room, "EUROPOL", "thb_victims", "agency", "phase") == [("MD", "operational", 6)]
    assert by_place(room, "FRONTEX", "thb_victims.minors", "country") == [("AT", 7), ("BA", 2), ("MD", 0)]
    assert by_place(room, "EUROPOL", "thb_victims.minors", "phase") == [("operational", 9)]


def test_as_many_places_are_withheld_as_it_takes(room: Any) -> None:
    for agency, minors in (("BA", 1), ("MD", 2), ("AT", 6)):
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"adults": 9, "minors": minors},
            audience={"scope": "all"},
            place={"country": agency},
        )

    # Two countries with three children together would be told apart by a guess.
    broken = room.get("EUROPOL", "figures/thb_victims.minors", by="country")["breakdown"]
    assert (broken["items"], broken["withheld"]["parts"]) == ([], 3)
    assert [each["agency"] for each in room.get("EUROPOL", "figures/thb_victims.adults")["credit"]] == []
    assert room.figure("EUROPOL", "thb_victims") == {"value": 36, "qualifier": "exact"}


def take_cases(room: Any, *cases: tuple[str, str, int, int]) -> None:
    for agency, phase, adults, minors in cases:
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"adults": adults, "minors": minors},
            phase=phase,
            audience={"scope": "all"},
            place={"country": agency},
        )


def test_a_country_is_withheld_beside_one_that_has_no_such_victims(room: Any) -> None:
    take_cases(room, ("BA", "operational", 10, 2), ("MD", "operational", 6, 0), ("AT", "operational", 9, 0))

    # Were only BA withheld, what is withheld of all victims, less the adults, would be its two children.
    for metric in ("thb_victims", "thb_victims.adults"):
        assert by_place(room, "EUROPOL", metric, "country") == [("AT", 9)]
    assert by_place(room, "EUROPOL", "thb_victims.minors", "country") == [("AT", 0)]
    quiet = room.get("EUROPOL", "figures/thb_victims", country="BA")
    assert (quiet["reported"]["qualifier"], quiet["parts"]) == ("withheld", [])


def test_what_a_filter_leaves_out_of_a_country_is_not_small_either(room: Any) -> None:
    take_cases(room, ("BA", "operational", 5, 0), ("BA", "preparation", 2, 0), ("AT", "operational", 9, 0))
    withheld = {"value": None, "qualifier": "withheld"}

    def said(**query: Any) -> Any:
        return room.get("EUROPOL", "figures/thb_victims.adults", **query)["deduplicated"]

    assert said(country="BA") == {"value": 7, "qualifier": "exact"}
    assert said(country="BA", phase="preparation") == withheld
    assert said(country="BA", phase="operational") == withheld  # Less what is told of all, it would tell of the two.
    assert said(country="AT", phase="operational") == withheld
    assert said(phase="preparation") == {"value": 2, "qualifier": "exact"}


def test_a_country_that_is_withheld_is_so_whatever_is_asked_of_it(room: Any) -> None:
    take_cases(room, ("BA", "operational", 3, 0), ("MD", "operational", 8, 0), ("AT", "preparation", 9, 0))

    assert by_place(room, "EUROPOL", "thb_victims", "country") == [("AT", 9)]
    narrowed = room.get("EUROPOL", "figures/thb_victims", country="MD", phase="operational")
    assert narrowed["deduplicated"]["qualifier"] == "withheld"


def test_a_small_number_is_not_told_either_where_just_its_place_is_asked_for(room: Any) -> None:
    room.as_agency("FRONTEX", groups=["safeguarding"])
    for agency, minors in (("BA", 2), ("MD", 6), ("AT", 9)):
        room.take(
            agency,
            "thb_case.reported.v1",
            victims={"minors": minors},
            audience={"scope": "all"},
            place={"country": agency},
        )
    not_told = {"value": None, "qualifier": "withheld"}

    def said(viewer: str, **query: Any) -> list[Any]:
        one = room.get(viewer, "figures/thb_victims.minors", **query)
        listed = {each["metric"]: each for each in room.get(viewer, "figures", **query)["items"]}
        assert (listed["thb_victims.minors"]["reported"], listed["thb_victims.minors"]["credit"]) == (
            one["reported"],
            one["credit"],
        )
        return [one["reported"], one["deduplicated"], [each["agency"] for each in one["credit"]], one.get("breakdown")]

    assert said("EUROPOL")[1:3] == [{"value": 17, "qualifier": "exact"}, ["AT"]]
    assert said("EUROPOL", country="BA") == said("EUROPOL", agency="MD") == [not_told, not_told, [], None]
    assert said("EUROPOL", country=["AT", "BA"])[0] == not_told
    assert "breakdown" not in room.get("EUROPOL", "figures/thb_victims.minors", country="BA", by="phase")
    assert said("EUROPOL", country="AT")[1:3] == [{"value": 9, "qualifier": "exact"}, ["AT"]]
    assert said("EUROPOL", country="RO")[1] == {"value": 0, "qualifier": "exact"}
    assert said("FRONTEX", country="BA")[1:3] == [{"value": 2, "qualifier": "exact"}, ["BA"]]
    moves = room.get("EUROPOL", "figures/thb_victims.minors/history", country="BA")["items"]
    assert [move["deduplicated"] for move in moves] == [not_told]
    assert room.figure("EUROPOL", "thb_cases", country="BA") == {"value": 1, "qualifier": "exact"}
