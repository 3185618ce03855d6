"""Master keys: under which the keys of persons lie wrapped. They come from a file or a command, and can be changed.

New keys are wrapped under the current master key alone; those under an earlier one open until they are wrapped anew.
"""

import os
import shlex
import stat
import subprocess
from base64 import b64decode
from binascii import Error as NotBase64
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.shared.deriving import derive
from services.shared.settings import Settings, SettingsRefused

KEY_BYTES = 32
_NONCE_BYTES = 12
_NAME_BYTES = 8
_PATIENCE_SECONDS = 30.0
_NOT_OURS = stat.S_IRWXG | stat.S_IRWXO
_HEXADECIMAL_DIGITS = frozenset(b"0123456789abcdefABCDEF")


class UnknownMasterKey(Exception):
    """Keys are wrapped under a master key that was not given; the text names it by its name and never by itself."""


class MasterKey:
    """Wraps and unwraps with AES-256-GCM. Its name tells keys apart and says nothing of the key itself."""

    def __init__(self, secret: bytes) -> None:
        self.name = derive(secret, "master key name", length=_NAME_BYTES).hex()
        self._wrapping = AESGCM(derive(secret, "key wrapping"))

    def wrap(self, key_id: UUID, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, key, key_id.bytes)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> bytes:
        """The key. Raises UnknownMasterKey when it was wrapped under another one."""
        try:
            return self._wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], key_id.bytes)
        except InvalidTag:
            raise UnknownMasterKey(f"the master key {self.name} does not open what is said to be under it") from None


class MasterKeys:
    """The current master key, and those under which some keys may still lie."""

    def __init__(self, current: MasterKey, *, first: MasterKey, earlier: MasterKey | None = None) -> None:
        self.current = current
        self._first = first
        """Of the deployment's secret: what is said to be under none is under it."""
        self._known = {one.name: one for one in (first, earlier, current) if one is not None}

    @classmethod
    def of(cls, settings: Settings, *, secret: bytes | None = None) -> Self:
        """As the settings say. Raises SettingsRefused when a key cannot be had; the text never shows one."""
        first = MasterKey(settings.secret_file.read_bytes() if secret is None else secret)
        said = _read(settings.master_key_file, settings.master_key_command, "MASTER_KEY")
        before = _read(settings.master_key_before_file, settings.master_key_before_command, "MASTER_KEY_BEFORE")
        current = MasterKey(said) if said is not None else first
        return cls(current, first=first, earlier=MasterKey(before) if before is not None else None)

    @property
    def names(self) -> list[str]:
        return sorted(self._known)

    def name_of(self, master: str | None) -> str:
        """Of what lies under this master key, or under none that was written down."""
        return master or self._first.name

    def unwrap(self, key_id: UUID, wrapped: bytes, *, master: str | None) -> bytes:
        """A key that lies under this master key. Raises UnknownMasterKey."""
        name = self.name_of(master)
        if name not in self._known:
            raise UnknownMasterKey(f"the master key {name} is not given")
        return self._known[name].unwrap(key_id, wrapped)


def new_master_key(path: Path) -> MasterKey:
    """Makes a key file that its owner alone can read. Raises FileExistsError: a key is never written over."""
    key = os.urandom(KEY_BYTES)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return MasterKey(key)


def _read(path: Path | None, command: str | None, variable: str) -> bytes | None:
    if path is not None:
        return _of_file(path, f"VCP_{variable}_FILE")
    if command is not None:
        return _of_command(command, f"VCP_{variable}_COMMAND")
    return None


def _of_file(path: Path, variable: str) -> bytes:
    try:
        if path.stat().st_mode & _NOT_OURS:
            raise SettingsRefused(f"{variable}: others can read the file; chmod 600 it")
        return _key(path.read_bytes(), variable)
    except OSError as failed:
        raise SettingsRefused(f"{variable}: the file cannot be read ({failed.strerror})") from None


def _of_command(command: str, variable: str) -> bytes:
    try:
        words = shlex.split(command)
        if not words:
            raise SettingsRefused(f"{variable}: it names no command")
        ran = subprocess.run(  # noqa: S603  (it is the operator's own, and no shell reads it)
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_SECONDS, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as failed:
        # Neither its words nor its output: either may hold what it was to fetch.
        raise SettingsRefused(f"{variable}: the command gives no key ({type(failed).__name__})") from None
    return _key(ran.stdout, variable)


def _key(said: bytes, variable: str) -> bytes:
    """The bytes themselves, or as base64 or hexadecimal text."""
    if len(said) == KEY_BYTES:
        if _HEXADECIMAL_DIGITS.issuperset(said):
            # Chance makes no such bytes: it is half a key, spelt out, with half of its strength.
            raise SettingsRefused(
                f"{variable}: {KEY_BYTES} hexadecimal digits are a key of {KEY_BYTES // 2} bytes; a master key is"
                f" {KEY_BYTES} bytes, as hexadecimal text {2 * KEY_BYTES} digits"
            )
        return said
    text = said.strip()
    for read in (_hexadecimal, _base64):
        key = read(text)
        if key is not None and len(key) == KEY_BYTES:
            return key
    raise SettingsRefused(f"{variable}: a master key is {KEY_BYTES} bytes, or they as base64 or hexadecimal text")


def _hexadecimal(text: bytes) -> bytes | None:
    try:
        return bytes.fromhex(text.decode("ascii"))
    except ValueError:
        return None


def _base64(text: bytes) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return None
