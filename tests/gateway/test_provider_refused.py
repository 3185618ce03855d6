"""Who comes back from an identity provider with something wrong, stolen or used is not signed in."""

import time
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey

from services.gateway.parts import assembled
from services.shared.settings import Settings
from tests.gateway.local_provider import (
    CLIENT,
    KEY,
    RETURN,
    SUBJECT,
    Browser,
    LocalProvider,
    check_refused,
    to_provider,
)

OTHER_KEY = RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048), {"kid": "one"})


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
