"""The users of the NATS server as files: a seed for each service, the public keys of agencies, and `users.conf`.

The server reads public keys alone, so nothing in its configuration lets anybody in.
"""

import json
import os
import re
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.shared.nats_rights import SERVICES, Rights, rights_of, rights_of_agency
from services.shared.nkeys import UserKey

USERS_FILE = "users.conf"
PID_FILE = "nats.pid"
_AGENCIES_FILE = "agencies.json"
_SERVICES_FILE = "services.json"

_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{2,12})?|[A-Z]{3,16}")
"""As schemas.vocabulary spells agencies: it becomes a subject, so nothing else may stand there."""


class BadCode(Exception):
    """What was given is no agency's code."""


class NatsUsers:
    """The users in a folder beside the server's configuration, which includes `users.conf`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.configuration = folder / USERS_FILE

    def ensure_services(self, seed_files: Mapping[str, Path]) -> None:
        """Makes the seeds that are missing, each readable by its owner alone, and writes who may come in."""
        self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        keys = {service: [ensure_seed(file).public] for service, file in seed_files.items()}
        self._write(_SERVICES_FILE, json.dumps(keys))
        self._write(USERS_FILE, self._spelt())

    def add_agency(self, code: str) -> UserKey:
        """A further key of an agency; the seed is kept nowhere. Raises BadCode."""
        if _CODE.fullmatch(code) is None:
            raise BadCode("an agency's code is like BA, AT-CUSTOMS or EUROPOL")
        key = UserKey.new()
        agencies = self._agencies()
        self._keep_agencies({**agencies, code: [*agencies.get(code, []), key.public]})
        return key

    def remove_agency(self, code: str) -> int:
        """Ends all keys of an agency, and says how many there were."""
        agencies = self._agencies()
        ended = agencies.pop(code, [])
        if ended:
            self._keep_agencies(agencies)
        return len(ended)

    def reload(self) -> bool:
        """Tells the server on this machine; False when none is known here."""
        try:
            os.kill(int((self._folder / PID_FILE).read_text()), signal.SIGHUP)
        except (FileNotFoundError, ProcessLookupError):
            return False
        return True

    def _agencies(self) -> dict[str, list[str]]:
        return self._read(_AGENCIES_FILE)

    def _keep_agencies(self, agencies: Mapping[str, Sequence[str]]) -> None:
        self._write(_AGENCIES_FILE, json.dumps(agencies, indent=1))
        self._write(USERS_FILE, self._spelt())

    def _spelt(self) -> str:
        agencies = self._agencies()
        known = [(name, rights_of(name, agencies=agencies), keys) for name, keys in self._read(_SERVICES_FILE).items()]
        known += [(code, rights_of_agency(code), keys) for code, keys in agencies.items()]
        users = [_user(name, public, rights) for name, rights, keys in known for public in keys]
        return "authorization {\n  users: [\n" + "".join(users) + "  ]\n}\n"

    def _read(self, name: str) -> dict[str, list[str]]:
        try:
            found: dict[str, list[str]] = json.loads((self._folder / name).read_text())
        except FileNotFoundError:
            return {}
        return found

    def _write(self, name: str, text: str) -> None:
        """Renamed when complete: the server may read at any moment."""
        partial = self._folder / f"{name}.new"
        partial.write_text(text)
        partial.rename(self._folder / name)


def seed_files(folder: Path) -> dict[str, Path]:
    """Where the seeds of our services lie in a deployment of one machine."""
    return {service: folder / f"nats-{service}.seed" for service in SERVICES}


def ensure_seed(file: Path) -> UserKey:
    """The key in a file, made when there is none."""
    if not file.exists():
        partial = file.with_suffix(".new")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(UserKey.new().seed + "\n")
        partial.rename(file)
    return UserKey.read(file.read_text())


def _user(name: str, public: str, rights: Rights) -> str:
    permissions = f"publish: {_list(rights.publish)}, subscribe: {_list(rights.subscribe)}"
    return f"    # {name}\n    {{ nkey: {public}, permissions: {{ {permissions} }} }}\n"


def _list(subjects: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{subject}"' for subject in subjects) + "]"
