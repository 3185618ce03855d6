"""What the embedded servers share: the data folder that one `vcp` holds at a time, free ports, refusals."""

import fcntl
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEEDED_BYTES = 512 * 2**20


class EmbeddedRefused(Exception):
    """Something on this machine stands in the way; the text is one sentence for who typed the command."""


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """The data folder, made when missing and held against a second `vcp` until the block ends."""
    try:
        folder.mkdir(parents=True, mode=0o711, exist_ok=True)
        lock = (folder / "lock").open("a")
    except OSError as refused:
        raise EmbeddedRefused(f"The data folder {folder} cannot be used: {refused.strerror}.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedRefused(f"Another vcp already runs on {folder}; stop it, or give another --data.") from None
        free = shutil.disk_usage(folder).free
        if free < NEEDED_BYTES:
            raise EmbeddedRefused(
                f"{folder} has {free // 2**20} MiB left and {NEEDED_BYTES // 2**20} MiB are needed; "
                "free some disk, or give another --data."
            )
        yield folder


def default_folder(environment: dict[str, str]) -> Path:
    """Where data are kept when nobody says: a system folder for root, the XDG state folder for a user."""
    if os.geteuid() == 0:
        return Path("/var/lib/vcp")
    state = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "vcp"


def secret_file(folder: Path) -> Path:
    """The deployment's 32 random bytes, made at the first start; only its owner can read it."""
    secrets_folder = folder / "secrets"
    secrets_folder.mkdir(mode=0o700, exist_ok=True)
    path = secrets_folder / "secret"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def claim(port: int) -> int | None:
    """A handle that keeps the port from every other `vcp` while it is open; None when another has it.

    A port is free until its server listens, so two that start in the same instant would choose the same one.
    """
    path = Path(tempfile.gettempdir()) / f"vcp-port-{port}.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None  # another user's
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def free_port() -> int:
    """A port that nobody else is given until this process ends.

    It stays bound here, without listening. Linux then lends it to no connection and to nobody who asks for any free
    port, yet lets the server listen that it is meant for; elsewhere it is free again, and somebody could be faster.
    """
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    port = int(reserved.getsockname()[1])
    if sys.platform == "linux":
        reserved.detach()  # nobody closes it, so it lasts as long as the process
    else:
        reserved.close()
    return port
