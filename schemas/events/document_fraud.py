"""False, forged and misused documents."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.blocks import Document, Person
from schemas.event import By, Fact
from schemas.vocabulary import DocumentClass, EntryId, FraudType, HowMany, Issuer, OfKind, ShortText
from schemas.wording import fact_example, how_many, spoken


class DocumentFraudDetected(Fact):
    """One or more documents were found to be false, altered or used by another."""

    type: ClassVar = "document_fraud.detected.v1"
    title: ClassVar = "False document"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.FRONTEX})
    opens: ClassVar = "document"

    document_class: DocumentClass | None = Field(description="Null while not established.")
    fraud_type: FraudType | None = Field(description="Null while not established.")
    count: HowMany = 1
    issuer: Issuer | None = Field(None, description="Whose document it claims to be.")
    document: Document | None = None
    holder: Person | None = None
    technique: ShortText | None = Field(None, description="How it was made, in words; nothing about persons.")
    use: Literal["border", "guardianship", "residence", "vehicle", "work", "other"] | None = None
    opinion: Annotated[EntryId | None, OfKind("opinion")] = Field(None, description="The expert opinion on it.")

    def headline(self) -> str:
        what = spoken(self.document_class or "class not established")
        fraud = spoken(self.fraud_type or "fraud not established")
        return f"{how_many(self.count, 'false document')}: {what}, {fraud}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(
            document_class="guardianship_certificate",
            fraud_type="counterfeit",
            count=1,
            issuer="MD",
            use="guardianship",
            crime_areas=["document_fraud"],
            document={"document_class": "guardianship_certificate", "issuer": "MD", "number": "INVENTED-1"},
        )
