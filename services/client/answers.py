"""How the gateway is asked, whatever the asking: again while it is busy or away, and refusals as one sentence."""

import time
from collections.abc import Callable, Sequence

import httpx

ATTEMPTS = 20
LONGEST_PAUSE = 10.0
LATER = (429, 503)


class Refused(Exception):
    """The gateway refused a whole request; the text is its problem, which repeats nothing that was posted."""


def answered(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer, once it is none that asks for patience. Raises httpx.TransportError when nobody answers."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = ask()
        except httpx.TransportError:
            if attempt == ATTEMPTS:
                raise
            pause(attempt)
            continue
        if answer.status_code not in LATER or attempt == ATTEMPTS:
            return answer
        stated = answer.headers.get("Retry-After", "1")
        time.sleep(min(float(stated) if stated.isdigit() else 1.0, LONGEST_PAUSE))
    raise AssertionError("the last attempt returns or raises")


def pause(attempt: int) -> None:
    time.sleep(min(0.2 * attempt, LONGEST_PAUSE))


def told(answer: httpx.Response, *, lines: Sequence[int] = ()) -> str:
    """A refusal in a sentence. `lines`: where the reports of a batch stand in their file."""
    if answer.headers.get("Content-Type", "").partition(";")[0] != "application/problem+json":
        return f"The gateway answered {answer.status_code}."
    problem = answer.json()
    faults = [f"{_place(fault['pointer'], lines)}: {fault['detail']}" for fault in problem.get("errors", [])]
    return "; ".join([f"{answer.status_code} {problem['title']}. {problem['detail']}", *faults])


def _place(pointer: str, lines: Sequence[int]) -> str:
    index, slash, below = pointer.removeprefix("/").partition("/")
    if not lines or not index.isdigit() or int(index) >= len(lines):
        return pointer
    return f"line {lines[int(index)]}{f' {slash}{below}' if below else ''}"
