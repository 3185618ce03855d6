"""Holds a drill against the contract, as the door would."""

from pathlib import Path

from pydantic import ValidationError

from schemas.entry import report_adapter
from services.drill.story import read_drill


def faults(drill: Path) -> list[str]:
    """One line for each member that the door would not accept: the report's id, where, and what is wrong."""
    found = []
    for posting in read_drill(drill).postings:
        try:
            report_adapter().validate_json(posting.body, context={"at": "door"})
        except ValidationError as refused:
            found += [
                f"{posting.id}: {'/'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
                for fault in refused.errors(include_input=False, include_url=False)
            ]
    return found
