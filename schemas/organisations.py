"""Organisations: companies, associations and other bodies, a block whose secret members are sealed at the door.

A body is no natural person, but the names of sole traders and of many small firms are personal data, and from a name
nobody can tell: so names and numbers of every organisation are sealed, as those of persons are.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.blocks import Script, SubjectCategory
from schemas.vocabulary import SECRET, CountryCode, LongText, Reference, ShortText, Word

OrganisationKind = Literal["company", "sole_trader", "association", "foundation", "public_body", "other"]


class OrganisationName(Word):
    """A name as written, in its own script, with or without the legal form."""

    full: ShortText
    script: Script = "Latn"


class Registration(Word):
    """An entry in a public register: of companies or traders, of taxpayers, a VAT number, an LEI (ISO 17442)."""

    country: CountryCode | None = Field(None, description="Whose register it is; null where it is not said.")
    registration_number: Annotated[Reference | None, SECRET] = None


class Organisation(Word):
    """One organisation as one agency reported it. That two are the same body is a link, never a merge."""

    subject_category: SubjectCategory = Field(
        description="As of a person: a firm that was defrauded is a victim, a shelter a contact; neither is compared."
    )
    kind: OrganisationKind | None = None
    country: CountryCode | None = Field(None, description="Of its seat.")
    names: Annotated[list[OrganisationName] | None, SECRET] = Field(None, max_length=20)
    aliases: Annotated[list[OrganisationName] | None, SECRET] = Field(
        None, max_length=50, description="Trading names, earlier names, other spellings."
    )
    registrations: list[Registration] = Field(default=[], max_length=20)
    phones: Annotated[list[Reference] | None, SECRET] = Field(None, max_length=20)
    remarks: Annotated[LongText | None, SECRET] = None
