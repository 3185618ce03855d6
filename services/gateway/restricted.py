"""That restricted records exist: by whom, for those who may not see them and whose providers let them know."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from services.gateway.picture import Picture
from services.shared.tables import entries, restricted


async def existing(picture: Picture) -> dict[str, Any]:
    """What a list says beside its items; nothing where there is nothing to know."""
    seen = select(entries.c.key).where(picture.true_then(entries), entries.c.key == restricted.c.key)
    query = select(restricted.c.provider).where(picture.true_then(restricted), ~seen.exists())
    providers = Counter(_country(row["provider"]) for row in await picture.rows(query))
    if not providers:
        return {}
    return {"restricted": [{"by": by, "records": records} for by, records in sorted(providers.items())]}


def _country(provider: str) -> str:
    """The country of a national body, and of an international one its own code: never which body of a country."""
    code = provider.partition("-")[0]
    return code if len(code) == 2 else provider
