"""What people said of the hits that a machine raised: labels for the next weights, without anything of the records."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

OUTCOMES = ("confirmed", "refuted", "undetermined")


class Verdict(NamedTuple):
    """One hit: why the machine raised it, and what the owner of the record said of it; None where nobody has."""

    hit: str
    weights: str
    band: str
    bits: float
    reasons: tuple[tuple[str, str, float], ...]
    """Feature, level and bits."""
    outcome: str | None

    def label(self) -> dict[str, Any]:
        """As a line of a file of labels."""
        return self._asdict()


def verdicts(entries: Iterable[Mapping[str, Any]]) -> Iterator[Verdict]:
    """The hits of a log with their last verdicts that stand, from its entries in their order."""
    hits: dict[str, Mapping[str, Any]] = {}
    said: dict[str, dict[str, str]] = {}
    for entry in entries:
        type, data = entry["report"]["type"], entry["report"]["data"]
        if type == "hit.raised.v1" and data.get("matched"):
            hits[entry["entry"]] = data["matched"]
            said[entry["entry"]] = {}
        elif type == "hit.verified.v1" and data["hit"] in hits:
            said[data["hit"]][entry["entry"]] = data["outcome"]
        elif type == "record.corrected.v1" and entry["thing"] in hits and data["target"] in said[entry["thing"]]:
            said[entry["thing"]][data["target"]] = data["corrected"]["outcome"]
        elif type == "record.retracted.v1" and entry["thing"] in hits:
            said[entry["thing"]].pop(data["target"], None)
            if data["target"] == entry["thing"]:
                del hits[entry["thing"]]
    for hit, matched in hits.items():
        reasons = tuple((one["feature"], one["level"], one["bits"]) for one in matched["reasons"])
        outcome = list(said[hit].values())[-1] if said[hit] else None
        yield Verdict(hit, matched["weights"], matched["band"], matched["bits"], reasons, outcome)


def counted(found: Iterable[Verdict]) -> dict[str, Counter[str]]:
    """How many of each band were confirmed, refuted, left undetermined, or wait."""
    bands: dict[str, Counter[str]] = {}
    for one in found:
        bands.setdefault(one.band, Counter())[one.outcome or "open"] += 1
    return bands
