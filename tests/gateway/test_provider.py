"""Officers who sign in at an identity provider: a small one over real HTTP, which keeps to OIDC but in one way."""

import httpx
import pytest

from services.gateway.app import create_app
from services.gateway.parts import assembled
from services.shared.settings import Settings
from tests.gateway.local_provider import GATEWAY, Browser, LocalProvider, check_refused, to_provider


async def test_an_officer_is_signed_in_after_the_way_to_the_provider_and_back(browser: Browser) -> None:
    client = browser()

    done = await client.get("/v1/sign-in/provider", follow_redirects=True)

    assert [answer.status_code for answer in done.history] == [303, 302, 303]
    assert str(done.url) == f"{GATEWAY}/console/"
    session = (await client.get("/v1/session")).json()
    assert (session["name"], session["agency"]) == ("a.moser", "AT")
    assert (await client.get("/v1/operations")).json() == {"items": []}


async def test_the_ways_to_sign_in_name_the_provider(browser: Browser) -> None:
    assert (await browser().get("/v1/sign-in")).json() == {
        "password": True,
        "provider": {"name": "Invented Ministry", "address": "/v1/sign-in/provider"},
        "signed_in": False,
    }


async def test_over_tls_the_cookies_are_this_hosts_alone(browser: Browser) -> None:
    client = browser()

    begun = await client.get("/v1/sign-in/provider")
    returned = await client.get(await to_provider(client))

    kept = begun.headers["set-cookie"]
    assert kept.startswith("__Host-vcp-sign-in=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(kept.split("; "))
    session, ended = sorted(returned.headers.get_list("set-cookie"))
    assert session.startswith("__Host-vcp-session=")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(session.split("; "))
    assert ended.startswith('__Host-vcp-sign-in="";')


@pytest.mark.parametrize("ways", [None, ["client_secret_post"], ["client_secret_basic"]])
async def test_the_secret_is_shown_as_the_provider_wants_it(
    browser: Browser, provider: LocalProvider, ways: list[str] | None
) -> None:
    if ways is not None:
        provider.described = {"token_endpoint_auth_methods_supported": ways}
    client = browser()

    assert (await client.get(await to_provider(client))).status_code == 303


async def test_state_nonce_and_challenge_are_new_each_time(browser: Browser, provider: LocalProvider) -> None:
    for client in (browser(), browser()):
        await to_provider(client)

    one, other = provider.seen
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name]) == 43
        assert one[name] != other[name]


async def test_whom_this_command_post_does_not_know_is_told_what_to_do(
    browser: Browser, provider: LocalProvider
) -> None:
    provider.subject = "somebody-else"
    client = browser()

    answer = await client.get(await to_provider(client))

    check_refused(answer, 403, "no-officer")
    assert "vcp officer add" in answer.json()["detail"]
    assert "somebody-else" not in answer.text


async def test_an_officer_who_was_removed_signs_in_no_more(browser: Browser, ours: Settings) -> None:
    client = browser()
    address = await to_provider(client)
    async with assembled(ours) as parts, parts.pool.connection() as connection:
        await connection.execute("update desk.officers set removed_at = now()")

    check_refused(await client.get(address), 403, "no-officer")


async def test_a_person_is_told_on_a_page_and_not_in_json(browser: Browser, provider: LocalProvider) -> None:
    provider.subject = "<script>somebody-else</script>"
    client = browser()

    answer = await client.get(await to_provider(client), headers={"Accept": "text/html,*/*"})

    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "<h1>The identity provider knows you, and this command post does not</h1>" in answer.text
    assert "<script>" not in answer.text


async def test_while_the_provider_is_silent_nobody_is_called_wrong(browser: Browser, provider: LocalProvider) -> None:
    client, late = browser(), browser()
    address = await to_provider(late)
    provider.close()

    for answer in (await client.get("/v1/sign-in/provider"), await late.get(address)):
        check_refused(answer, 503, "sign-in-unavailable")
        assert answer.headers["retry-after"] == "1"


async def test_without_a_provider_there_is_no_such_way(settings: Settings) -> None:
    app = create_app(settings)
    async with assembled(settings) as parts:
        app.state.parts = parts
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
            answers = [await client.get(f"/v1/sign-in/{way}") for way in ("provider", "return?state=a&code=b")]
            ways = (await client.get("/v1/sign-in")).json()

    assert [answer.status_code for answer in answers] == [404, 404]
    assert ways == {"password": True, "provider": None, "signed_in": False}
