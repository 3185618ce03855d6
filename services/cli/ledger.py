"""`vcp ledger`: the disclosure ledger, for an auditor."""

import asyncio
import sys
from typing import Annotated

import typer

from services.cli.running import DataFolder, aside, settings_in_force
from services.shared.settings import Settings


def ledger(
    operation: Annotated[str, typer.Option(help="Of one operation alone.")] = "*",
    originator: Annotated[str, typer.Option(help="Of the records of one agency alone.")] = "*",
    data: DataFolder = None,
) -> None:
    """Print the disclosure ledger, a line of JSON for each: who was given whose records, when and why.

    For example: vcp ledger --operation jad-danube-2022 --originator BA
    """
    from services.shared.disclosures import LedgerUnavailable
    from services.shared.refusals import LogUnavailable

    try:
        asyncio.run(_print(settings_in_force(data), operation, originator))
    except (LedgerUnavailable, LogUnavailable) as silent:
        aside.print(f"The ledger cannot be read: {silent}.", markup=False)
        raise typer.Exit(1) from None


async def _print(settings: Settings, operation: str, originator: str) -> None:
    import msgspec

    from services.shared.bus import Log

    log = await Log.connect(settings, name="installer", patience=5)
    try:
        ledger = await log.disclosures()
        async for _, line in ledger.read(operation, originator=originator):
            sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    finally:
        await log.close()
