"""What happened goes to those to whom it was open then and still is, and to nobody else."""

import pytest

from services.gateway.frames import Chosen, frames
from services.gateway.happenings import Happening

AT, MD, BA = (frozenset({"everyone", f"agency:{code}"}) for code in ("AT", "MD", "BA"))


def happening(position: int = 7, **whom: frozenset[str]) -> Happening:
    return Happening(position, "entry", b"{}", "arrest.made.v1", "BA", "smuggler", position, **whom)


@pytest.mark.parametrize(
    ("told_to", "open_to", "known_to", "told"),
    [
        ({"everyone"}, {"everyone"}, set(), [AT, MD, BA]),
        ({"agency:AT"}, {"agency:AT"}, set(), [AT]),
        ({"everyone"}, {"agency:AT"}, set(), [AT]),
        ({"agency:AT"}, {"everyone"}, set(), [AT]),
        ({"everyone"}, {"everyone"}, {"agency:AT"}, [MD, BA]),
        ({"agency:AT", "agency:MD"}, None, {"agency:AT", "agency:BA"}, [MD]),
    ],
)
def test_who_is_told(
    told_to: set[str], open_to: set[str] | None, known_to: set[str], told: list[frozenset[str]]
) -> None:
    one = happening(
        told_to=frozenset(told_to),
        open_to=frozenset(open_to) if open_to is not None else None,  # type: ignore[arg-type]
        known_to=frozenset(known_to),
    )

    assert [viewer for viewer in (AT, MD, BA) if one.is_for(viewer)] == told


def test_of_several_frames_of_one_position_only_the_last_can_be_resumed_from() -> None:
    told = [happening(position, told_to=AT) for position in (3, 4, 4, 4, 9)]

    text = frames(told, cursor=lambda position: f"after-{position}").decode()

    ids = [line for frame in text.split("\n\n")[:-1] for line in frame.splitlines() if line.startswith("id: ")]
    assert ids == ["id: after-3", "id: after-4", "id: after-9"]
    assert text.split("\n\n")[1:4] == ["event: entry\ndata: {}"] * 2 + ["id: after-4\nevent: entry\ndata: {}"]


def test_what_is_chosen_must_fit_in_every_respect() -> None:
    one = happening(told_to=AT)

    assert Chosen().has(one)
    assert Chosen(frozenset({"arrest.made.v1"}), frozenset({"BA", "MD"}), frozenset({"smuggler"})).has(one)
    assert not Chosen(categories=frozenset({"fugitive"})).has(one)
    assert not Chosen(countries=frozenset({"MD"}), categories=frozenset({"smuggler"})).has(one)
