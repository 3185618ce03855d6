"""Expert opinions on documents: asked for and given."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.blocks import Document
from schemas.event import By, Event, Fact
from schemas.vocabulary import SECRET, DocumentClass, EntryId, FraudType, LongText, OfKind, Urgency
from schemas.wording import AN_ENTRY, command_example, fact_example, spoken


class DocumentOpinionRequested(Event):
    """Somebody who has the document in hand asks whether it is genuine."""

    type: ClassVar = "document_opinion.requested.v1"
    title: ClassVar = "Document opinion requested"
    posted_by: ClassVar = frozenset({By.ALL})
    opens: ClassVar = "opinion"

    document_class: DocumentClass | None = None
    urgency: Urgency
    detected: Annotated[EntryId | None, OfKind("document")] = Field(
        None, description="The detection, where it is reported already."
    )
    document: Document | None = None
    question: Annotated[LongText | None, SECRET] = None

    @property
    def about(self) -> tuple[EntryId, ...]:
        return (self.detected,) if self.detected else ()

    def headline(self) -> str:
        what = spoken(self.document_class or "class not established")
        return f"Opinion asked on a document: {what}, {self.urgency}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            document_class="passport",
            urgency="urgent",
            document={"issuer": "BG", "number": "INVENTED-2"},
            question="Is the laminate genuine?",
        )


class DocumentOpinionGiven(Fact):
    """An expert says whether the document is genuine."""

    type: ClassVar = "document_opinion.given.v1"
    title: ClassVar = "Document opinion"
    posted_by: ClassVar = frozenset({By.FRONTEX, By.EXPERT})
    changes: ClassVar = "opinion"

    opinion: EntryId = Field(description="By the entry that asked for it.")
    result: Literal["genuine", "false", "suspect", "inconclusive"]
    fraud_type: FraudType | None = None
    remarks: Annotated[LongText | None, SECRET] = None

    def headline(self) -> str:
        return f"Document opinion: {self.result}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(opinion=AN_ENTRY, result="false", fraud_type="forged")
