"""What the door answers for one report: a receipt, or a problem."""

from typing import Any

import msgspec

from services.gateway.problems import Problem

_encode = msgspec.json.Encoder().encode


class Taken(msgspec.Struct, frozen=True, gc=False):
    """The receipt of a report that is on disk: now, or since its first posting (a replay)."""

    entry: str
    operation: str
    recorded_at: str
    digest: str
    etag: str
    replayed: bool = False

    @property
    def status(self) -> int:
        return 200 if self.replayed else 201

    def receipt(self) -> dict[str, str]:
        return {
            "entry": self.entry,
            "operation": self.operation,
            "recorded_at": self.recorded_at,
            "digest": self.digest,
            "etag": self.etag,
        }

    def headers(self) -> dict[str, str]:
        location = {"Location": f"/v1/operations/{self.operation}/events/{self.entry}", "ETag": self.etag}
        return {**location, "Idempotency-Replayed": "true"} if self.replayed else location

    def body(self) -> bytes:
        return _encode(self.receipt())


Answer = Taken | Problem


def result(answer: Answer, **place: int) -> dict[str, Any]:
    """One line of a batch's answer: by index in an array, by line in NDJSON."""
    if isinstance(answer, Taken):
        return {**place, "status": answer.status, "receipt": answer.receipt()}
    return {**place, "status": answer.status, "problem": answer.document()}
