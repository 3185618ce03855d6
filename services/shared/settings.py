"""What differs between deployments: read once from VCP_* variables, and an unknown one stops the start."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

PREFIX = "VCP_"
BUILD_VARIABLES = {"VCP_SKIP_CONSOLE"}


def _as_a_cluster_has(count: int) -> int:
    if count not in (1, 3, 5):
        raise ValueError("use 1, 3 or 5")
    return count


Replicas = Annotated[int, AfterValidator(_as_a_cluster_has)]


class SettingsRefused(Exception):
    """A VCP_ variable is unknown, missing or impossible; the text names it and never its value."""


class Settings(BaseModel):
    """Every field is a variable: `database_url` is VCP_DATABASE_URL."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nats_url: str = "nats://127.0.0.1:4222"
    nats_monitor_url: str | None = Field(None, description="The server's monitoring port: is it as durable as asked?")
    nats_replicas: Replicas = 1
    durability: Literal["strict", "standard"] = Field(
        "strict",
        description="strict: fsync before the acknowledgement; standard: a power cut may lose the last 100 ms.",
    )
    database_url: str = Field("postgresql://vcp_owner@127.0.0.1/vcp", description="The owner: migrations only.")
    projector_database_url: str = "postgresql://vcp_projector@127.0.0.1/vcp"
    gateway_database_url: str = "postgresql://vcp_gateway@127.0.0.1/vcp"
    secret_file: Path = Field(Path("secret"), description="32 random bytes, mode 0600: wraps keys, seals cursors.")
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    log_bytes: int = Field(2**30, description="Largest size of one operation's log; past it events are refused.")

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
            lines = [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in refused.errors()]
            raise SettingsRefused("; ".join(lines)) from None
