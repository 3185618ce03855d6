"""What the README tells a newcomer to type works against the real stack."""

import re
from pathlib import Path

import httpx
from sqlalchemy import create_engine

from services.shared.database import engine_url
from services.shared.desk import add_agency, add_credential
from services.stack import Stack

PROJECT = Path(__file__).parents[2]


def test_the_five_lines_open_an_operation_and_read_it(stack: Stack) -> None:
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    with engine.begin() as connection:
        add_agency(connection, "FRONTEX", kind="frontex", country=None, name=None)
        token = add_credential(connection, "FRONTEX")
    engine.dispose()

    with httpx.Client(base_url=stack.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        opened = client.post(
            "/v1/operations",
            content=(PROJECT / "docs" / "operation.json").read_bytes(),
            headers={"Content-Type": "application/cloudevents+json"},
        )
        after = {"after": opened.json()["entry"]}
        timeline = client.get("/v1/operations/jad-example/timeline", params=after)
        figures = client.get("/v1/operations/jad-example/figures", params=after)

    assert opened.status_code == 201, opened.text
    assert len(timeline.json()["items"]) == 1
    assert figures.status_code == 200


def test_every_place_that_the_documents_point_to_is_there() -> None:
    for document in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} points to {target}"
