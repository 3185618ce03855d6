"""Officers who sign in at an identity provider: a small one over real HTTP, which keeps to OIDC but in one way."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey

from services.gateway.app import create_app
from services.gateway.parts import assembled
from services.shared.settings import Settings, SettingsRefused
from tests.gateway.local_provider import CLIENT, KEY, SECRET, SUBJECT, LocalProvider

GATEWAY = "https://post.example"
RETURN = f"{GATEWAY}/v1/sign-in/return"
OTHER_KEY = RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048), {"kid": "one"})


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    made = LocalProvider(returns_to=RETURN)
    yield made
    made.close()


@pytest.fixture
def ours(settings: Settings, provider: LocalProvider, tmp_path: Path) -> Settings:
    secret = tmp_path / "client-secret"
    secret.write_text(f"{SECRET}\n")
    return settings.model_copy(
        update={
            "oidc_issuer": provider.url,
            "oidc_client_id": CLIENT,
            "oidc_client_secret_file": secret,
            "oidc_provider_name": "Invented Ministry",
            "public_url": GATEWAY,
        }
    )


Browser = Callable[[], httpx.AsyncClient]


@pytest.fixture
async def browser(ours: Settings) -> AsyncIterator[Browser]:
    """Browsers that follow redirects between a gateway within this process and the provider over HTTP."""
    app = create_app(ours)
    opened: list[httpx.AsyncClient] = []
    async with assembled(ours) as parts:
        app.state.parts = parts
        async with parts.pool.connection() as connection:
            await connection.execute(
                "insert into desk.agencies (code, kind, country, added_at) values ('AT', 'national', 'AT', now())"
            )
            await connection.execute(
                "insert into desk.officers (id, name, agency, subject, added_at)"
                " values (gen_random_uuid(), 'a.moser', 'AT', %s, now())",
                (SUBJECT,),
            )
            await connection.execute(
                "insert into desk.officer_roles (officer, operation, role, groups)"
                " select id, '*', 'reader', '{}' from desk.officers"
            )

        def make() -> httpx.AsyncClient:
            mounts = {"https://post.example": httpx.ASGITransport(app)}
            opened.append(httpx.AsyncClient(mounts=mounts, base_url=GATEWAY, timeout=30))
            return opened[-1]

        yield make
        for one in opened:
            await one.aclose()


async def to_provider(browser: httpx.AsyncClient) -> str:
    """Begins, and gives the address to which the provider sends the browser back."""
    begun = await browser.get("/v1/sign-in/provider")
    assert begun.status_code == 303, begun.text
    return (await browser.get(begun.headers["location"])).headers["location"]


def check_refused(answer: httpx.Response, status: int, kind: str) -> None:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "-session=" not in answer.headers.get("set-cookie", "")


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


async def test_a_wrong_state_signs_nobody_in(browser: Browser) -> None:
    client = browser()
    address = await to_provider(client)
    right = dict(parse_qsl(urlsplit(address).query))

    for state in ("", "invented", right["state"][:-1], "x" * 5000):
        check_refused(await client.get(f"{RETURN}?{urlencode({**right, 'state': state})}"), 400, "sign-in-over")


async def test_a_sign_in_is_ended_in_the_browser_that_began_it(browser: Browser) -> None:
    address = await to_provider(browser())
    victim = browser()

    check_refused(await victim.get(address), 400, "sign-in-over")
    await to_provider(victim)
    check_refused(await victim.get(address), 400, "sign-in-over")


async def test_a_return_counts_once(browser: Browser, provider: LocalProvider) -> None:
    client = browser()
    begun = await client.get("/v1/sign-in/provider")
    address = (await client.get(begun.headers["location"])).headers["location"]
    cookie = client.cookies["__Host-vcp-sign-in"]
    assert (await client.get(address)).status_code == 303

    again = await client.get(address, headers={"Cookie": f"__Host-vcp-sign-in={cookie}"})

    check_refused(again, 400, "sign-in-over")


async def test_a_code_that_was_used_is_refused_by_the_provider_and_here(
    browser: Browser, provider: LocalProvider
) -> None:
    first, second = browser(), browser()
    used = dict(parse_qsl(urlsplit(await to_provider(first)).query))
    assert (await first.get(f"{RETURN}?{urlencode(used)}")).status_code == 303
    own = dict(parse_qsl(urlsplit(await to_provider(second)).query))

    check_refused(await second.get(f"{RETURN}?{urlencode({**own, 'code': used['code']})}"), 401, "provider-refused")


async def test_a_code_of_another_browser_is_of_no_use(browser: Browser) -> None:
    thief, victim = browser(), browser()
    stolen = dict(parse_qsl(urlsplit(await to_provider(victim)).query))
    own = dict(parse_qsl(urlsplit(await to_provider(thief)).query))

    check_refused(await thief.get(f"{RETURN}?{urlencode({**own, 'code': stolen['code']})}"), 401, "provider-refused")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"aud": "another-service"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"azp": "another-service"},
        {"sub": None},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
async def test_an_id_token_that_is_wrong_in_one_way_signs_nobody_in(
    browser: Browser, provider: LocalProvider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    client = browser()

    check_refused(await client.get(await to_provider(client)), 401, "provider-refused")
    assert (await client.get("/v1/session")).status_code == 401


async def test_an_id_token_signed_by_somebody_else_signs_nobody_in(browser: Browser, provider: LocalProvider) -> None:
    client = browser()
    assert (await client.get(await to_provider(client))).status_code == 303  # The gateway knows the provider's key.
    provider.key = OTHER_KEY
    other = browser()

    check_refused(await other.get(await to_provider(other)), 401, "provider-refused")


async def test_an_answer_without_an_id_token_signs_nobody_in(browser: Browser, provider: LocalProvider) -> None:
    provider.answers_with_token = False
    client = browser()

    check_refused(await client.get(await to_provider(client)), 401, "provider-refused")


async def test_who_is_refused_by_the_provider_is_told_so(browser: Browser, provider: LocalProvider) -> None:
    provider.refuses = True
    client = browser()

    check_refused(await client.get(await to_provider(client)), 401, "provider-refused")


async def test_another_providers_answer_is_not_taken_for_this_ones(browser: Browser, provider: LocalProvider) -> None:
    provider.described = {"authorization_response_iss_parameter_supported": True}
    for changed in ({"iss": "https://elsewhere.example"}, {"iss": None}):
        client = browser()
        right = {**dict(parse_qsl(urlsplit(await to_provider(client)).query)), **changed}
        said = {name: value for name, value in right.items() if value is not None}

        check_refused(await client.get(f"{RETURN}?{urlencode(said)}"), 401, "provider-refused")


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


async def test_what_is_kept_of_a_sign_in_helps_nobody(
    browser: Browser, provider: LocalProvider, ours: Settings
) -> None:
    client = browser()
    await to_provider(client)

    async with assembled(ours) as parts, parts.pool.connection() as connection:
        rows = await (await connection.execute("select state, browser from desk.sign_ins")).fetchall()

    assert [(bytes(state), bytes(cookie)) for state, cookie in rows] == [
        (
            sha256(provider.seen[0]["state"].encode()).digest(),
            sha256(client.cookies["__Host-vcp-sign-in"].encode()).digest(),
        )
    ]


async def test_an_id_token_is_no_key_to_the_api(browser: Browser, provider: LocalProvider) -> None:
    now = time.time()
    claims = {"iss": provider.url, "aud": CLIENT, "sub": SUBJECT, "exp": now + 60, "agency": "AT"}
    token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)

    answer = await browser().get("/v1/operations", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


async def test_without_a_provider_there_is_no_such_way(settings: Settings) -> None:
    app = create_app(settings)
    async with assembled(settings) as parts:
        app.state.parts = parts
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
            answers = [await client.get(f"/v1/sign-in/{way}") for way in ("provider", "return?state=a&code=b")]
            ways = (await client.get("/v1/sign-in")).json()

    assert [answer.status_code for answer in answers] == [404, 404]
    assert ways == {"password": True, "provider": None, "signed_in": False}


GOOD = {
    "VCP_OIDC_ISSUER": "https://sso.example",
    "VCP_OIDC_CLIENT_ID": CLIENT,
    "VCP_PUBLIC_URL": GATEWAY,
}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"VCP_OIDC_ISSUER": None}, "VCP_OIDC_ISSUER"),
        ({"VCP_PUBLIC_URL": None}, "VCP_PUBLIC_URL"),
        ({"VCP_OIDC_CLIENT_ID": None}, "VCP_OIDC_AUDIENCE"),
        ({"VCP_OIDC_AUDIENCE": CLIENT}, "VCP_OIDC_AUDIENCE"),
        ({"VCP_OIDC_SCOPES": "profile"}, "VCP_OIDC_SCOPES"),
    ],
)
def test_settings_of_a_provider_are_whole(change: dict[str, str | None], named: str) -> None:
    assert Settings.read(GOOD).oidc_client_id == CLIENT
    given = {name: value for name, value in {**GOOD, **change}.items() if value is not None}

    with pytest.raises(SettingsRefused, match=f"^{named}: "):
        Settings.read(given)
