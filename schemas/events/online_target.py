"""Accounts, channels and sites that were identified on line."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import By, Fact
from schemas.vocabulary import SECRET, HowMany, LongText
from schemas.wording import fact_example, how_many, spoken


class OnlineTargetIdentified(Fact):
    """Accounts, channels or sites used for crime were identified."""

    type: ClassVar = "online_target.identified.v1"
    title: ClassVar = "Online target"
    posted_by: ClassVar = frozenset({By.NATIONAL, By.EUROPOL})
    opens: ClassVar = "target"

    platform: Literal["social_network", "messenger", "market", "website", "dark_web", "forum", "advertising", "other"]
    count: HowMany = 1
    identifiers: Annotated[list[LongText] | None, SECRET] = Field(None, max_length=100, description="Addresses, names.")
    referred: bool | None = Field(None, description="Whether the provider was asked to take it down.")

    def headline(self) -> str:
        return f"{how_many(self.count, 'online target')} identified: {spoken(self.platform)}"

    @classmethod
    def example(cls) -> dict[str, object]:
        return fact_example(platform="messenger", count=3, identifiers=["invented-channel"], referred=True)
