"""Opaque cursors and ETags: what a position becomes before it leaves the house."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import blake2b, sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from services.gateway.problems import Malformed
from services.shared.deriving import derive

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTENT_BYTES = 48
"""Every cursor is equally long, so its length tells nothing."""


class Seals:
    """Seals cursors with AES-SIV and makes ETags, both under the deployment's secret."""

    def __init__(self, secret: bytes) -> None:
        self._siv = AESSIV(derive(secret, "cursors", length=64))
        self._etags = derive(secret, "etags")

    def cursor(self, content: bytes, *, bound_to: tuple[str, ...]) -> str:
        """Content of at most 48 bytes, sealed for one viewer, operation and query."""
        padded = content.ljust(_CONTENT_BYTES, b"\0")
        return urlsafe_b64encode(self._siv.encrypt(padded, _associated(bound_to))).decode().rstrip("=")

    def read(self, cursor: str, *, bound_to: tuple[str, ...]) -> bytes:
        """The padded content. Raises Malformed for a cursor of another viewer or query, as for an invented one."""
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            return self._siv.decrypt(sealed, _associated(bound_to))
        except (ValueError, InvalidTag):
            raise Malformed("The cursor is unknown; start without one.") from None

    def etag(self, thing: UUID, version: UUID) -> str:
        """The version of a thing, as whoever may see the thing sees it."""
        of_thing = thing.bytes
        of_version = of_thing if version is thing else version.bytes
        made = blake2b(of_thing + of_version, key=self._etags, digest_size=15).digest()
        return f'"{urlsafe_b64encode(made).decode()}"'


def version_of(etag: str) -> str:
    """The version in a record's ETag, which may say after it how the record was answered."""
    version, dot, _ = etag.partition(".")
    return f'{version}"' if dot else etag


def micros(moment: datetime) -> bytes:
    """A time as eight bytes of a cursor, exact to what Postgres keeps."""
    return ((moment - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)


def from_micros(content: bytes) -> datetime:
    return _EPOCH + timedelta(microseconds=int.from_bytes(content, "big", signed=True))


def _associated(bound_to: tuple[str, ...]) -> list[bytes]:
    return [sha256("\n".join(bound_to).encode()).digest()]
