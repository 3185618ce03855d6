"""The ways in which the log says no; the texts name operations and positions, never content."""

from services.shared.records import Appended


class ThingMoved(Exception):
    """The thing has newer entries than the poster knew; the entry was not stored."""

    def __init__(self, position: int) -> None:
        super().__init__(f"the thing's last position is {position}")
        self.position = position


class LogUnavailable(Exception):
    """The log cannot be reached, is full or frozen; nothing was stored. A retry with the same id is safe."""


class OutcomeUnknown(Exception):
    """The log did not say whether the entry was stored. Only a retry with the same id can tell."""


class LogSealed(Exception):
    """The operation is archived: its log takes no more entries."""


class LogClosed(LogSealed):
    """The operation is closed: its log takes no facts."""


class NoSuchOperation(Exception):
    """There is no log of that operation."""


class LogRefused(Exception):
    """The log exists but is not what this deployment asks for; a person must look at it."""


class HoleInLog(Exception):
    """The log does not hold the position that must come next. Never stepped over."""

    def __init__(self, *, operation: str, after: int, found: int | None) -> None:
        what = "the log ends before it" if found is None else f"the next one is {found}"
        super().__init__(f"{operation}: position {after + 1} is missing, {what}")
        self.operation, self.after, self.found = operation, after, found


class BatchRefused(Exception):
    """Nothing of the batch was stored. `faults` says why, by index: in the log already, or moved on."""

    def __init__(self, faults: dict[int, Appended | ThingMoved]) -> None:
        super().__init__(f"{len(faults)} records of the batch cannot be stored")
        self.faults = faults
