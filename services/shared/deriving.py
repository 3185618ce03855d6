"""Keys for one purpose each, derived from one secret."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive(secret: bytes, purpose: str, *, length: int = 32) -> bytes:
    """A key for one purpose from the deployment's secret, or a master key (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"vcp {purpose}".encode()).derive(secret)
