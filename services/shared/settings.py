"""What differs between deployments: read once from VCP_* variables, and an unknown one stops the start."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

PREFIX = "VCP_"
BUILD_VARIABLES = {"VCP_SKIP_CONSOLE"}


def _as_a_cluster_has(count: int) -> int:
    if count not in (1, 3, 5):
        raise ValueError("use 1, 3 or 5")
    return count


Replicas = Annotated[int, AfterValidator(_as_a_cluster_has)]


def _as_an_issuer_is_named(issuer: str | None) -> str | None:
    if issuer is None:
        return None
    address = urlsplit(issuer)
    on_this_machine = address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost", "::1")
    if not address.hostname or not (address.scheme == "https" or on_this_machine) or address.query or address.fragment:
        raise ValueError("use an https address; http is for this machine alone")
    return issuer


def _of(variable: str, said: str) -> PydanticCustomError:
    """A fault of several variables together, told at the one to change."""
    return PydanticCustomError("together", "{said}", {"variable": variable, "said": said})


def _variable(fault: ErrorDetails) -> str:
    place = fault["loc"] or (fault.get("ctx", {}).get("variable", ""),)
    return str(place[0]).upper()


class SettingsRefused(Exception):
    """A VCP_ variable is unknown, missing or impossible; the text names it and never its value."""


class Settings(BaseModel):
    """Every field is a variable: `database_url` is VCP_DATABASE_URL."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nats_url: str = "nats://127.0.0.1:4222"
    nats_monitor_url: str | None = Field(None, description="The server's monitoring port: is it as durable as asked?")
    nats_seed_file: Path | None = Field(None, description="The seed of this part's NATS user, mode 0600.")
    nats_users_folder: Path | None = Field(None, description="Where `vcp agency add --nats` writes the server's users.")
    nats_replicas: Replicas = 1
    durability: Literal["strict", "standard"] = Field(
        "strict",
        description="strict: fsync before the acknowledgement; standard: a power cut may lose the last 100 ms.",
    )
    database_url: str = Field("postgresql://vcp_owner@127.0.0.1/vcp", description="The owner: migrations only.")
    projector_database_url: str = "postgresql://vcp_projector@127.0.0.1/vcp"
    gateway_database_url: str = "postgresql://vcp_gateway@127.0.0.1/vcp"
    secret_file: Path = Field(Path("secret"), description="32 random bytes, mode 0600: wraps keys, seals cursors.")
    master_key_file: Path | None = Field(
        None, description="32 bytes, mode 0600, that wrap the keys of persons; without it, what the secret gives."
    )
    master_key_command: str | None = Field(None, description="Prints the master key, where it is in no file.")
    master_key_before_file: Path | None = Field(None, description="The master key before it, until `vcp key rotate`.")
    master_key_before_command: str | None = Field(None, description="The same, from a command.")
    gateway_url: str = Field("http://127.0.0.1:8080", description="Where the cross-check engine finds the API.")
    delegations_folder: Path = Field(
        Path("delegations"), description="Tokens of the agencies for which the cross-check engine answers."
    )
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    status_host: str = Field("127.0.0.1", description="Where this part shows its status, without asking for a token.")
    status_port: int | None = Field(None, ge=0, le=65535, description="Of its status and metrics; without it, nowhere.")
    public_url: str | None = Field(
        None, pattern=r"^https?://", description="Where clients find the gateway, if a proxy is before it."
    )
    oidc_issuer: Annotated[str | None, AfterValidator(_as_an_issuer_is_named)] = Field(
        None, description="Whose JWTs are accepted beside own tokens, as its discovery document spells it."
    )
    oidc_audience: str | None = Field(None, description="What `aud` must name for a JWT to be accepted.")
    oidc_agency_claim: str = Field("agency", description="The claim that says the agency's code.")
    oidc_groups_claim: str = Field("groups", description="The claim that lists the groups of the desk.")
    oidc_post_scope: str | None = Field(None, description="Only JWTs of this scope may post; without it, all.")
    oidc_client_id: str | None = Field(
        None, description="As what officers sign in at the issuer; without it, they do not."
    )
    oidc_client_secret_file: Path | None = Field(
        None, description="The client's secret, mode 0600; without it, a public client."
    )
    oidc_provider_name: str = Field("your organisation", description="How the sign-in page calls the issuer.")
    oidc_scopes: str = Field("openid", description="What is asked for when an officer signs in.")
    oidc_officer_claim: str = Field(
        "sub", description="The claim of the id token that `vcp officer add --subject` names."
    )
    oidc_leeway_seconds: float = Field(30, ge=0, le=300, description="How far the issuer's clock may be off.")
    session_idle_minutes: float = Field(
        60, gt=0, le=24 * 60, description="An officer of whom nothing was asked for so long is signed out."
    )
    session_hours: float = Field(12, gt=0, le=24 * 7, description="An officer signs in anew after so long.")
    rate_per_second: float = Field(
        10_000, gt=0, description="Reports and other requests a second of one token, in each gateway; twice at once."
    )
    questions_per_hour: int = Field(
        100_000, gt=0, description="Cross-checks an hour of one agency, in each gateway; so many at once."
    )
    fewest_told: int = Field(
        5, ge=1, description="The smallest number of victims or children that is told of one country or agency."
    )
    accredited: bool = Field(
        False, description="The deployment may hold EU classified information; without it, basic protection level."
    )
    patience_seconds: float = Field(
        30,
        gt=0,
        description="How long a body may stand still, or an answer wait for its reader, before it is ended.",
    )
    ledger_days: int = Field(0, ge=0, description="How long the disclosure ledger keeps a line; 0: for ever.")
    ledger_bytes: int = Field(
        2**30, ge=2**20, description="Largest size of the disclosure ledger; past it persons are shown to nobody."
    )
    log_bytes: int = Field(2**30, description="Largest size of one operation's log; past it events are refused.")

    @property
    def is_behind_tls(self) -> bool:
        """Whether browsers reach the gateway over TLS."""
        return (self.public_url or "").startswith("https://")

    @model_validator(mode="after")
    def _a_key_has_one_source(self) -> Self:
        for name in ("master_key", "master_key_before"):
            if getattr(self, f"{name}_file") is not None and getattr(self, f"{name}_command") is not None:
                raise _of(f"{name}_command", f"not with VCP_{name.upper()}_FILE: it comes from one place")
        return self

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> Self:
        if self.oidc_issuer is None:
            if self.oidc_client_id is not None:
                raise _of("oidc_issuer", "needed with VCP_OIDC_CLIENT_ID")
            return self
        # Without an audience a token that the issuer made for another service would open this one.
        if self.oidc_audience is None and self.oidc_client_id is None:
            raise _of("oidc_audience", "needed with VCP_OIDC_ISSUER")
        if self.oidc_client_id is not None:
            # An id token only tells a browser's session who came; it is no key to the API.
            if self.oidc_audience == self.oidc_client_id:
                raise _of("oidc_audience", "must not be VCP_OIDC_CLIENT_ID")
            if self.public_url is None:
                raise _of("public_url", "needed with VCP_OIDC_CLIENT_ID: the issuer sends browsers back there")
            if "openid" not in self.oidc_scopes.split():
                raise _of("oidc_scopes", "must name openid")
        return self

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Settings from the environment. Raises SettingsRefused with one sentence a variable."""
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and name not in BUILD_VARIABLES
        }
        try:
            return cls.model_validate(given)
        except ValidationError as refused:
            lines = [f"{PREFIX}{_variable(fault)}: {fault['msg']}" for fault in refused.errors()]
            raise SettingsRefused("; ".join(lines)) from None
