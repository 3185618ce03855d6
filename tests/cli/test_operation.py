"""An operation is opened from a template: by the command, or by whoever reads the template over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

import schemas.events  # noqa: F401  (finds every event type)
from schemas.door import door_context
from schemas.entry import report_adapter
from schemas.templates import templates
from services.cli.commands import app
from services.shared import desk
from services.shared.database import engine_url
from services.stack import Stack

DAYS = ["--from", "2027-06-24", "--to", "2027-07-04", "--time-zone", "Europe/Vienna"]


@pytest.fixture(scope="module")
def token(stack: Stack) -> str:
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "FRONTEX", kind="frontex", country=None, name=None)
        made = desk.add_credential(connection, "FRONTEX")
    engine.dispose()
    return made


@pytest.fixture
def client(stack: Stack, token: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=stack.base_url, headers=headers, timeout=30) as client:
        yield client


@pytest.mark.parametrize("template", sorted(templates()))
def test_every_template_gives_reports_that_the_door_accepts(template: str) -> None:
    arguments = ["operation", "create", "jad-printed", "--name", "JAD", *DAYS, "--lead", "AT", "--template", template]

    printed = CliRunner().invoke(app, [*arguments, "--participant", "MD:observer", "--print"])

    reports = [json.loads(line) for line in printed.stdout.splitlines()]
    for report in reports:
        report_adapter().validate_json(json.dumps(report), strict=True, context=door_context())
    opening, *joining = [report["data"] for report in reports]
    assert opening["template"] == templates()[template].code == template
    assert opening["window"] == {
        "from": "2027-06-24T00:00:00+02:00",
        "to": "2027-07-05T00:00:00+02:00",
        "time_zone": "Europe/Vienna",
    }
    assert {"phase": "operational", "from": opening["window"]["from"], "to": opening["window"]["to"]} in opening[
        "phases"
    ]
    assert {one["agency"]: one["role"] for one in joining if one["agency"] in ("AT", "MD")} == {
        "AT": "lead",
        "MD": "observer",
    }
    assert [one["agency"] for one in joining if one["role"] in ("lead", "co_lead")] == ["AT"]


def test_the_command_opens_the_operation_once(stack: Stack, client: httpx.Client, token: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(token)
    arguments = [
        "operation", "create", "jad-opened", "--name", "JAD 2027", *DAYS, "--lead", "FRONTEX", "--lead", "AT",
        "--participant", "BA", "--url", stack.base_url, "--token-file", str(tmp_path / "token"),
    ]  # fmt: skip

    first, again = (CliRunner().invoke(app, arguments) for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    seen = client.get("/v1/operations/jad-opened").json()
    assert [one["phase"] for one in seen["detail"]["phases"]] == [
        "preparation", "intelligence", "operational", "follow_up",
    ]  # fmt: skip
    joined = client.get("/v1/operations/jad-opened/participants").json()["items"]
    assert {one["detail"]["agency"]: one["detail"]["role"] for one in joined} == {
        "FRONTEX": "lead",
        "AT": "co_lead",
        "BA": "participant",
        "EUROPOL": "participant",
        "EUROJUST": "support",
        "INTERPOL": "support",
    }


def test_the_code_of_an_operation_of_others_is_refused_plainly(stack: Stack, client: httpx.Client, token: str) -> None:
    arguments = ["operation", "create", "jad-twice", *DAYS, "--lead", "FRONTEX", "--url", stack.base_url]

    first = CliRunner().invoke(app, [*arguments, "--name", "One"], input=token)
    other = CliRunner().invoke(app, [*arguments, "--name", "Another"], input=token)

    assert (first.exit_code, other.exit_code) == (0, 1)
    assert "409" in other.output
    assert token not in other.output


def test_a_template_that_does_not_exist_is_told() -> None:
    refused = CliRunner().invoke(
        app, ["operation", "create", "jad-x", "--name", "X", *DAYS, "--lead", "AT", "--template", "picnic"]
    )

    assert refused.exit_code == 2
    assert "no such template" in refused.output


def test_templates_are_read_over_http_and_named_in_the_report(client: httpx.Client) -> None:
    listed = client.get("/v1/templates").json()["items"]
    one = client.get("/v1/templates/jad").json()

    assert [each["code"] for each in listed] == sorted(templates())
    assert one in listed
    assert one["participants"][0] == {"agency": "FRONTEX", "role": "co_lead"}
    assert client.get("/v1/templates/picnic").status_code == 404
    assert client.get("/v1/templates", headers={"Authorization": ""}).status_code == 401

    example = (Path(__file__).parents[2] / "docs" / "operation.json").read_text()
    report = json.loads(example)
    report["data"] |= one["operation"] | {"code": "jad-by-hand", "template": "picnic"}
    refused = client.post("/v1/operations", json=report, headers={"Content-Type": "application/cloudevents+json"})
    assert [(fault["pointer"], fault["accepted"]) for fault in refused.json()["errors"]] == [
        ("/data/template", sorted(templates()))
    ]
    report["data"]["template"] = "jad"
    taken = client.post("/v1/operations", json=report, headers={"Content-Type": "application/cloudevents+json"})
    assert taken.status_code == 201, taken.text
