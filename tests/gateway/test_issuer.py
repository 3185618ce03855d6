"""JWTs of an external issuer: a real one over HTTP, whose tokens are good, or bad in one way each."""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import create_engine

from services.gateway import issuer_keys
from services.gateway.app import create_app
from services.gateway.credentials import Caller, Credentials
from services.gateway.issuer import Issuer
from services.gateway.parts import assembled
from services.gateway.problems import SignIn, SignInUnavailable
from services.shared import desk
from services.shared.database import engine_url, pool
from services.shared.settings import Settings, SettingsRefused
from tests.gateway.local_issuer import AUDIENCE, CURVE, PRIVATE, SECRET, SMALL, LocalIssuer, rsa_jwk


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    made = LocalIssuer()
    yield made
    made.close()


@pytest.fixture
async def signed_in(settings: Settings, issuer: LocalIssuer) -> AsyncIterator[Callable[..., Any]]:
    """Signs in as a bearer of a token, at a gateway whose desk knows AT alone."""
    engine = create_engine(engine_url(settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "AT", kind="national", country="AT", name=None)
    engine.dispose()
    connections = pool(settings.gateway_database_url)
    await connections.open(wait=True, timeout=30)
    gateways: dict[str, Credentials] = {}

    async def sign_in(token: str, **configured: Any) -> Caller:
        ours = settings.model_copy(
            update={"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE, "oidc_leeway_seconds": 30, **configured}
        )
        key = json.dumps(configured)
        if key not in gateways:
            gateways[key] = Credentials(connections, issuer=Issuer(ours, secret=SECRET))
        return await gateways[key].caller(f"Bearer {token}")

    yield sign_in
    await connections.close()


async def test_a_good_token_speaks_for_its_agency_and_never_names_a_person(signed_in: Any, issuer: Any) -> None:
    caller = await signed_in(issuer.token())
    again = await signed_in(issuer.token(jti="another token of the same desk"))

    assert (caller.agency, caller.kind, caller.country) == ("AT", "national", "AT")
    assert (caller.groups, caller.may_post, caller.may_read) == (("safeguarding",), True, True)
    assert "jane" not in caller.actor
    assert (again.actor, again.credential) == (caller.actor, caller.credential)
    assert (await signed_in(issuer.token(sub="john.invented"))).actor != caller.actor


@pytest.mark.parametrize("algorithm", ["RS512", "PS256", "ES256"])
async def test_keys_of_every_accepted_kind_will_do(signed_in: Any, issuer: Any, algorithm: str) -> None:
    curve = {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(CURVE.public_key())), "kid": "curve"}
    issuer.keys = [rsa_jwk(PRIVATE["one"], "one"), curve]
    made = {"key": CURVE, "kid": "curve"} if algorithm == "ES256" else {}

    assert (await signed_in(issuer.token(algorithm=algorithm, **made))).agency == "AT"


PUBLIC = PRIVATE["one"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
BAD: dict[str, Callable[[LocalIssuer], str]] = {
    "expired": lambda issuer: issuer.token(exp=time.time() - 31),
    "without an end": lambda issuer: issuer.token(exp=None),
    "not valid yet": lambda issuer: issuer.token(nbf=time.time() + 60),
    "for another audience": lambda issuer: issuer.token(aud="payroll"),
    "for no audience": lambda issuer: issuer.token(aud=None),
    "of another issuer": lambda issuer: issuer.token(iss="https://elsewhere.example"),
    "without a subject": lambda issuer: issuer.token(sub=None),
    "of no agency": lambda issuer: issuer.token(agency=None),
    "of an agency that the desk does not know": lambda issuer: issuer.token(agency="BA"),
    "of something that is no agency": lambda issuer: issuer.token(agency="AT\0"),
    "of several agencies": lambda issuer: issuer.token(agency=["AT", "BA"]),
    "without a signature": lambda issuer: jwt.encode(
        jwt.decode(issuer.token(), options={"verify_signature": False}), "", algorithm="none", headers={"kid": "one"}
    ),
    "signed with the public key as a secret": lambda issuer: _confused(issuer.token()),
    "signed by another key": lambda issuer: issuer.token(key=PRIVATE["two"]),
    "signed with another algorithm than its key is for": lambda issuer: issuer.token(algorithm="RS512"),
    "signed by a key that is too short": lambda issuer: issuer.token(key=SMALL, kid="small"),
    "of a key for encryption": lambda issuer: issuer.token(key=PRIVATE["two"], kid="encryption"),
    "of a secret that the issuer publishes": lambda issuer: issuer.token(key=b"k" * 32, algorithm="HS256", kid="oct"),
    "cut off": lambda issuer: issuer.token()[:-4],
    "with other claims than were signed": lambda issuer: _altered(issuer.token()),
    "of a deep header": lambda issuer: f"{'W1tb' * 1500}.e30.e30",
    "with a number as key id": lambda issuer: _with_header({"alg": "RS256", "kid": 1}),
}


def _confused(token: str) -> str:
    header = _part({"alg": "HS256", "kid": "one", "typ": "JWT"})
    signed = f"{header}.{token.split('.')[1]}"
    return f"{signed}.{jwt.utils.base64url_encode(hmac.digest(PUBLIC, signed.encode(), 'sha256')).decode()}"


def _altered(token: str) -> str:
    header, claims, signature = token.split(".")
    said = json.loads(jwt.utils.base64url_decode(claims)) | {"groups": ["everything"]}
    return f"{header}.{_part(said)}.{signature}"


def _with_header(header: dict[str, Any]) -> str:
    return f"{_part(header)}.e30.e30"


def _part(said: dict[str, Any]) -> str:
    return jwt.utils.base64url_encode(json.dumps(said).encode()).decode()


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("bad", BAD)
async def test_a_token_is_refused_that_is(signed_in: Any, issuer: Any, bad: str) -> None:
    secret = {"kty": "oct", "kid": "oct", "k": jwt.utils.base64url_encode(b"k" * 32).decode()}
    issuer.keys += [
        rsa_jwk(SMALL, "small"),
        {**rsa_jwk(PRIVATE["two"], "encryption"), "use": "enc"},
        secret,
        {"kty": "RSA", "kid": "broken"},
        {"kid": 5},
    ]
    assert (await signed_in(issuer.token())).agency == "AT"

    with pytest.raises(SignIn):
        await signed_in(BAD[bad](issuer))


async def test_clocks_may_differ_by_the_leeway(signed_in: Any, issuer: Any) -> None:
    assert await signed_in(issuer.token(exp=time.time() - 20))
    assert await signed_in(issuer.token(nbf=time.time() + 20))
    with pytest.raises(SignIn):
        await signed_in(issuer.token(exp=time.time() - 20), oidc_leeway_seconds=0)


async def test_a_group_cannot_be_spelt_so_that_it_means_more(signed_in: Any, issuer: Any) -> None:
    caller = await signed_in(issuer.token(groups=["safeguarding", "x,agency:BA", "role:lead", "", 7, "a b"]))

    assert caller.groups == ("safeguarding",)


async def test_only_tokens_of_the_posting_scope_post(signed_in: Any, issuer: Any) -> None:
    def may_post(**claims: Any) -> Any:
        return signed_in(issuer.token(**claims), oidc_post_scope="vcp:post")

    assert not (await may_post()).may_post
    assert not (await may_post(scope="openid vcp:poster")).may_post
    assert (await may_post(scope="openid vcp:post")).may_post
    assert (await may_post(scp=["vcp:post"])).may_post


async def test_keys_are_fetched_once_for_many_tokens(signed_in: Any, issuer: Any) -> None:
    await asyncio.gather(*(signed_in(issuer.token(jti=str(number))) for number in range(20)))

    assert issuer.fetches == 1


async def test_a_new_key_is_fetched_when_a_token_names_it(
    signed_in: Any, issuer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer_keys, "PAUSE_SECONDS", 0)
    assert await signed_in(issuer.token())

    issuer.keys = [rsa_jwk(PRIVATE["two"], "two")]

    assert await signed_in(issuer.token(key=PRIVATE["two"], kid="two"))
    with pytest.raises(SignIn):
        await signed_in(issuer.token(jti="of the key that was withdrawn"))


async def test_invented_key_ids_cost_the_issuer_one_fetch(signed_in: Any, issuer: Any) -> None:
    assert await signed_in(issuer.token())

    for number in range(20):
        with pytest.raises(SignIn):
            await signed_in(issuer.token(kid=f"invented-{number}"))

    assert issuer.fetches == 1


async def test_without_its_issuer_a_token_is_not_called_wrong(signed_in: Any, issuer: Any) -> None:
    issuer.fails = True

    with pytest.raises(SignInUnavailable) as unknown:
        await signed_in(issuer.token())

    assert (unknown.value.status, unknown.value.headers) == (503, {"Retry-After": "1"})


async def test_own_tokens_go_on_without_the_issuer(signed_in: Any, issuer: Any, settings: Settings) -> None:
    issuer.fails = True
    engine = create_engine(engine_url(settings.gateway_database_url))
    with engine.begin() as connection:
        own = desk.add_credential(connection, "AT")
    engine.dispose()

    assert (await signed_in(own)).agency == "AT"


async def test_known_keys_go_on_while_the_issuer_is_silent(
    signed_in: Any, issuer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await signed_in(issuer.token())
    issuer.fails = True
    monkeypatch.setattr(issuer_keys, "PAUSE_SECONDS", 0)

    monkeypatch.setattr(issuer_keys, "FRESH_SECONDS", -1)
    assert await signed_in(issuer.token(jti="an hour is not over"))
    monkeypatch.setattr(issuer_keys, "STALE_SECONDS", 0)
    with pytest.raises(SignInUnavailable):
        await signed_in(issuer.token(jti="an hour is over"))


async def test_an_issuer_that_calls_itself_otherwise_is_not_believed(signed_in: Any, issuer: Any) -> None:
    issuer.named = "https://elsewhere.example"

    with pytest.raises(SignInUnavailable):
        await signed_in(issuer.token())


async def test_without_an_issuer_no_jwt_is_looked_at(settings: Settings, issuer: Any) -> None:
    connections = pool(settings.gateway_database_url)
    await connections.open(wait=True, timeout=30)

    with pytest.raises(SignIn):
        await Credentials(connections).caller(f"Bearer {issuer.token()}")

    await connections.close()
    assert issuer.fetches == 0


async def test_over_http_a_jwt_opens_what_a_token_of_ours_does(signed_in: Any, issuer: Any, settings: Settings) -> None:
    ours = settings.model_copy(update={"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE})
    app = create_app(ours)

    async def status(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
            return (await client.get("/v1/operations", headers=headers)).status_code

    async with assembled(ours) as parts:
        app.state.parts = parts
        statuses = [await status(issuer.token()), await status(issuer.token(agency="BA"))]
        issuer.fails = True
        statuses.append(await status(issuer.token(jti="of a known key")))
    async with assembled(ours) as parts:
        app.state.parts = parts
        statuses.append(await status(issuer.token(jti="of a key that cannot be fetched")))

    assert statuses == [200, 401, 200, 503]


@pytest.mark.parametrize(
    "address", ["http://sso.example", "ftp://sso.example", "sso.example", "https://sso.example?a=1"]
)
def test_an_issuer_is_named_by_an_address_that_nobody_can_alter_on_the_way(address: str) -> None:
    with pytest.raises(SettingsRefused, match="VCP_OIDC_ISSUER"):
        Settings.read({"VCP_OIDC_ISSUER": address, "VCP_OIDC_AUDIENCE": AUDIENCE})


def test_an_issuer_needs_an_audience() -> None:
    with pytest.raises(SettingsRefused, match="VCP_OIDC_AUDIENCE"):
        Settings.read({"VCP_OIDC_ISSUER": "https://sso.example/realm"})
