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
    labels: dict[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        others = {language: lists.get(self.name, {}) for language, lists in _languages().items()}
        object.__setattr__(self, "labels", {"en": self.english, **others})
        LISTS[self.name] = self

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.english)

    def __contains__(self, code: object) -> bool:
        return code in self.english

    def label(self, code: str, language: str = "en") -> str:
        """The code in words; in English where the language has none for it."""
        return self.labels.get(language, {}).get(code) or self.english[code]

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
def _languages() -> dict[str, dict[str, dict[str, str]]]:
    folder = Path(__file__).parent / "languages"
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))}
