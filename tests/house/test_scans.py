"""What `make check` scans for is found."""

import importlib.util
import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.shared.nkeys import UserKey

ROOT = Path(__file__).parents[2]
SECRETLINT = ROOT / "services" / "console" / "node_modules" / ".bin" / "secretlint"
TOKEN = f"vcp_A{secrets.token_urlsafe(43)[:42]}"
KEY = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PASSWORD = ":".join(("postgresql", "//vcp_gateway", "an-invented-pass@db.example/vcp"))
spec = importlib.util.spec_from_file_location("advisories", ROOT / ".ci" / "advisories.py")
assert spec is not None
assert spec.loader is not None
advisories = importlib.util.module_from_spec(spec)
spec.loader.exec_module(advisories)


def scanned(file: Path) -> int:
    node = Path(sys.executable).parent / "node"
    with_ours = ["--secretlintrc", ROOT / ".ci" / "secretlint.json", file]
    return subprocess.run([node, SECRETLINT, *with_ours], cwd=ROOT, capture_output=True).returncode


@pytest.mark.parametrize(
    "text",
    [
        f"TOKEN={TOKEN}",
        f"seed: {UserKey.new().seed}",
        KEY,
        f"url: {PASSWORD}",
    ],
    ids=["token", "seed", "key", "password in an address"],
)
def test_a_secret_in_a_file_is_found(tmp_path: Path, text: str) -> None:
    (file := tmp_path / "left-behind.txt").write_text(text)

    assert scanned(file) == 1


def test_what_is_no_secret_is_let_by(tmp_path: Path) -> None:
    (file := tmp_path / "plain.txt").write_text("vcp_claims_is_not_chosen_by_another_before_its_server_listens")

    assert scanned(file) == 0


def test_advisories_that_nobody_could_be_asked_for_are_not_taken_for_none() -> None:
    assert [advisories.python_packages(code) for code in (0, 1, 2)] == ["clean", "found", "not asked"]
    report = json.dumps({"auditReportVersion": 2, "vulnerabilities": {}})
    away = json.dumps({"message": "405 Method Not Allowed", "error": {"code": "E405"}})
    asked = [(0, report), (1, report), (1, away), (1, ""), (127, "npm: not found")]
    assert [advisories.console_packages(*one) for one in asked] == ["clean", "found", *["not asked"] * 3]
