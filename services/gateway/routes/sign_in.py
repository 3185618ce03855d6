"""Ways to sign in, and the way to the identity provider and back."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway import documented_signing_in as documented
from services.gateway.answering import json_response, problem_response
from services.gateway.callers import Shown
from services.gateway.console import ADDRESS
from services.gateway.dependencies import GatewayParts, ShownBy
from services.gateway.parts import Parts
from services.gateway.problem_page import problem_page
from services.gateway.problems import NotFound, Problem, SignIn
from services.gateway.provider import Provider

router = APIRouter(prefix="/v1/sign-in", tags=["signing in"])


@router.get("", responses=documented.WAYS)
async def get_ways(shown: ShownBy, gateway: GatewayParts) -> Response:
    """How an officer can sign in here: by a password of ours, and at which identity provider.

    `signed_in`: this browser has a session in force. A page cannot see its cookie, and asks here without being refused.
    """
    provider = gateway.people.provider
    at: dict[str, Any] | None = None
    if provider is not None:
        at = {"name": provider.called, "address": f"{router.prefix}/provider"}
    return json_response({"password": True, "provider": at, "signed_in": await _is_signed_in(shown, gateway)})


@router.get("/provider", status_code=303, response_class=RedirectResponse, responses=documented.TO_PROVIDER)
async def get_provider(request: Request, gateway: GatewayParts) -> Response:
    """Sends the browser to the identity provider."""
    try:
        begun = await _provider(gateway).begin()
    except Problem as refused:
        return _told(refused, request)
    answer = RedirectResponse(begun.address, status_code=303, headers={"Cache-Control": "no-store"})
    gateway.people.cookies.keep_sign_in(answer, begun.browser)
    return answer


@router.get("/return", status_code=303, response_class=RedirectResponse, responses=documented.FROM_PROVIDER)
async def get_return(request: Request, shown: ShownBy, gateway: GatewayParts) -> Response:
    """Takes the browser back from the identity provider, signed in; a person is told on a page what went wrong."""
    people = gateway.people
    answer: Response
    try:
        browser = people.cookies.of(request, people.cookies.sign_in)
        identity = await _provider(gateway).officer(request.query_params, browser)
        if shown.cookie is not None:
            await people.sessions.end(shown.cookie)
        value = await people.sessions.begin(identity)
    except Problem as refused:
        answer = _told(refused, request)
    else:
        answer = RedirectResponse(ADDRESS, status_code=303, headers={"Cache-Control": "no-store"})
        people.cookies.keep_session(answer, value, seconds=people.sessions.longest_seconds)
    people.cookies.drop_sign_in(answer)
    return answer


async def _is_signed_in(shown: Shown, gateway: Parts) -> bool:
    if shown.cookie is None:
        return False
    try:
        await gateway.people.sessions.find(shown.cookie, active=False)
    except SignIn:
        return False
    else:
        return True


def _provider(gateway: Parts) -> Provider:
    if gateway.people.provider is None:
        raise NotFound
    return gateway.people.provider


def _told(problem: Problem, request: Request) -> Response:
    """As a page to a person, and as a problem document to whoever does not ask for one."""
    if "text/html" in request.headers.get("accept", ""):
        return problem_page(problem)
    return problem_response(problem)
