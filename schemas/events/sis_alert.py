"""Alerts in the Schengen Information System that a hit matched."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator

from schemas.codes import SIS_ARTICLES
from schemas.door import at_the_door, fault
from schemas.event import By, Event
from schemas.vocabulary import SECRET, CountryCode, EntryId, Reference, SisArticle
from schemas.wording import AN_ENTRY, command_example


class SisAlertMatched(Event):
    """The hit matched a SIS alert: the article and who issued it, never the alert's content."""

    type: ClassVar = "sis_alert.matched.v1"
    title: ClassVar = "SIS alert matched"
    posted_by: ClassVar = frozenset({By.SIS_STATE})
    changes: ClassVar = "hit"
    beside: ClassVar = True

    hit: EntryId
    article: SisArticle = Field(description="Of Regulation (EU) 2018/1862, 2018/1861 (24) or 2018/1860 (return).")
    issuing_country: CountryCode
    sirene_ref: Annotated[Reference | None, SECRET] = None

    @model_validator(mode="after")
    def _discreet_alerts_are_not_shown(self, info: ValidationInfo) -> Self:
        if self.article == "36" and self.audience.scope != "named":
            raise fault("audience/scope", "an alert under article 36 needs an audience with the scope named")
        if self.article == "36" and at_the_door(info) and not self.audience.lists_its_own:
            raise fault("audience/roles", "an alert under article 36 is for agencies or groups that are named")
        return self

    def headline(self) -> str:
        what = SIS_ARTICLES.label(self.article).partition(" (")[0].lower()
        return f"Hit matched a SIS alert of {self.issuing_country}: {what}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return command_example(
            hit=AN_ENTRY,
            article="26",
            issuing_country="DE",
            sirene_ref="INVENTED-G-1",
            audience={"scope": "named", "agencies": ["AT", "DE"]},
        )
