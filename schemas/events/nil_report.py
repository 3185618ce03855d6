"""Nothing to report, which is not the same as silence."""

from typing import ClassVar

from pydantic import Field

from schemas.event import By, Event
from schemas.vocabulary import Code
from schemas.wording import command_example, spoken


class NilReportFiled(Event):
    """An agency has nothing to report for a period, or for some topics of it: `occurred` is the period."""

    type: ClassVar = "nil_report.filed.v1"
    title: ClassVar = "Nil report"
    posted_by: ClassVar = frozenset({By.ALL})

    topics: list[Code] = Field(default=[], max_length=50, description="Nouns of event types or metrics; none: all.")

    def headline(self) -> str:
        return f"Nothing to report: {', '.join(map(spoken, self.topics)) or 'all topics'}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            occurred={
                "from": "2022-06-24T00:00:00+02:00",
                "to": "2022-06-25T00:00:00+02:00",
                "precision": "period",
            },
            topics=["seizure", "hit"],
        )
