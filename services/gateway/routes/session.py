"""The session of an officer: begun by name and password, asked for, changed, and ended."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.gateway import documented_signing_in as documented
from services.gateway.answering import json_response
from services.gateway.dependencies import GatewayParts, OfficersSession, ShownBy
from services.gateway.forms import PasswordChange, SessionChange, SigningIn, read_form
from services.gateway.officer_sessions import Session
from services.gateway.parts import Parts

router = APIRouter(prefix="/v1/session", tags=["signing in"])


@router.post("", status_code=201, openapi_extra=documented.SIGNING_IN, responses=documented.SIGNED_IN)
async def post_session(request: Request, shown: ShownBy, gateway: GatewayParts) -> Response:
    """Signs an officer in: the answer sets a cookie, and says the mark that whatever changes something repeats."""
    shown.check_site()
    said = await read_form(SigningIn, request.headers, request.stream())
    identity = await gateway.people.by_password.identity(said.name, said.password)
    if shown.cookie is not None:
        await gateway.people.sessions.end(shown.cookie)
    value = await gateway.people.sessions.begin(identity, purpose=said.purpose)
    return await _with_cookie(value, gateway)


@router.get("", responses=documented.SESSION)
async def get_session(session: OfficersSession, gateway: GatewayParts) -> Response:
    """Who is signed in in this browser, with which roles, and the session's mark."""
    return json_response(_told(session, gateway))


@router.patch("", openapi_extra=documented.SESSION_CHANGE, responses=documented.SESSION_CHANGED)
async def patch_session(session: OfficersSession, request: Request, shown: ShownBy, gateway: GatewayParts) -> Response:
    """Says what persons are looked at for from now on: it is kept in the disclosure ledger with each look."""
    said = await read_form(SessionChange, request.headers, request.stream())
    await gateway.people.sessions.set_purpose(session, said.purpose)
    return json_response(_told(await gateway.people.callers.session(shown), gateway))


@router.delete("", status_code=204, responses=documented.SIGNED_OUT)
async def delete_session(_: OfficersSession, shown: ShownBy, gateway: GatewayParts) -> Response:
    """Signs out."""
    assert shown.cookie is not None
    await gateway.people.sessions.end(shown.cookie)
    answer = Response(status_code=204, headers={"Cache-Control": "no-store"})
    gateway.people.cookies.drop_session(answer)
    return answer


@router.post("/password", status_code=201, openapi_extra=documented.PASSWORD, responses=documented.SIGNED_IN)
async def post_password(session: OfficersSession, request: Request, gateway: GatewayParts) -> Response:
    """Changes the officer's own password. All their sessions end, and this browser gets a new one."""
    said = await read_form(PasswordChange, request.headers, request.stream())
    identity = await gateway.people.by_password.changed(session.name, said.old, said.new)
    return await _with_cookie(await gateway.people.sessions.begin(identity, purpose=session.purpose), gateway)


async def _with_cookie(value: str, gateway: Parts) -> Response:
    sessions = gateway.people.sessions
    answer = json_response(_told(await sessions.find(value), gateway))
    answer.status_code = 201
    gateway.people.cookies.keep_session(answer, value, seconds=sessions.longest_seconds)
    return answer


def _told(session: Session, gateway: Parts) -> dict[str, Any]:
    return {
        "name": session.name,
        "agency": session.agency,
        "purpose": session.purpose,
        "mark": gateway.people.sessions.mark(session),
        "roles": [
            {"operation": operation, "role": place.role, "groups": list(place.groups)}
            for operation, place in sorted(session.places.items())
        ],
    }
