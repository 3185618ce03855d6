"""Small JSON bodies, read by the routes themselves: the framework would read them before it knows who asks."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from services.gateway.bodies import read_body
from services.gateway.problems import Malformed, UnsupportedMedia
from services.reading.faults import faults_of_query
from services.shared.passwords import LONGEST, SHORTEST

Form = TypeVar("Form", bound=BaseModel)
Purpose = Annotated[str, StringConstraints(min_length=3, max_length=200, strip_whitespace=True)]
_LARGEST = 8 * 1024


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SigningIn(_Form):
    """Who wants to sign in."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    purpose: Purpose | None = Field(None, description="What persons are looked at for in this session.")


class SessionChange(_Form):
    """What changes of a session."""

    purpose: Purpose | None = Field(description="What persons are looked at for from now on; null: the agency's role.")


class PasswordChange(_Form):
    """An officer's own change of their password."""

    old: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    new: Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]


async def read_form(form: type[Form], headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> Form:
    """What a body says. Raises UnsupportedMedia, TooLarge or Malformed, and repeats nothing of it."""
    # Another site's form cannot send JSON without asking first, and is told nothing when it asks.
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMedia("Send application/json.")
    try:
        return form.model_validate_json(await read_body(headers, chunks, most=_LARGEST), strict=True)
    except ValidationError as refused:
        errors = refused.errors(include_url=False, include_input=False)
        faults = faults_of_query({**error, "loc": ("body", *error["loc"])} for error in errors)
        raise Malformed("This cannot be read; see `errors`.", faults=faults) from None
