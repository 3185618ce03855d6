"""Statistics for young tables: the planner reads them through until it is told how they have grown."""

from collections import Counter

from psycopg import sql

from services.projector.changes import Changes
from services.projector.writer import Writer

STEPS = (2_000, 20_000, 100_000, 1_000_000)


class Statistics:
    """Runs ANALYZE when a table has grown past a step; autovacuum alone looks once a minute."""

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()

    async def after(self, writer: Writer, changes: Changes) -> None:
        """Note the rows of a written batch, and analyse what passed a step."""
        passed = []
        for table, versions in changes.added.items():
            before = self._rows[table]
            self._rows[table] = now = before + len(versions)
            if any(before < step <= now for step in STEPS):
                passed.append(table)
        if passed:
            async with writer.transaction(wait=True):
                # A fifth of the usual sample tells the planner enough, and the projection waits less for it.
                await writer.connection.execute("set local default_statistics_target = 20")
                for table in passed:
                    await writer.connection.execute(sql.SQL("analyze {}").format(sql.Identifier(table)))
