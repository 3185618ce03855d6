"""Scenarios of counting, played through the real stack: each folder says what its figures must be, and when."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.desks import hand_out
from services.drill import play, read_drill
from services.stack import Stack

FOLDERS = sorted(file.parent for file in (Path(__file__).parents[2] / "drills" / "scenarios").glob("*/expected.json"))


def agrees(found: Any, expected: Any) -> bool:
    """Whether an answer says at least this: members that are not named may be anything, lists are whole."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            name in found and agrees(found[name], value) for name, value in expected.items()
        )
    if isinstance(expected, list):
        pairs = zip(found, expected, strict=False)
        return len(found) == len(expected) and all(agrees(one, other) for one, other in pairs)
    return bool(found == expected)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
async def test_the_figures_of_a_scenario_are_what_it_says(stack: Stack, folder: Path) -> None:
    desks = hand_out(stack.settings, drill=folder)
    played = await play(stack.base_url, drill=folder, tokens=desks.systems)
    ids = {f"@{one.id}": str(one.entry) for one in read_drill(folder).postings}
    path = f"/v1/operations/{played.operation}"
    headers = {"Authorization": f"Bearer {desks.lead_token}"}

    async with httpx.AsyncClient(base_url=stack.base_url, headers=headers, timeout=30) as client:
        answer = await client.get(f"{path}/timeline", params={"after": played.last_entry, "wait": 30})
        answer.raise_for_status()
        for one in json.loads((folder / "expected.json").read_text())["figures"]:
            query = {name: ids.get(value, value) for name, value in one.items() if name not in ("metric", "is")}
            answer = await client.get(f"{path}/figures/{one['metric']}", params=query)
            figure = answer.raise_for_status().json()

            assert agrees(figure, one["is"]), (query, one["is"], {name: figure[name] for name in one["is"]})
            lines = (await client.get(figure["events"])).raise_for_status().json()["items"]
            assert sum(line["contribution"]["value"] for line in lines) == figure["deduplicated"]["value"]


def test_there_is_a_scenario_for_each_rule_of_counting() -> None:
    assert [folder.name for folder in FOLDERS] == [
        "categories-short-of-the-total",
        "composite-count",
        "late-second-communication",
        "preparatory-and-operational",
        "retraction-after-release",
        "two-agencies-one-arrest",
        "two-leads",
    ]


def test_an_answer_that_says_otherwise_does_not_agree() -> None:
    assert agrees({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]})
    for found in ({"a": [{"b": 2}]}, {"a": []}, {"a": [{"b": 1}, {"b": 1}]}, {}, {"a": [{}]}):
        assert not agrees(found, {"a": [{"b": 1}]})
