"""Tasks that the lead gives."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from schemas.event import By, Event
from schemas.vocabulary import SECRET, AgencyCode, EntryId, LongText, ShortText
from schemas.wording import AN_ENTRY, command_example


class TaskAssigned(Event):
    """The lead asks agencies to do something by a time."""

    type: ClassVar = "task.assigned.v1"
    title: ClassVar = "Task"
    posted_by: ClassVar = frozenset({By.LEAD})
    opens: ClassVar = "task"

    to: list[AgencyCode] = Field(min_length=1, max_length=50)
    what: ShortText = Field(description="In a few words, without names of persons.")
    due_at: AwareDatetime
    regarding: EntryId | None = None
    details: Annotated[LongText | None, SECRET] = None

    def parties(self) -> dict[By, frozenset[str]]:
        return {By.ASSIGNEE: frozenset(self.to)}

    def due(self, recorded_at: datetime) -> datetime | None:
        return self.due_at

    def headline(self) -> str:
        return f"Task for {', '.join(self.to)}: {self.what}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(to=["HU"], what="Second-line check of vans", due_at="2022-06-25T12:00:00+02:00")


class TaskCompleted(Event):
    """An assignee says that the task is done, or cannot be."""

    type: ClassVar = "task.completed.v1"
    title: ClassVar = "Task completed"
    posted_by: ClassVar = frozenset({By.ASSIGNEE})
    changes: ClassVar = "task"

    task: EntryId
    outcome: Literal["done", "not_possible"] = "done"
    remarks: Annotated[LongText | None, SECRET] = None

    def headline(self) -> str:
        return "Task done" if self.outcome == "done" else "Task not possible"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(task=AN_ENTRY)
