"""The boards beside the live room: incidents, recurring persons and objects, protection, participants, disclosures."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.console.conftest import sign_in_by_token

Enter = Callable[..., Page]
EnterAs = Callable[..., Page]


def board(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Boards").click()
    page.get_by_role("navigation", name="Boards").get_by_role("link", name=name).click()
    expect(page.get_by_role("navigation", name="Boards").get_by_role("link", name=name)).to_have_attribute(
        "aria-current", "page"
    )


def person_of(name: str) -> dict[str, Any]:
    names = [{"family": name, "given": "Invented", "script": "Latn"}]
    return {"names": names, "birth_date": "1961-02-03", "nationalities": ["BA"], "subject_category": "suspect"}


def test_an_event_leads_to_all_that_belongs_to_its_incident(danube: Any, enter: Enter) -> None:
    page = enter()
    incident = danube.get("incidents", limit=1000)["items"][-1]
    whole = danube.get(f"things/{incident['thing']}/file")
    arrest = next(one for one in whole["things"] if one["kind"] != "incident")

    page.evaluate(f"location.hash = '#/{danube.played.operation}/room?entry={arrest['thing']}'")
    page.get_by_role("link", name="Its file").click()

    file = page.get_by_role("article", name="The file")
    expect(file.get_by_role("list", name=re.compile("Records in the file, in")).get_by_role("listitem")).to_have_count(
        len(whole["things"])
    )
    expect(file.get_by_role("list", name="Its course").get_by_role("listitem")).to_have_count(len(whole["timeline"]))
    file.get_by_role("list", name=re.compile("in the order")).get_by_role("link").first.click()
    expect(page.get_by_role("article", name="The chosen event")).to_be_visible()
    page.go_back()
    expect(file).to_be_visible()


def test_a_board_shows_the_moment_that_is_looked_at(danube: Any, enter: Enter) -> None:
    page = enter()
    moment = "2022-06-27T07:04:00.999Z"
    then = danube.get("incidents", limit=1000, as_of=moment)["items"]

    board(page, "Incidents")
    page.evaluate(f"location.hash = '#/{danube.played.operation}/incidents?at={moment[:-4]}000Z'".replace(".000Z", "Z"))

    expect(page.locator(".pill")).to_contain_text("AS OF")
    lines = page.get_by_role("list", name="Incidents, newest first").get_by_role("listitem")
    expect(lines).to_have_count(len(then))
    assert 0 < len(then) < len(danube.get("incidents", limit=1000)["items"])


def test_protection_says_what_was_done_and_who_answers(danube: Any, enter: Enter) -> None:
    page = enter()

    board(page, "Protection")

    cases = page.get_by_role("list", name="Cases, newest first").get_by_role("listitem")
    expect(cases).to_have_count(len(danube.get("cases")["items"]))
    expect(cases.first).to_contain_text("shelter")
    expect(cases.first).to_contain_text("RO")
    cases.last.get_by_role("link").click()
    expect(page.get_by_role("article", name="The file")).to_contain_text("guardian")


def test_a_case_that_is_not_for_one_is_not_there(room: Any, enter_as: EnterAs) -> None:
    audience = {"scope": "named", "agencies": ["AT"]}
    case = room.take("BA", "thb_case.reported.v1", audience=audience)
    page = enter_as("MD", expecting="404")

    board(page, "Protection")
    expect(page.get_by_text("There is no case that is for you.")).to_be_visible()
    page.evaluate(f"location.hash = '#/{room.operation}/protection?thing={case['entry']}'")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing of this name at this moment")
    hidden = page.get_by_role("alert").inner_text()
    page.evaluate(f"location.hash = '#/{room.operation}/protection?thing={uuid4()}'")

    expect(page.get_by_role("alert")).to_have_text(hidden)


def test_who_is_silent_is_told_from_who_has_nothing_to_report(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("AT")
    board(page, "Participants")
    row = page.get_by_role("row", name=re.compile("^BA"))
    expect(row).to_contain_text("has not reported yet")

    room.take("BA", "nil_report.filed.v1")
    expect(row).to_contain_text("nothing to report")

    room.take("BA", "arrest.made.v1")
    expect(row).to_contain_text("reporting")
    expect(page.get_by_role("row", name=re.compile("^MD"))).to_contain_text("has not reported yet")


def test_the_same_document_in_two_records_is_linked(room: Any, enter_as: EnterAs) -> None:
    for agency, number in (("BA", "INVENTED-77"), ("MD", "invented 77")):
        document = {"document_class": "passport", "issuer": "BA", "number": number}
        room.take(agency, "document_fraud.detected.v1", document=document)
    page = enter_as("AT")

    board(page, "Persons and objects")
    expect(page.get_by_text("in 2 records")).to_be_visible()
    page.get_by_role("list", name="Records with the same document").get_by_role("link").first.click()

    same = page.get_by_role("article", name="The same elsewhere")
    expect(same.get_by_text("INVENTED-77")).to_be_visible()
    expect(same.get_by_text("invented 77")).to_be_visible()


def test_an_agency_sees_who_was_shown_its_persons(room: Any, enter_as: EnterAs) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=person_of("Nobody"))
    page = enter_as("BA")
    page.evaluate(f"location.hash = '#/{room.operation}/disclosures'")
    page.get_by_role("list", name="Entries of your agency").get_by_role("link").first.click()
    shown = page.get_by_role("article", name="Who was shown it")
    expect(shown).to_contain_text("Nobody was shown persons from it")

    room.get("AT", f"events/{arrest['entry']}")
    page.reload()

    expect(shown.get_by_role("row", name=re.compile("AT"))).to_contain_text("coordination")


def test_nobody_asks_who_saw_the_entries_of_others(room: Any, enter_as: EnterAs) -> None:
    arrest = room.take("BA", "arrest.made.v1")
    page = enter_as("MD", expecting="404")

    page.evaluate(f"location.hash = '#/{room.operation}/room?entry={arrest['entry']}'")
    expect(page.get_by_role("link", name="Its file")).to_be_visible()
    expect(page.get_by_role("link", name="Who was shown it")).to_be_hidden()
    page.evaluate(f"location.hash = '#/{room.operation}/disclosures?thing={arrest['entry']}'")

    expect(page.get_by_role("alert")).to_contain_text("or it is not for you")


def test_the_state_of_the_system_is_told(enter: Enter) -> None:
    page = enter()

    board(page, "State of the system")

    expect(page.get_by_text("Everything works")).to_be_visible()
    expect(page.get_by_text("connected ·")).to_be_visible()


def test_a_lead_opens_an_operation_from_a_template_and_lets_others_in(room: Any, new_page: Any) -> None:
    code = f"jad-{uuid4().hex[:8]}"
    page = new_page(expecting="422")
    page.goto(f"{room.stack.base_url}/")
    sign_in_by_token(page, room.as_agency("AT").headers["Authorization"].removeprefix("Bearer "))
    page.get_by_role("button", name="Open an operation").click()

    page.get_by_label("Made from a template").select_option("jad-thb")
    page.get_by_label("Code", exact=False).first.fill("No Code")
    page.get_by_label("Name").first.fill("An invented day")
    page.get_by_label("Who takes part from the beginning").fill("EUROPOL, BA")
    page.get_by_role("button", name="Open as AT").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Code", exact=False).first.fill(code)
    page.get_by_role("button", name="Open as AT").click()

    expect(page.get_by_role("heading", name="An invented day")).to_be_visible()
    found = room.as_agency("BA").get(f"/v1/operations/{code}/participants").json()["items"]
    assert {one["detail"]["agency"]: one["detail"]["role"] for one in found} == {
        "EUROPOL": "participant",
        "BA": "participant",
    }


def test_two_moments_are_compared_as_the_server_compares_them(danube: Any, enter: Enter) -> None:
    page = enter()
    since, until = "2022-06-25T10:00:00.000Z", "2022-06-27T07:05:00.000Z"
    moments = {"from": since.replace("Z", "999Z"), "to": until.replace("Z", "999Z")}
    figures = danube.get("diff/figures", **moments)["items"]
    things = danube.get("diff", limit=1000, **moments)["items"]

    page.evaluate(f"location.hash = '#/{danube.played.operation}/changes?at={until}&since={since}'")

    expect(page.get_by_text("From Sat 25 Jun 2022 12:00 to Mon 27 Jun 2022 09:05")).to_be_visible()
    moved = page.get_by_role("region", name="What changed").locator("tbody tr")
    expect(moved).to_have_count(len(figures))
    arrests = next(one for one in figures if one["metric"] == "arrests")
    expect(moved.filter(has=page.get_by_role("link", name="Arrests", exact=True)).locator("td").last).to_have_text(
        f"+{arrests['delta']}"
    )
    records = page.get_by_role("region", name="Records that came or changed").get_by_role("listitem")
    expect(records).to_have_count(min(len(things), 200))

    page.get_by_role("button", name="1 h before").click()
    expect(page.get_by_text("From Mon 27 Jun 2022 08:05")).to_be_visible()
    expect(page.get_by_role("button", name="1 h before")).to_have_attribute("aria-pressed", "true")
