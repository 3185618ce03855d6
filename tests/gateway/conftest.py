"""A gateway in this process beside an identity provider over HTTP, and browsers that go between the two."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from services.gateway.app import create_app
from services.gateway.parts import assembled
from services.shared.settings import Settings
from tests.gateway.local_provider import CLIENT, GATEWAY, RETURN, SECRET, SUBJECT, Browser, LocalProvider


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
