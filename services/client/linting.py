"""What is wrong with a report before it is posted, by the contract alone."""

from pydantic import ValidationError

from schemas.door import door_context
from schemas.entry import report_adapter
from schemas.event import REGISTER


def faults_of(body: bytes) -> list[dict[str, str]]:
    """What the contract finds wrong with a report, by JSON pointer; rights and versions only the gateway knows."""
    try:
        report_adapter().validate_json(body, context=door_context())
    except ValidationError as refused:
        return [
            {"pointer": _pointer(error["loc"], error.get("ctx", {}).get("member")), "detail": error["msg"]}
            for error in refused.errors(include_url=False, include_input=False)
        ]
    return []


def _pointer(place: tuple[int | str, ...], member: str | None) -> str:
    parts = [part for part in place if part not in REGISTER] + ([member] if member else [])
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
