"""CodeList: a closed vocabulary with its version, and its labels in any language that has them."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic_core import PydanticCustomError

LISTS: dict[str, "CodeList"] = {}


@dataclass(frozen=True)
class CodeList:
    """A versioned list of codes. English labels are given here, others in `languages/<language>.json`."""

    name: str
    version: str
    english: dict[str, str]
    like: "CodeList | None" = None
    """A list whose codes it shares, and with them their labels in other languages."""
    labels: dict[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        others = {
            language: {**(self.like.labels[language] if self.like else {}), **lists.get(self.name, {})}
            for language, lists in languages().items()
        }
        object.__setattr__(self, "labels", {"en": self.english, **others})
        LISTS[self.name] = self

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.english)

    def __contains__(self, code: object) -> bool:
        return code in self.english

    def label(self, code: str, language: str = "en") -> str:
        """The code in words. Of `de-AT` that is German, and English where the language has none for it."""
        labels = self.labels.get(language) or self.labels.get(language.partition("-")[0].lower(), {})
        return labels.get(code) or self.english[code]

    def checked(self, code: str) -> str:
        """The code, if it is in the list; for pydantic."""
        if code not in self.english:
            raise PydanticCustomError(
                "not_in_list",
                "use a code of the list {list}, version {version}",
                {"list": self.name, "version": self.version, "accepted": list(self.english)},
            )
        return code


@cache
def languages() -> dict[str, dict[str, dict[str, str]]]:
    """The language packs: for each language, its labels by list and code."""
    folder = Path(__file__).parent / "languages"
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))}
