"""What cannot be asked of a view: each a problem that says what is possible, and nothing of what is hidden."""

from typing import Any

import pytest

from services.gateway import view

PAGED = [shown.path for shown in view.found() if shown.form == "pages"]
IMPOSSIBLE: dict[str, tuple[str, dict[str, str], str]] = {
    "a type that is none": ("timeline", {"type": "arrest.maid.v1"}, "arrest.made.v1"),
    "a category of something else": ("arrests", {"category": "cannabis"}, "smuggler"),
    "a part of a composite": ("seizures", {"category": "cannabis+sugar"}, "cannabis"),
    "a state that no arrest has": ("arrests", {"state": "confirmed"}, "detained"),
    "a state that no line has": ("timeline", {"state": "detained"}, "in_force"),
    "a phase": ("arrests", {"phase": "aftermath"}, "follow_up"),
    "a crime area": ("arrests", {"crime_area": "mischief"}, "drug_trafficking"),
    "a sort order": ("arrests", {"sort": "best"}, "oldest"),
}


def ask(room: Any, agency: str, path: str, **query: Any) -> dict[str, Any]:
    answer = room.as_agency(agency).get(f"{room.path}/{path}", params=query)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    return problem


def test_a_value_that_nothing_can_have_is_refused_with_those_that_can_be(room: Any) -> None:
    for path, query, accepted in IMPOSSIBLE.values():
        problem = ask(room, "AT", path, **query)

        (fault,) = problem["errors"]
        (member,) = query
        assert fault["pointer"].startswith(f"/query/{member}")
        assert accepted in fault["accepted"]
        assert query[member] not in str(problem).replace(f"/query/{member}", "")


def test_a_filter_that_a_view_does_not_have_is_refused(room: Any) -> None:
    assert "no filter `category`" in ask(room, "AT", "incidents", category="smuggler")["detail"]
    assert "no filter `scope`" in ask(room, "AT", "events", scope="in")["detail"]


def test_a_reversed_range_is_refused(room: Any) -> None:
    (fault,) = ask(room, "AT", "timeline", **{"from": "2022-06-25T00:00:00Z", "to": "2022-06-24T00:00:00Z"})["errors"]

    assert fault == {"pointer": "/query/to", "detail": "Lies before `from`."}


@pytest.mark.parametrize("as_of", ["1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
def test_a_moment_outside_the_operation_names_the_span(room: Any, as_of: str) -> None:
    assert "span: from 20" in ask(room, "AT", "timeline", as_of=as_of)["detail"]


def test_a_cursor_serves_its_own_query_viewer_and_operation_alone(room: Any) -> None:
    for _ in range(2):
        room.take("BA", "arrest.made.v1")
    cursor = room.get("AT", "arrests", limit=1)["next"]
    elsewhere = {**room.report("operation.created.v1", code=f"{room.operation}-b", lead=["AT"], exercise=False)}
    opened = room.as_agency("AT").post(
        "/v1/operations", json=elsewhere, headers={"Content-Type": "application/cloudevents+json"}
    )
    assert opened.status_code == 201

    needed = {"diff": {"from": "2022-06-24T00:00:00Z"}}
    others = [path for path in PAGED if path != "arrests"]
    refused = [ask(room, "AT", path, cursor=cursor, **needed.get(path, {})) for path in others]
    refused.append(ask(room, "AT", "arrests", cursor=cursor, category="smuggler"))
    refused.append(ask(room, "MD", "arrests", cursor=cursor))
    refused.append(ask(room, "AT", "arrests", cursor=cursor[:-4] + "AAAA"))
    other = room.as_agency("AT").get(f"/v1/operations/{room.operation}-b/arrests", params={"cursor": cursor})

    assert other.status_code == 400
    assert {str(problem) for problem in [*refused, other.json()]} == {str(other.json())}
