"""Lessons for the next operation."""

from typing import ClassVar

from pydantic import Field

from schemas.event import By, Event
from schemas.vocabulary import LongText, ShortText
from schemas.wording import command_example


class LessonRecorded(Event):
    """What was observed, and what is recommended; nothing about persons."""

    type: ClassVar = "lesson.recorded.v1"
    title: ClassVar = "Lesson"
    posted_by: ClassVar = frozenset({By.ALL})
    after_closing: ClassVar = True

    topic: ShortText
    observation: LongText = Field(description="Nothing about persons.")
    recommendation: LongText | None = Field(None, description="Nothing about persons.")

    def headline(self) -> str:
        return f"Lesson: {self.topic}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            topic="Night shifts",
            observation="Results came in after the cut-off.",
            recommendation="Move the cut-off to 06:00.",
            phase="follow_up",
        )
