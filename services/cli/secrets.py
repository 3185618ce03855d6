"""`vcp secrets`: passwords of the database, keys of the log's server, the secret: made once, each for its own part."""

import os
import secrets as randomness
from pathlib import Path
from typing import Annotated

import typer

from services.cli.running import aside
from services.shared.nats_rights import ARCHIVIST, GATEWAY, INSTALLER, PROJECTOR
from services.shared.nats_users import NatsUsers

NATS_USERS = {"owner": INSTALLER, "projector": PROJECTOR, "gateway": GATEWAY, "archivist": ARCHIVIST}
LOGINS = {"owner": "vcp_owner", "projector": "vcp_projector", "gateway": "vcp_gateway"}


def secrets(
    folder: Annotated[
        Path, typer.Option(help="Where to write owner/, projector/, gateway/, archivist/, crosscheck/ and nats-users/.")
    ],
) -> None:
    """Make the passwords and the secret that are missing; what is there stays as it is.

    For example: vcp secrets --folder /etc/vcp
    """
    for part, login in LOGINS.items():
        own = folder / part
        own.mkdir(parents=True, mode=0o700, exist_ok=True)
        if not (own / "pgpass").exists():
            password = randomness.token_urlsafe(32)
            _write(own / "password", password.encode())
            _write(own / "pgpass", f"*:*:*:{login}:{password}\n".encode())
    if not (folder / "gateway" / "secret").exists():
        _write(folder / "gateway" / "secret", randomness.token_bytes(32))
    for part in (*NATS_USERS, "crosscheck"):
        (folder / part).mkdir(parents=True, mode=0o700, exist_ok=True)
    NatsUsers(folder / "nats-users").ensure_services(
        {user: folder / part / "nats.seed" for part, user in NATS_USERS.items()}
    )
    aside.print("The secrets are there.")


def _write(path: Path, content: bytes) -> None:
    """Renamed when complete, so that a start that was cut off leaves no half secret."""
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    partial.rename(path)
