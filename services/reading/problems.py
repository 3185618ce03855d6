"""Problems (RFC 9457): refusals that a poster can understand and act upon; and those that reading a report finds."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypedDict

import msgspec

CONTENT_TYPE = "application/problem+json"


class Fault(TypedDict, total=False):
    """One place in the report that is not acceptable. Never repeats what was posted."""

    pointer: str
    detail: str
    accepted: Sequence[str]


class Problem(Exception):
    """A refusal that a caller can understand and act upon."""

    status: ClassVar[int]
    kind: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults
        self.headers = dict(headers or {})

    def document(self) -> dict[str, object]:
        found: dict[str, object] = {
            "type": f"/problems/{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return {**found, "errors": list(self.faults)} if self.faults else found

    def body(self) -> bytes:
        return msgspec.json.encode(self.document())


class Malformed(Problem):
    status, kind, title = 400, "malformed", "This cannot be read"


class TooLarge(Problem):
    status, kind, title = 413, "too-large", "This is too large"


class NotAcceptable(Problem):
    status, kind, title = 422, "not-acceptable", "This is not an acceptable event"

    def __init__(self, faults: Sequence[Fault], detail: str = "See `errors` for each place.") -> None:
        super().__init__(detail, faults=faults)
