"""The console's files as a browser gets them from the gateway."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.answering import answer_problems
from services.gateway.console import BUILT, serve_console


def asking(folder: Path) -> httpx.AsyncClient:
    app = FastAPI()
    answer_problems(app)
    serve_console(app, folder=folder)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(BUILT) as client:
        yield client


async def test_the_address_of_the_gateway_leads_to_the_console(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", follow_redirects=True)

    assert answer.url.path == "/console/"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<script type="module"' in answer.text


@pytest.mark.parametrize("name", ["", "basemap/world.json", "icon.svg"])
async def test_every_file_comes_under_the_policy_that_lets_no_other_code_run(
    client: httpx.AsyncClient, name: str
) -> None:
    answer = await client.get(f"/console/{name}")

    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert not [
        word for word in ("unsafe", "http:", "https:", "*") if word in answer.headers["content-security-policy"]
    ]


async def test_a_file_named_by_its_content_is_kept_and_the_page_is_asked_for_again(client: httpx.AsyncClient) -> None:
    page = await client.get("/console/")
    script = page.text.partition('src="')[2].partition('"')[0]

    assert "immutable" in (await client.get(script)).headers["cache-control"]
    assert page.headers["cache-control"] == "no-cache"
    assert (await client.get("/console/", headers={"If-None-Match": page.headers["etag"]})).status_code == 304


@pytest.mark.parametrize("name", ["no-such-file.js", "../console.py", "%2e%2e/console.py", ".made-from", "assets/"])
async def test_only_what_was_built_is_there(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/console/{name}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_built_page_the_gateway_says_how_to_build_it(tmp_path: Path) -> None:
    async with asking(tmp_path) as client:
        answer = await client.get("/console/")

    assert answer.status_code == 200
    assert "VCP_SKIP_CONSOLE" in answer.text
