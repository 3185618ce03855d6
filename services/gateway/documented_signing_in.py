"""What the API pages say of signing in."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from services.gateway.documented import problem
from services.gateway.forms import PasswordChange, SessionChange, SigningIn
from services.gateway.shapes.room import OfficerSession, WaysIn


def _form(form: type[BaseModel]) -> dict[str, Any]:
    schema = form.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _session(status: int, *, refusals: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    told = {"description": "Who is signed in.", "model": OfficerSession}
    return {status: told, **{code: problem(said) for code, said in refusals.items()}}


_NO_SESSION = {401: "No session in force.", 503: "The database does not answer."}
_NO_FORM = {400: "It cannot be read.", 408: "The body stood still.", 413: "Too large.", 415: "Not JSON."}
_ELSEWHERE = {403: "Another site's page sent it, or the session's mark is missing."}
SIGNING_IN, SESSION_CHANGE, PASSWORD = _form(SigningIn), _form(SessionChange), _form(PasswordChange)
SESSION = _session(200, refusals=_NO_SESSION)
SESSION_CHANGED = _session(200, refusals=_NO_SESSION | _NO_FORM | _ELSEWHERE)
SIGNED_IN = _session(
    201,
    refusals=_NO_FORM
    | _ELSEWHERE
    | {401: "Name or password is wrong.", 429: "Tried too often; see Retry-After.", 503: _NO_SESSION[503]},
)
SIGNED_OUT: dict[int | str, dict[str, Any]] = {code: problem(said) for code, said in (_NO_SESSION | _ELSEWHERE).items()}
WAYS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Password, the provider if there is one, and whether this browser has a session.",
        "model": WaysIn,
    },
    503: problem(_NO_SESSION[503]),
}
_NO_PROVIDER: dict[int | str, dict[str, Any]] = {
    404: problem("There is no identity provider."),
    503: problem("The provider does not answer."),
}
TO_PROVIDER: dict[int | str, dict[str, Any]] = {303: {"description": "To the provider."}, **_NO_PROVIDER}
FROM_PROVIDER: dict[int | str, dict[str, Any]] = {
    303: {"description": "To the console, signed in."},
    400: problem("Over, or not begun in this browser."),
    401: problem("The provider did not confirm who it is."),
    403: problem("Not known here."),
    **_NO_PROVIDER,
}
