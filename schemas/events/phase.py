"""Phases of the operation."""

from typing import ClassVar

from schemas.event import By, Lifecycle
from schemas.vocabulary import PhaseName, ShortText
from schemas.wording import command_example, spoken


class PhaseStarted(Lifecycle):
    """The operation, or one strand of it, went into a phase. Results are told by phase and as a sum."""

    type: ClassVar = "phase.started.v1"
    title: ClassVar = "Phase started"
    posted_by: ClassVar = frozenset({By.LEAD})

    phase: PhaseName
    note: ShortText | None = None

    def headline(self) -> str:
        strand = f" of {spoken(self.strand)}" if self.strand else ""
        return f"Phase{strand}: {spoken(self.phase)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(phase="operational")
