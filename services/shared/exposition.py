"""Numbers for Prometheus, in its text format."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

MEDIA = "text/plain; version=0.0.4; charset=utf-8"


class Family(NamedTuple):
    """One name with its samples, each by its labels."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    samples: Iterable[tuple[Mapping[str, str], float]]


def exposition(families: Iterable[Family]) -> str:
    lines = []
    for family in families:
        lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]
        for labels, value in family.samples:
            said = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels.items())
            labelled = f"{{{said}}}" if said else ""
            lines.append(f"{family.name}{labelled} {value!r}")
    return "\n".join(lines) + "\n"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
