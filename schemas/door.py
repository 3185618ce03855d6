"""What only the door asks of an event: rules that look at secret members, and rules of law that may change.

In the log secret members are sealed and old entries stay valid for ever, so whoever reads it gives no context.
"""

from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError


def door_context(*, accredited: bool = False) -> dict[str, Any]:
    """The context with which the gateway validates what is posted."""
    return {"at": "door", "accredited": accredited}


def at_the_door(info: ValidationInfo) -> bool:
    """Whether an event is being posted, and not read from the log."""
    return (info.context or {}).get("at") == "door"


def is_accredited(info: ValidationInfo) -> bool:
    """Whether the deployment says it may hold EU classified information."""
    return bool((info.context or {}).get("accredited"))


def fault(member: str, detail: str) -> PydanticCustomError:
    """A fault of one member, found by a rule over several: `ctx["member"]` says where below the place."""
    return PydanticCustomError("not_acceptable", "{detail}", {"member": member, "detail": detail})
