"""What holds for every view of the register: rights, moments, and the page that describes it."""

import re
from pathlib import Path
from typing import Any

import pytest

from schemas.event import REGISTER
from services.gateway import view
from services.gateway.app import create_app
from services.gateway.view import View
from services.shared.settings import Settings

VIEWS = view.found()
HIDDEN = {"audience": {"scope": "named", "agencies": ["AT"]}}
NEEDED = {
    "diff": {"from": "2022-06-24T06:00:00Z"},
    "diff/figures": {"from": "2022-06-24T06:00:00Z"},
}
"""What some views cannot be asked without."""
BY_WHOM = {
    "arrest.made.v1": "BA",
    "child_at_risk.reported.v1": "BA",
    "cross_check.requested.v1": "BA",
    "document_fraud.detected.v1": "BA",
    "goods.detected.v1": "BA",
    "hit.raised.v1": "BA",
    "incident.reported.v1": "BA",
    "information.requested.v1": "BA",
    "investigation.opened.v1": "BA",
    "irregular_migration.detected.v1": "BA",
    "lesson.recorded.v1": "BA",
    "message.sent.v1": "BA",
    "nil_report.filed.v1": "BA",
    "premises.searched.v1": "BA",
    "refusal.reported.v1": "BA",
    "seizure.made.v1": "BA",
    "task.assigned.v1": "AT",
    "thb_case.reported.v1": "BA",
    "vehicle.detected.v1": "BA",
}
"""An entry of many types, each by who may post it."""
NAMING = ("regarding", "result_of", "hit", "case", "opinion", "incident")
"""Members by which the examples name what is not there."""
PLACE = {"country": "BA", "latitude": 45.1, "longitude": 16.9, "crossing_point": "BA-INVENTED"}
DOCUMENTED = (Path(__file__).parents[2] / "docs" / "views.md").read_text(encoding="utf-8")
PATHS = create_app(Settings()).openapi()["paths"]


def take_all(room: Any, hour: int, **members: Any) -> dict[str, Any]:
    """One entry of each type at this hour; the last receipt."""
    room.time = f"2022-06-24T{hour:02}:00:00Z"
    receipt: dict[str, Any] = {}
    for type, agency in BY_WHOM.items():
        fields = REGISTER[type].model_fields
        unnamed = dict.fromkeys((name for name in NAMING if name in fields), None)
        receipt = room.take(agency, type, **{**unnamed, **room.now(), "place": PLACE, **members})
    return receipt


def address(shown: View, thing: str) -> str:
    return shown.path.replace("{thing}", thing)


def ask(room: Any, shown: View, thing: str, **query: Any) -> Any:
    paged = {"limit": 3} if shown.form == "pages" else {}
    asked = {**NEEDED.get(shown.path, {}), **paged, **query}
    return room.as_agency("MD").get(f"{room.path}/{address(shown, thing)}", params=asked)


def said(answer: Any) -> Any:
    """An answer without what says how it was asked for: whether live, and the cursors bound to the question."""
    found = answer.json()
    if isinstance(found, dict):
        found.pop("next", None)
        (found.get("moment") or {}).pop("live", None)
    return answer.status_code, found


def test_no_view_tells_of_what_is_hidden_and_each_shows_any_moment(exercise: Any) -> None:
    everyone = {"audience": {"scope": "all"}}
    seen = take_all(exercise, 7, **everyone)
    thing = exercise.get("MD", "incidents")["items"][0]["thing"]
    before = {shown.path: ask(exercise, shown, thing) for shown in VIEWS}
    assert {answer.status_code for path, answer in before.items() if "{thing}" not in path} == {200}
    assert before["incidents/{thing}/file"].status_code == before["things/{thing}"].status_code == 200

    take_all(exercise, 8, **HIDDEN)

    for shown in VIEWS:
        after = ask(exercise, shown, thing)
        assert after.content == before[shown.path].content, shown.path

    take_all(exercise, 9, **everyone)

    for shown in VIEWS:
        if shown.path in NEEDED:
            continue
        then = ask(exercise, shown, thing, as_of=seen["entry"])
        assert said(then) == said(before[shown.path]), shown.path
        nothing_yet = ask(exercise, shown, thing, at="2022-01-01T00:00:00Z")
        assert nothing_yet.status_code == (404 if "{thing}" in shown.path else 200), shown.path
        if shown.form == "pages":
            rows = nothing_yet.json()
            assert (rows.get("items") or rows.get("features") or []) == [], shown.path


def test_the_page_on_views_names_each_of_them_and_no_other() -> None:
    named = set(re.findall(r"`([a-z/{}-]+)`", DOCUMENTED.partition("## Views")[2].partition("## Search")[0]))
    paths = {shown.path for shown in VIEWS}
    follow = {path for path in paths if path.endswith("/counts")} | {f"{path}/{{thing}}" for path in paths}

    assert paths - follow <= named
    assert named <= paths | {"bbox", "from", "to", "restricted"}


@pytest.mark.parametrize("shown", VIEWS, ids=lambda shown: shown.path)
def test_every_view_is_described_with_an_example(shown: View) -> None:
    described = PATHS[f"/v1/operations/{{operation}}/{shown.path}"]["get"]

    assert described["responses"]["200"]["content"][shown.media]["example"]
    assert described["summary"] == shown.summary
    assert described["description"]
    names = {parameter["name"] for parameter in described["parameters"]}
    assert {"as_of", "at", "after", "wait"} <= names
    assert {"limit", "cursor"} <= names or shown.form != "pages"
