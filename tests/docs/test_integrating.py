"""The walk in docs/integrating.md works as it is written, against the real stack."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine

from schemas.event import REGISTER
from schemas.publish import example
from services.shared import desk
from services.shared.database import engine_url
from services.stack import Stack

pytestmark = pytest.mark.own_stack  # the walk has the operation of the README for itself

PROJECT = Path(__file__).parents[2]


def test_every_line_of_the_walk_works_as_pasted(stack: Stack, tmp_path: Path) -> None:
    token = prepare(stack)
    blocks = re.findall(r"^```sh\n(.*?)^```", (PROJECT / "docs" / "integrating.md").read_text(), re.M | re.S)
    bin = str(Path(sys.executable).parent)

    ran = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", "".join(blocks)],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{bin}:{os.environ['PATH']}", "API": stack.base_url, "TOKEN": token},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert len(blocks) == 13
    assert ran.returncode == 0, ran.stderr[-3000:].replace(token, "(token)")


def prepare(stack: Stack) -> str:
    """The example operation with BA in it; BA's token."""
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "FRONTEX", kind="frontex", country=None, name=None)
        desk.add_agency(connection, "BA", kind="national", country="BA", name=None)
        lead = desk.add_credential(connection, "FRONTEX")
        token = desk.add_credential(connection, "BA")
    engine.dispose()
    headers = {"Authorization": f"Bearer {lead}", "Content-Type": "application/cloudevents+json"}
    joined = {**example(REGISTER["participant.joined.v1"]), "id": "ba-joins"}
    joined["data"] |= {"agency": "BA", "kind": "national", "country": "BA", "role": "participant"}
    with httpx.Client(base_url=stack.base_url, headers=headers, timeout=30) as client:
        opened = client.post("/v1/operations", content=(PROJECT / "docs" / "operation.json").read_bytes())
        assert opened.status_code == 201, opened.text
        seen = client.post("/v1/operations/jad-example/events", json=joined)
        assert seen.status_code == 201, seen.text
        client.get("/v1/operations/jad-example/timeline", params={"after": seen.json()["entry"]})
    return token
