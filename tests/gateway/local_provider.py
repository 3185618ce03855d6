"""A small identity provider over real HTTP, which keeps to OIDC but in what a test tells it to."""

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

GATEWAY = "https://post.example"
RETURN = f"{GATEWAY}/v1/sign-in/return"
CLIENT, SECRET = "command-post", "invented secret & more"
SUBJECT = "248289761001"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)

Browser = Callable[[], httpx.AsyncClient]


class LocalProvider:
    """Authorizes whoever comes, checks what OAuth and PKCE ask it to check, and gives a code once."""

    def __init__(self, *, returns_to: str) -> None:
        self.returns_to = returns_to
        self.subject = SUBJECT
        self.claims: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.refuses = False
        self.key = KEY
        self.answers_with_token = True
        self.codes: dict[str, dict[str, str]] = {}
        self.seen: list[dict[str, str]] = []
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                if address.path == "/realm/authorize":
                    self.send_response(302)
                    self.send_header("Location", outer.authorize(dict(parse_qsl(address.query))))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self.say(200, outer.document(address.path))

            def do_POST(self) -> None:
                said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
                asked = {name: values[0] for name, values in said.items()}
                given = outer.exchange(asked, self.headers.get("Authorization"))
                self.say(*given)

            def say(self, status: int, document: Any) -> None:
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def document(self, path: str) -> dict[str, Any]:
        if path == "/realm/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        assert path == "/realm/.well-known/openid-configuration"
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            **self.described,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        self.seen.append(asked)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.returns_to
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        if self.refuses:
            return f"{self.returns_to}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{self.returns_to}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"

    def exchange(self, asked: dict[str, str], authorization: str | None) -> tuple[int, dict[str, Any]]:
        authorized = self.codes.pop(asked.get("code", ""), None)
        challenge = sha256(asked.get("code_verifier", "").encode()).digest()
        if (
            authorized is None
            or asked["grant_type"] != "authorization_code"
            or asked["redirect_uri"] != authorized["redirect_uri"]
            or base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != authorized["code_challenge"]
            or not self.is_client(asked, authorization)
        ):
            return 400, {"error": "invalid_grant"}
        now = time.time()
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": self.subject,
            "exp": now + 60,
            "iat": now,
            "nonce": authorized["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        said = {"access_token": "not needed", "token_type": "Bearer"}
        return 200, {**said, "id_token": token} if self.answers_with_token else said

    def is_client(self, asked: dict[str, str], authorization: str | None) -> bool:
        if authorization is None:
            return asked.get("client_id") == CLIENT and asked.get("client_secret") in (None, SECRET)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return hmac.compare_digest(authorization, f"Basic {basic}")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


async def to_provider(browser: httpx.AsyncClient) -> str:
    """Begins, and gives the address to which the provider sends the browser back."""
    begun = await browser.get("/v1/sign-in/provider")
    assert begun.status_code == 303, begun.text
    return (await browser.get(begun.headers["location"])).headers["location"]


def check_refused(answer: httpx.Response, status: int, kind: str) -> None:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "-session=" not in answer.headers.get("set-cookie", "")
