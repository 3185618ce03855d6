"""NATS keys: an Ed25519 pair of which the server knows only the public half, spelt as all NATS tools spell it."""

from base64 import b32decode, b32encode, urlsafe_b64encode
from binascii import crc_hqx
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SEED = 18 << 3  # spelt S
_USER = 20 << 3  # spelt U
_SEED_BYTES = 32


class BadSeed(Exception):
    """What was given is no seed of a NATS user; the text never repeats it."""


@dataclass(frozen=True, slots=True)
class UserKey:
    """The key of one NATS user."""

    seed: str
    public: str
    _private: Ed25519PrivateKey

    @classmethod
    def new(cls) -> Self:
        return cls._of(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, seed: str) -> Self:
        """The key of a seed, as it stands in a file. Raises BadSeed."""
        text = seed.strip()
        try:
            raw = b32decode(text + "=" * (-len(text) % 8))
        except ValueError:
            raise BadSeed("this is no NATS seed") from None
        content, check = raw[:-2], raw[-2:]
        if len(content) != _SEED_BYTES + 2 or content[:2] != _prefix() or _checksum(content) != check:
            raise BadSeed("this is no seed of a NATS user")
        return cls._of(Ed25519PrivateKey.from_private_bytes(content[2:]))

    def sign(self, nonce: str) -> bytes:
        """The answer to the server's challenge."""
        return urlsafe_b64encode(self._private.sign(nonce.encode())).rstrip(b"=")

    @classmethod
    def _of(cls, private: Ed25519PrivateKey) -> Self:
        public = private.public_key().public_bytes_raw()
        return cls(_spelt(_prefix() + private.private_bytes_raw()), _spelt(bytes([_USER]) + public), private)


def _prefix() -> bytes:
    """A seed says that it is one, and of what: five bits each."""
    return bytes([_SEED | (_USER >> 5), (_USER & 31) << 3])


def _spelt(content: bytes) -> str:
    return b32encode(content + _checksum(content)).decode().rstrip("=")


def _checksum(content: bytes) -> bytes:
    return crc_hqx(content, 0).to_bytes(2, "little")
