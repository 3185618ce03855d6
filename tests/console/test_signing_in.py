"""Signing in as a person does: by name and password, at a provider, again when it ended, and out."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, create_engine

from services.shared import desk, officers, passwords
from services.shared.database import engine_url
from services.shared.embedded import free_port
from services.shared.officers import EVERYWHERE, Place, Role
from services.shared.settings import Settings
from services.stack import Stack
from tests.conftest import run_stack
from tests.console.conftest import faults_of_access
from tests.gateway.local_provider import CLIENT, SUBJECT, LocalProvider

PASSWORD = "invented and long enough"


def at_the_desk(settings: Settings, what: Callable[[Connection], None]) -> None:
    engine = create_engine(engine_url(settings.gateway_database_url))
    with engine.begin() as connection:
        what(connection)
    engine.dispose()


@pytest.fixture
def officer(room: Any) -> Callable[..., str]:
    """Adds an officer of an agency of the test's room, and gives the name."""

    def add(agency: str, *, role: Role = "reporter", operation: str = EVERYWHERE) -> str:
        room.as_agency(agency)
        name = f"invented.{uuid4().hex[:8]}"
        places = {operation: Place(role)}
        at_the_desk(
            room.stack.settings,
            lambda connection: officers.add_officer(
                connection, name, agency=agency, places=places, password=passwords.hashed(PASSWORD)
            ),
        )
        return name

    return add


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def go_in(page: Page, room: Any) -> None:
    page.get_by_role("link", name=f"Room {room.operation}").click()
    page.locator("[data-ready=true]").wait_for()


def at_the_door(page: Page) -> None:
    expect(page.get_by_label("Your password")).to_be_visible(timeout=20_000)


def test_an_officer_signs_in_by_name_and_acts(room: Any, officer: Any, new_page: Any) -> None:
    room.take("BA", "hit.raised.v1", database="SLTD", object="document", record_owner_country=None)
    name, page = officer("INTERPOL"), new_page()
    page.goto(f"{room.stack.base_url}/")

    sign_in(page, name)
    go_in(page, room)
    page.get_by_role("tab", name="Waiting for").click()
    page.get_by_role("list", name="What waits for you, oldest first").get_by_role("button").first.click()
    page.get_by_role("button", name="Hit verified", exact=True).click()
    form = page.get_by_role("dialog", name="Hit verified")
    form.get_by_role("radio", name="confirmed").check()
    form.get_by_role("button", name="Send as INTERPOL").click()

    expect(page.get_by_role("status").filter(has_text="it is in the log")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text(name)
    assert page.evaluate("document.cookie + JSON.stringify(sessionStorage)") == "{}"
    assert PASSWORD not in page.url


def test_a_wrong_password_is_told_and_opens_nothing(room: Any, officer: Any, new_page: Any) -> None:
    name, page = officer("BA"), new_page(expecting="401")
    page.goto(f"{room.stack.base_url}/")

    sign_in(page, name, "not this one")

    expect(page.get_by_role("alert")).to_contain_text("Name or password is wrong")
    expect(page.get_by_label("Your password")).to_have_value("")
    assert faults_of_access(page) == []


def test_one_is_still_signed_in_when_the_page_is_loaded_anew_until_one_signs_out(
    room: Any, officer: Any, new_page: Any
) -> None:
    page = new_page()
    page.goto(f"{room.stack.base_url}/")
    sign_in(page, officer("BA"))
    go_in(page, room)

    page.reload()
    page.locator("[data-ready=true]").wait_for()
    page.get_by_role("button", name="Sign out").click()
    at_the_door(page)
    page.reload()

    at_the_door(page)
    assert room.operation not in page.locator("body").inner_text()


def test_whoever_is_signed_out_by_a_change_comes_back_to_where_they_were(
    room: Any, officer: Any, new_page: Any
) -> None:
    name, page = officer("BA"), new_page(expecting="401")
    page.goto(f"{room.stack.base_url}/")
    sign_in(page, name)
    go_in(page, room)
    page.get_by_role("link", name="Figures").click()
    expect(page.get_by_role("link", name="Report")).to_be_visible()

    at_the_desk(
        room.stack.settings,
        lambda connection: officers.set_places(connection, name, {room.operation: Place("reader")}),
    )
    at_the_door(page)
    expect(page.get_by_role("alert")).to_contain_text("Sign in again")
    sign_in(page, name)

    expect(page.get_by_role("link", name="Figures")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Report")).to_be_hidden()


def test_another_officer_in_the_same_browser_is_not_taken_for_the_first(room: Any, officer: Any, new_page: Any) -> None:
    first, second = officer("BA"), officer("MD")
    page = new_page(expecting="401")
    page.goto(f"{room.stack.base_url}/")
    sign_in(page, first)
    go_in(page, room)
    other = page.context.new_page()
    other.goto(f"{room.stack.base_url}/")
    other.get_by_role("button", name="Sign out").click()
    at_the_door(page)

    sign_in(other, second)
    other.get_by_text("Operations of MD").wait_for()
    page.reload()

    expect(page.get_by_role("banner")).to_contain_text(second)
    expect(page.get_by_role("banner")).not_to_contain_text(first)


@pytest.fixture(scope="module")
def with_provider() -> Iterator[Stack]:
    """A stack of which the officers sign in at an identity provider."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    provider = LocalProvider(returns_to=f"{address}/v1/sign-in/return")
    named = {"oidc_issuer": provider.url, "oidc_client_id": CLIENT, "oidc_provider_name": "Invented Ministry"}
    with run_stack(port=port, public_url=address, **named) as running:
        yield running
    provider.close()


def test_an_officer_signs_in_at_the_provider(with_provider: Stack, new_page: Any) -> None:
    def add(connection: Connection) -> None:
        desk.add_agency(connection, "AT", kind="national", country="AT", name=None)
        everywhere = {EVERYWHERE: Place("reporter")}
        officers.add_officer(connection, "a.moser", agency="AT", places=everywhere, subject=SUBJECT)

    at_the_desk(with_provider.settings, add)
    page = new_page()
    page.goto(f"{with_provider.base_url}/")

    page.get_by_role("link", name="Sign in at Invented Ministry").click()

    expect(page.get_by_role("heading", name="Operations of AT")).to_be_visible()
    expect(page.get_by_text("a.moser")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    at_the_door(page)


def test_an_auditor_reads_the_ledger_and_no_record(room: Any, officer: Any, new_page: Any) -> None:
    of_ba, of_md = (room.take(agency, "arrest.made.v1")["entry"] for agency in ("BA", "MD"))
    for entry in (of_ba, of_md):
        room.get("AT", f"events/{entry}")
    page = new_page(expecting="400")
    page.goto(f"{room.stack.base_url}/")
    sign_in(page, officer("CZ", role="auditor", operation=room.operation))
    page.get_by_role("link", name=f"Room {room.operation}").click()

    ledger = page.get_by_role("region", name="The disclosure ledger")
    expect(ledger.get_by_role("row", name=re.compile("^20.* AT · .* consultation"))).to_have_count(2)
    page.get_by_label("Whose records").fill("MD")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(ledger.get_by_text(of_md)).to_be_visible()
    expect(ledger.get_by_text(of_ba)).to_have_count(0)
    page.get_by_label("Whose records").fill("nobody at all")
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("originator")
    assert faults_of_access(page) == []
