"""An issuer of JWTs on this machine, over real HTTP."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

AUDIENCE = "vcp"
SECRET = bytes(32)
PRIVATE = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("one", "two")}
CURVE = ec.generate_private_key(ec.SECP256R1())
SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # what the guard against short keys refuses


def rsa_jwk(key: rsa.RSAPrivateKey, key_id: str, **members: str) -> dict[str, Any]:
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": key_id, "use": "sig", **members}


class LocalIssuer:
    """An issuer on this machine: what it answers can be changed, and its answers are counted."""

    def __init__(self) -> None:
        self.keys = [rsa_jwk(PRIVATE["one"], "one", alg="RS256")]
        self.named: str | None = None
        self.fails = False
        self.fetches = 0
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                document = outer.document(self.path)
                body = json.dumps(document).encode()
                self.send_response(503 if document is None else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def document(self, path: str) -> dict[str, Any] | None:
        if self.fails:
            return None
        if path == "/realm/.well-known/openid-configuration":
            return {"issuer": self.named or self.url, "jwks_uri": f"{self.url}/keys"}
        assert path == "/realm/keys"
        self.fetches += 1
        return {"keys": self.keys}

    def token(self, *, key: Any = None, algorithm: str = "RS256", kid: str | None = "one", **claims: Any) -> str:
        now = time.time()
        said = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "jane.invented",
            "exp": now + 300,
            "agency": "AT",
            "groups": ["safeguarding"],
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        headers = {"kid": kid} if kid else {}
        return jwt.encode(said, key or PRIVATE["one"], algorithm=algorithm, headers=headers)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
