"""The settings of an identity provider are whole, or refused by name."""

import pytest

from services.shared.settings import Settings, SettingsRefused
from tests.gateway.local_provider import CLIENT

GOOD = {
    "VCP_OIDC_ISSUER": "https://sso.example",
    "VCP_OIDC_CLIENT_ID": CLIENT,
    "VCP_PUBLIC_URL": "https://post.example",
}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"VCP_OIDC_ISSUER": None}, "VCP_OIDC_ISSUER"),
        ({"VCP_PUBLIC_URL": None}, "VCP_PUBLIC_URL"),
        ({"VCP_OIDC_CLIENT_ID": None}, "VCP_OIDC_AUDIENCE"),
        ({"VCP_OIDC_AUDIENCE": CLIENT}, "VCP_OIDC_AUDIENCE"),
        ({"VCP_OIDC_SCOPES": "profile"}, "VCP_OIDC_SCOPES"),
    ],
)
def test_settings_of_a_provider_are_whole(change: dict[str, str | None], named: str) -> None:
    assert Settings.read(GOOD).oidc_client_id == CLIENT
    given = {name: value for name, value in {**GOOD, **change}.items() if value is not None}

    with pytest.raises(SettingsRefused, match=f"^{named}: "):
        Settings.read(given)
