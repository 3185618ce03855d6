"""Acting in the room as a person does: verifying a hit, reporting an event, meeting what others did meanwhile."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import choose_waiting, faults_of_access, value_of

EnterAs = Callable[..., Page]


def raised(room: Any) -> Any:
    return room.take("BA", "hit.raised.v1", database="SLTD", object="document", record_owner_country=None)


def verify(page: Page, outcome: str) -> None:
    form = page.get_by_role("dialog", name="Hit verified")
    form.get_by_role("radio", name=outcome).check()
    form.get_by_role("button", name="Send as INTERPOL").click()


def hit_of(room: Any, entry: str) -> dict[str, Any]:
    found: dict[str, Any] = room.get("AT", f"hits/{entry}")
    return found


def test_a_hit_is_verified_by_its_authority_and_leaves_its_queue(room: Any, enter_as: EnterAs) -> None:
    hit = raised(room)["entry"]
    page = enter_as("INTERPOL")

    choose_waiting(page)
    page.get_by_role("button", name="Hit verified", exact=True).click()
    verify(page, "confirmed")

    expect(page.get_by_role("status").filter(has_text="it is in the log")).to_be_visible()
    expect(page.get_by_text("Nothing waits for your agency.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Hit confirmed"))).to_be_visible()
    assert hit_of(room, hit)["state"] == "confirmed"
    expect(page.locator('[data-metric="interpol_hits.confirmed"] .value')).to_have_text("1")


def test_what_somebody_did_meanwhile_is_told_as_a_person_understands_it(room: Any, enter_as: EnterAs) -> None:
    hit = raised(room)
    page = enter_as("INTERPOL", expecting="412")
    choose_waiting(page)
    page.get_by_role("button", name="Hit verified", exact=True).click()

    room.take("INTERPOL", "hit.verified.v1", etag=hit["etag"], hit=hit["entry"], outcome="undetermined")
    verify(page, "confirmed")

    form = page.get_by_role("dialog", name="Hit verified")
    expect(form.get_by_role("alert")).to_contain_text("INTERPOL said “Hit undetermined”")
    assert hit_of(room, hit["entry"])["state"] == "undetermined"

    form.get_by_role("button", name="Look again").click()
    verify(page, "confirmed")

    expect(page.get_by_role("status").filter(has_text="it is in the log")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Hit confirmed")).first).to_be_visible()
    assert hit_of(room, hit["entry"])["state"] == "confirmed"


def test_an_event_is_reported_by_a_form_with_its_faults_beside_the_fields(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("BA", expecting="422")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("button", name=re.compile("^Arrest")).click()
    form = page.get_by_role("dialog", name="Arrest")

    form.get_by_label("Basis").select_option("on_view")
    form.get_by_label("Executing agency").fill("nobody")
    form.get_by_role("radio", name="all", exact=True).check()
    form.get_by_role("checkbox", name="H0").check()
    form.get_by_label("Source*").fill("A")
    form.get_by_label("Information*").fill("1")
    form.get_by_role("button", name="Send as BA").click()

    expect(form.get_by_label("Executing agency")).to_have_attribute("aria-invalid", "true")
    assert room.figure("AT", "arrests")["value"] == 0

    form.get_by_label("Executing agency").fill("BA")
    form.get_by_role("button", name="Send as BA").click()

    expect(
        page.get_by_role("article").get_by_role("heading", name="1 arrest: not established, on view")
    ).to_be_visible()
    assert room.figure("AT", "arrests")["value"] == 1


def test_nothing_is_acted_on_in_the_past(room: Any, enter_as: EnterAs) -> None:
    raised(room)
    room.take("MD", "arrest.made.v1")
    page = enter_as("INTERPOL")
    choose_waiting(page)

    page.get_by_role("button", name="One step back").click()

    expect(page.locator(".pill")).to_contain_text("AS OF")
    expect(page.get_by_text("You look at an earlier moment; nothing can be acted on there.")).to_be_visible()
    expect(page.get_by_role("button", name="Hit verified", exact=True)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nobody_is_kept_from_acting(room: Any, enter_as: EnterAs, scheme: str) -> None:
    raised(room)
    page = enter_as("INTERPOL", scheme=scheme)
    choose_waiting(page)
    page.get_by_role("button", name="Hit verified", exact=True).wait_for()
    faults = faults_of_access(page)
    page.get_by_role("button", name="Hit verified", exact=True).click()
    page.get_by_role("radio", name="confirmed").wait_for()
    faults += faults_of_access(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("button", name=re.compile("^Message")).click()
    page.get_by_role("dialog").get_by_role("group", name="Audience").wait_for()

    assert faults + faults_of_access(page) == []


def test_a_desk_asks_another_about_its_record_and_is_answered(room: Any, enter_as: EnterAs) -> None:
    arrest = room.take("BA", "arrest.made.v1", audience={"scope": "all"})
    asking = enter_as("AT")
    asking.evaluate(f"location.hash = '#/{room.operation}/room?entry={arrest['entry']}'")
    asking.get_by_role("button", name="Ask about it").click()
    form = asking.get_by_role("dialog", name="Information requested")
    expect(form.get_by_role("group", name="To", exact=False).get_by_role("checkbox", name="BA")).to_be_checked()
    expect(form.get_by_label("Regarding")).to_have_value(arrest["entry"])
    form.get_by_label("Question").select_option("movements")
    form.get_by_role("radio", name="urgent").check()
    form.get_by_role("radio", name="8h").check()
    form.get_by_role("group", name="Audience").get_by_role("radio", name="all", exact=True).check()
    form.get_by_role("checkbox", name="H0").check()
    form.get_by_role("button", name="Send as AT").click()
    expect(asking.get_by_role("status").filter(has_text="it is in the log")).to_be_visible()

    answering = enter_as("BA")
    choose_waiting(answering)
    answering.get_by_role("button", name="Information answered", exact=True).click()
    form = answering.get_by_role("dialog", name="Information answered")
    form.get_by_role("radio", name="answered").check()
    form.get_by_role("textbox", name="Text sealed").fill("Invented: at the border post.")
    form.get_by_role("button", name="Send as BA").click()

    expect(answering.get_by_text("Nothing waits for your agency.")).to_be_visible()
    (request,) = room.get("AT", "requests")["items"]
    assert (request["state"], request["waits_for"]) == ("answered", [])
    asking.get_by_role("button", name="Request for information answered").first.click()
    expect(asking.get_by_role("article", name="The chosen event")).to_contain_text("at the border post")


def test_a_desk_writes_to_others_whom_it_picks_from_those_who_take_part(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("BA")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("button", name=re.compile("^Message")).click()
    form = page.get_by_role("dialog", name="Message")
    to = form.get_by_role("group", name="To", exact=True)
    expect(to.get_by_role("checkbox")).to_have_count(5)

    to.get_by_role("checkbox", name="MD Moldova").check()
    to.get_by_role("textbox", name="Others, by their codes").fill("at-customs")
    form.get_by_role("textbox", name="Text sealed").fill("Invented: the shift changes at six.")
    audience = form.get_by_role("group", name="Audience")
    audience.get_by_role("radio", name="named").check()
    audience.get_by_role("checkbox", name="AT Austria").check()
    audience.get_by_role("radio", name="all", exact=True).check()
    expect(audience.get_by_role("checkbox", name="AT Austria")).to_be_hidden()
    form.get_by_role("checkbox", name="H0").check()
    form.get_by_role("button", name="Send as BA").click()

    expect(page.get_by_role("article", name="The chosen event")).to_contain_text("the shift changes at six")
    (message,) = room.get("MD", "messages")["items"]
    assert message["detail"]["to"] == ["MD", "AT-CUSTOMS"]


def test_countries_and_crimes_are_chosen_by_their_names(room: Any, enter_as: EnterAs) -> None:
    page = enter_as("BA")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("button", name=re.compile("^Judicial measure")).click()
    form = page.get_by_role("dialog", name="Judicial measure requested")

    form.get_by_label("Kind").select_option("eaw")
    form.get_by_label("Requesting").select_option(label="Bosnia & Herzegovina")
    executing = form.get_by_role("group", name="Executing")
    for name in ("Austria", "Montenegro", "Moldova"):
        executing.get_by_role("combobox").select_option(label=name)
    executing.get_by_role("button", name="Take away: Montenegro").click()
    form.get_by_text("More that can be said").click()
    form.get_by_role("group", name="Crime areas").get_by_role("checkbox", name="money laundering").check()
    form.get_by_role("radio", name="all", exact=True).check()
    form.get_by_role("checkbox", name="H0").check()
    form.get_by_role("button", name="Send as BA").click()

    expect(page.get_by_role("article", name="The chosen event")).to_contain_text("AT, MD")
    said = room.get("BA", f"events/{page.url.split('entry=')[1]}")["report"]["data"]
    assert (said["requesting"], said["executing"], said["crime_areas"]) == ("BA", ["AT", "MD"], ["money_laundering"])


def test_the_owner_of_a_record_finds_who_asks_to_use_it_in_its_queue(room: Any, enter_as: EnterAs) -> None:
    audience = {"scope": "named", "agencies": ["AT"]}
    room.take("BA", "arrest.made.v1", audience=audience, handling={"codes": ["H1", "H2"]})
    asking = enter_as("AT")
    asking.locator("button.line", has_text="arrest").click()
    asking.get_by_role("button", name="Ask to use it").click()
    form = asking.get_by_role("dialog", name="Permission requested")
    form.get_by_role("radio", name="judicial").check()
    form.get_by_role("button", name="Send as AT").click()
    expect(asking.get_by_role("status").filter(has_text="it is in the log")).to_be_visible()

    answering = enter_as("BA")
    choose_waiting(answering)
    answering.get_by_role("button", name="Permission granted", exact=True).click()
    form = answering.get_by_role("dialog", name="Permission granted")
    form.get_by_label("Conditions").fill("Not in open court.")
    form.get_by_role("button", name="Send as BA").click()

    expect(answering.get_by_text("Nothing waits for your agency.")).to_be_visible()
    asking.get_by_role("button", name=re.compile("Permission granted, with conditions")).first.click()
    expect(asking.get_by_role("article", name="The chosen event")).to_contain_text("Not in open court.")


def test_a_cross_check_is_asked_for_answered_and_read(room: Any, enter_as: EnterAs) -> None:
    europol = {"agency": "EUROPOL", "kind": "europol", "country": None, "name": None}
    room.take("AT", "participant.joined.v1", role="support", **europol)
    asking = enter_as("AT")
    asking.get_by_role("link", name="Report").click()
    asking.get_by_role("button", name=re.compile("^Cross-check requested")).click()
    form = asking.get_by_role("dialog", name="Cross-check requested")
    form.get_by_label("Purpose").select_option("cross_checking")
    form.get_by_label("Target").fill("EUROPOL")
    form.get_by_label("Subject kind").select_option("vehicle")
    form.get_by_label("Subject category").select_option("suspect")
    form.get_by_role("radio", name="urgent").check()
    form.get_by_role("button", name="+ Vehicle").click()
    form.get_by_role("textbox", name="Plate sealed").fill("INVENTED 1")
    form.get_by_role("group", name="Audience").get_by_role("radio", name="named").check()
    form.get_by_role("group", name="Audience").get_by_role("checkbox", name="EUROPOL").check()
    form.get_by_role("checkbox", name="H0").check()
    form.get_by_role("button", name="Send as AT").click()
    expect(asking.get_by_role("article", name="The chosen event")).to_contain_text("INVENTED 1")

    answering = enter_as("EUROPOL")
    choose_waiting(answering)
    answering.get_by_role("button", name="Cross-check answered", exact=True).click()
    form = answering.get_by_role("dialog", name="Cross-check answered")
    form.get_by_role("radio", name="hit", exact=True).check()
    form.get_by_label("Hits").fill("2")
    form.get_by_role("button", name="Send as EUROPOL").click()

    asking.get_by_role("button", name=re.compile("Cross-check answered: 2 hits")).first.click()
    event = asking.get_by_role("article", name="The chosen event")
    expect(value_of(event, "Hits")).to_have_text("2")


def test_a_hit_beside_an_answer_is_told_to_who_sees_it(room: Any, enter_as: EnterAs) -> None:
    europol = {"agency": "EUROPOL", "kind": "europol", "country": None, "name": None}
    room.take("AT", "participant.joined.v1", role="support", **europol)
    check = room.take("BA", "cross_check.requested.v1", target="EUROPOL")
    for_some = {"scope": "named", "agencies": ["BA", "EUROPOL"]}
    room.take("MD", "hit.raised.v1", result_of=check["entry"], audience=for_some)
    answer = {"check": check["entry"], "outcome": "no_hit", "hits": 0}
    room.take("EUROPOL", "cross_check.resulted.v1", etag=check["etag"], **answer)

    for agency, sees in (("BA", 1), ("AT", 0)):
        page = enter_as(agency)
        with page.expect_response(re.compile(f"/crosschecks/{check['entry']}")):
            page.get_by_role("button", name=re.compile("^Cross-check.*no hit")).first.click()
        event = page.get_by_role("article", name="The chosen event")
        expect(value_of(event, "Outcome")).to_have_text("no hit")
        expect(event.get_by_text("Hits on it that you see: 1")).to_have_count(sees)
        if sees:
            # Before the answer itself, which says that there is none, and without scrolling.
            expect(event.get_by_text("Hits on it that you see: 1")).to_be_in_viewport()
