"""An event type added in one file is taken at the door, documented and told, with no other edit."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]

PLANTED = '''
"""Horses: found at the border."""

from typing import ClassVar

from schemas.event import By, Fact
from schemas.vocabulary import Count
from schemas.wording import fact_example, how_many


class HorseFound(Fact):
    """A horse was found that belongs to nobody."""

    type: ClassVar = "horse.found.v1"
    title: ClassVar = "Horse"
    posted_by: ClassVar = frozenset({By.NATIONAL})
    opens: ClassVar = "horse"

    count: Count = 1

    def headline(self) -> str:
        return f"{how_many(self.count, 'horse')} found"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(count=2)
'''

TRIAL = """
import json, sys
from pathlib import Path

import httpx
from sqlalchemy import create_engine

from schemas.event import REGISTER
from schemas.publish import example, files
from services.shared import desk
from services.shared.database import engine_url
from services.shared.embedded import free_port, held
from services.shared.settings import Settings
from services.stack import Stack

folder = Path(sys.argv[1])
with held(folder), Stack(folder, settings=Settings(port=free_port()), say=lambda line: None, throwaway=True) as stack:
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        desk.add_agency(connection, "AT", kind="national", country="AT", name=None)
        token = desk.add_credential(connection, "AT")
    engine.dispose()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    with httpx.Client(base_url=stack.base_url, headers=headers, timeout=30) as client:
        opening = {**example(REGISTER["operation.created.v1"]), "id": "opening"}
        opening["data"] |= {"code": "jad-horses", "lead": ["AT"], "exercise": False}
        opened = client.post("/v1/operations", json=opening)
        posted = client.post("/v1/operations/jad-horses/events", json=example(REGISTER["horse.found.v1"]))
        assert (opened.status_code, posted.status_code) == (201, 201), (opened.text, posted.text)
        after = {"after": posted.json()["entry"]}
        told = {
            "timeline": client.get("/v1/operations/jad-horses/timeline", params=after).json()["items"],
            "schema": client.get("/v1/schemas/horse.found.v1").json(),
            "openapi": client.get("/openapi.json").json(),
            "files": dict(files()),
        }
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, server_folder: Path) -> Any:
    """What a copy of the project, with one more file, says of itself."""
    copy = tmp_path_factory.mktemp("copy")
    for room in ("schemas", "services", "migrations"):
        shutil.copytree(PROJECT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "json"))
    shutil.copy(PROJECT / "pyproject.toml", copy)
    (copy / "schemas" / "events" / "horse.py").write_text(PLANTED)
    ran = subprocess.run(
        [sys.executable, "-c", TRIAL, str(server_folder / "one-file")],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_door_takes_it_and_the_timeline_tells_it(told: Any) -> None:
    assert "2 horses found" in [line["headline"] for line in told["timeline"]]


def test_integrators_find_it_in_the_api_pages_and_among_the_schemas(told: Any) -> None:
    (media,) = [
        media
        for name, media in told["openapi"]["paths"]["/v1/operations/{operation}/events"]["post"]["requestBody"][
            "content"
        ].items()
        if name == "application/cloudevents+json"
    ]

    assert media["examples"]["horse.found.v1"]["value"]["data"]["count"] == 2
    assert told["schema"]["$id"] == "urn:vcp:schema:horse.found.v1"


def test_it_is_in_everything_that_is_generated(told: Any) -> None:
    assert "schemas/json/horse.found.v1.json" in told["files"]
    assert "horse.found.v1" in told["files"]["schemas/asyncapi.json"]
    assert "A horse was found that belongs to nobody." in told["files"]["docs/events.md"]
