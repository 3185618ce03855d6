"""Actors that the system knows by name."""

ENGINE = "system:crosscheck"
"""The cross-check engine, to which an agency has delegated its answers by a token of its own."""
ENGINES_PURPOSE = "cross-check"
"""What the ledger of disclosures says of what the engine reads and combines."""
