"""The gateway with one of its promises about persons taken out, served as it always is: what keeping it costs.

`python -m benchmarks.without ledger`, or `sealing`; or `nothing`, to stand beside those as they do.
"""

import sys
from collections.abc import Callable

from pydantic import BaseModel

from services.cli.parts import gateway
from services.gateway import drafts
from services.shared.disclosures import Disclosure, Disclosures


def _ledger() -> None:
    async def not_written(ledger: Disclosures, lines: list[Disclosure]) -> None:
        pass

    Disclosures.write = not_written  # type: ignore[method-assign]


def _sealing() -> None:
    def nothing_secret(model: type[BaseModel]) -> dict[str, object]:
        return {}

    drafts.secrets = nothing_secret  # type: ignore[attr-defined]


def _nothing() -> None:
    pass


LEFT_OUT: dict[str, Callable[[], None]] = {"ledger": _ledger, "sealing": _sealing, "nothing": _nothing}

if __name__ == "__main__":
    LEFT_OUT[sys.argv[1]]()
    gateway()
