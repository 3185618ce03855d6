"""Passwords of officers: made, hashed with Argon2id, and compared in the same time whether there is one or not."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 12
"""Characters that a password chosen by a person has at least; no rule asks for signs of one sort (NIST SP 800-63B)."""
LONGEST = 256
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _OF = 4, 5

_hasher = PasswordHasher()  # Argon2id as RFC 9106 has it for where memory is scarce: 64 MiB, three passes.


def new_password() -> str:
    """A password that nobody chose, of 99 random bits, without signs that are read for one another."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_OF)) for _ in range(_GROUPS))


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(_spelt(password))


def holds(password: str, kept: str | None) -> bool:
    """Whether this is the password of which `kept` is the hash; without one, no."""
    try:
        _hasher.verify(kept or nobodys(), _spelt(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


@cache
def nobodys() -> str:
    """The hash of a password that nobody has: compared with where there is none, so that this takes as long."""
    return _hasher.hash(secrets.token_urlsafe())


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than those of now."""
    return _hasher.check_needs_rehash(kept)


def _spelt(password: str) -> str:
    """One spelling of what looks the same, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)
