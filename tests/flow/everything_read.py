"""Everything that one viewer can obtain of an operation: every route that reads, asked in many ways."""

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx

from services.gateway.ogc import COLLECTIONS
from tests.flow.answers_described import described, faults
from tests.flow.one_operation_twice import HIDDEN_NAME, HIDDEN_NUMBER, KNOWN_NAME, KNOWN_NUMBER

PREFIX = "/v1/operations/{operation}"
OWN_SESSION = "/v1/session"
"""Of a browser: who shows a token has none."""
STREAMED = f"{PREFIX}/live"
"""Alone asked in a test of its own: it never ends."""
SEARCHED = f"POST {PREFIX}/search"
EXEMPT = {
    f"GET {STREAMED}": "never ends: compared by a test of its own, frame by frame",
    "GET /v1/codes/{list}": "reads the contract, and no operation",
    "GET /v1/schemas/{type}": "reads the contract, and no operation",
    "GET /v1/templates/{template}": "reads the contract, and no operation",
    f"POST {PREFIX}/events": "writes; that it refuses the hidden in the words for the unknown has tests of its own",
    "POST /v1/operations": "writes",
    "PUT /v1/engines/{engine}": "divides among an agency's engines what `GET /v1/operations` names",
    "DELETE /v1/engines/{engine}": "",
    "POST /v1/session": "is about the officer alone, as all that follow",
    "PATCH /v1/session": "",
    "DELETE /v1/session": "",
    "POST /v1/session/password": "",
}
"""The routes that a walk leaves out, each for a reason."""
SOUGHT: tuple[dict[str, Any], ...] = (
    {"name": "Invented"},
    {"name": "Invented", "birth_date": "1961", "band": "weak", "limit": 3},
    {"name": KNOWN_NAME},
    {"name": HIDDEN_NAME},
    {"document": KNOWN_NUMBER},
    {"document": HIDDEN_NUMBER},
    {"plate": "XX000XX"},
    {"phone": HIDDEN_NUMBER},
    {"registration": HIDDEN_NUMBER},
)
"""What may be searched for: some of it stands in records that everybody sees, and some in hidden ones alone."""
IDS = ("entry", "thing", "feature")
FILLED = {"view": ("timeline", "arrests", "map"), "form": ("csv", "geojson"), "collection": (*COLLECTIONS,)[:3]}
"""What else may stand in an address, beside ids and metrics."""
A_RANDOM_ID = "0a1b2c3d-0000-5000-8000-00000000beef"
_SEALED = re.compile(r"(?<![\w-])[\w-]{86}(?![\w-])|(?<=\('etag', '\")[\w.-]{20,41}(?=\")")
"""Cursors, and the tags of whole answers, which are made from them among the rest."""
_MADE_AT_RANDOM = re.compile(
    r'"(?:digest":"[0-9a-f]{64}|received_at":"[^"]*)"|SHA-256</dt><dd class="mono">[0-9a-f]{64}'
    r'|(?<="given":{)"first_at":"[^"]*","last_at":"[^"]*"'
)
"""The digest of a report with sealed members is under a random key, and so what is hashed from it on paper;
`received_at` is the true time in an exercise, and so is when the viewer was given what was recalled since."""
_NOT_OF_THE_ANSWER = {"date", "content-length"}
_RECALLS = "/recalls"
_PAGES = 3
_AT_ONCE = 4
_FEW, _EVERY = 9, 4
"""Of a route's many records or figures, each is asked for plainly, and some of them in all ways."""
Query = dict[str, Any]
EXPORT = {"Accept": "application/x-ndjson", "Vcp-Purpose": "a test of the drill"}


@dataclass
class Walk:
    """Asks as one viewer, and keeps what was answered under what was asked."""

    client: httpx.Client
    operation: str
    document: dict[str, Any]
    moments: list[str]
    """Times and entries that the viewer may know, to ask `as_of`."""
    hidden: list[str]
    """Ids of entries that the viewer may not see; in a run without them they are ids of nothing."""
    thorough: bool = True
    """Whether each route is asked in many ways, and not only as it stands."""
    exact: dict[str, str] = field(default_factory=dict)
    """Status, headers and body as they came."""
    faults: list[str] = field(default_factory=list)
    """Where an answer is another than the API pages say."""

    @property
    def log(self) -> str:
        return f"/v1/operations/{self.operation}/events"

    def walk(self) -> None:
        paths = self.document["paths"]
        asked = [
            (path, filled, query)
            for path, methods in paths.items()
            if "get" in methods and f"GET {path}" not in EXEMPT
            for number, filled in enumerate(self._filled(path))
            for query in self._queries(methods["get"], only_plainly=self._is_one_of_many(number, filled))
        ]
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            list(threads.map(lambda one: self._pages(*one), (one for one in asked if not one[0].endswith(_RECALLS))))
        self._keep(self.client.get(self.log, headers=EXPORT), f"{self.log} {{}} NDJSON")
        self._search()
        # What the viewer was given is told by it, so it comes when all that is given here was.
        for path, filled, query in asked:
            if path.endswith(_RECALLS):
                self._pages(path, filled, query)

    def _search(self) -> None:
        path = SEARCHED.partition(" ")[2].replace("{operation}", self.operation)
        for sought in SOUGHT:
            for query in ({}, *({"as_of": moment} for moment in self.moments if self.thorough)):
                answer = self.client.post(path, params=query, json=sought)
                assert answer.status_code == 200, f"{answer.text} {sought}"
                self._keep(answer, f"{path} {json.dumps({**query, **sought})}")

    def _queries(self, operation: dict[str, Any], *, only_plainly: bool) -> Iterable[Query]:
        ways = _queries(operation, self.moments, self.hidden)
        return ways if self.thorough and not only_plainly else islice(ways, 1)

    def _is_one_of_many(self, number: int, filled: str) -> bool:
        """Whether others like it are asked in more ways: ids of nothing and of what is hidden always are."""
        return number >= _FEW and number % _EVERY > 0 and not any(id in filled for id in (*self.hidden, A_RANDOM_ID))

    def _pages(self, route: str, path: str, query: Query) -> None:
        following = self._ask(route, path, query)
        for page in range(1, _PAGES):
            if following is None or "limit" not in query:
                break
            following = self._ask(route, path, {**query, "cursor": following}, name=f"page {page}")

    def _ask(self, route: str, path: str, query: Query, *, name: str = "") -> str | None:
        """Keeps the answer, holds it against what the API pages say, and gives the cursor of the next page."""
        answer = self.client.get(path, params=query)
        asked = {key: value for key, value in query.items() if key != "cursor"}
        self._keep(answer, f"{path} {json.dumps(asked)} {name}")
        expected = (401,) if path == OWN_SESSION else (200, 400, 404, 503)
        assert answer.status_code in expected, f"{answer.status_code} {path} {asked}"
        following: str | None = None
        media = answer.headers.get("content-type", "")
        if answer.status_code == 200 and media.endswith("json"):
            found = answer.json()
            self.faults += faults(found, route, media) if described(route, media) else [f"{route} answers {media}"]
            following = found.get("next")
        return following

    def _keep(self, answer: httpx.Response, asked: str) -> None:
        kept = sorted((key, value) for key, value in answer.headers.items() if key not in _NOT_OF_THE_ANSWER)
        # Each run has an address of its own, which some answers repeat.
        told = f"{answer.status_code} {kept} {answer.text}".replace(self.client.base_url.netloc.decode(), "")
        self.exact[asked] = told

    def _filled(self, path: str) -> list[str]:
        """The address with every value that this viewer might try."""
        if not path.startswith(PREFIX):
            assert "{" not in path, f"nothing is known to stand in {path}"
            return [path]
        found = [path.replace("{operation}", self.operation)]
        filled = {"metric": (*self._metrics(), "premises_searched", "none") if "{metric}" in path else (), **FILLED}
        for name in IDS:
            if f"{{{name}}}" in path:
                filled[name] = (*self._ids(path.partition(f"/{{{name}}}")[0]), *self.hidden, A_RANDOM_ID)
        for name, values in filled.items():
            if f"{{{name}}}" in path:
                found = [one.replace(f"{{{name}}}", value) for one in found for value in values]
        assert not any("{" in one for one in found), f"nothing is known to stand in {path}"
        return found

    def _metrics(self) -> list[str]:
        items = self.client.get(f"/v1/operations/{self.operation}/figures").json()["items"]
        return [item["metric"] for item in items]

    def _ids(self, listed: str) -> list[str]:
        """The ids that a list gives; where the address is of no list, those of all entries."""
        is_list = "get" in self.document["paths"].get(listed, {}) and listed.count("{") == 1
        is_list = is_list and not listed.endswith(("/offers", "/disclosures"))
        log = listed.replace("{operation}", self.operation) if is_list else self.log
        items = self.client.get(log, params={"limit": 1000}).json()["items"]
        return [item.get("thing") or item["entry"] for item in items][: None if log == self.log else 2]


def told(answers: dict[str, str]) -> dict[str, str]:
    """Answers without what is random in every run, and with what is sealed in them numbered.

    Which cursor or tag it is tells nothing, but whether two are the same does: each becomes the number of its first
    appearance.
    """
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"sealed-{numbers.setdefault(found[0], len(numbers))}"

    return {asked: _SEALED.sub(number, _MADE_AT_RANDOM.sub("", answers[asked])) for asked in sorted(answers)}


def _queries(operation: dict[str, Any], moments: list[str], hidden: list[str]) -> Iterator[Query]:
    """Ways to ask, from what the API document says may be asked."""
    parameters = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
    needed = {name: moments[0] for name, one in parameters.items() if one.get("required")}
    if "step" in parameters:
        needed["step"] = 200  # A replay at a speed is cut where the clock cuts it.
    of_one = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"} != {"operation"}
    ways: dict[str, list[Any]] = {
        "limit": [1],
        "as_of": [moments[0]] if of_one else [*moments, *hidden[:1], A_RANDOM_ID],
        "from": [*hidden[:1], A_RANDOM_ID, moments[1]] if needed else [],
        "at": [moments[0]],
        "agency": ["AT"],
        "country": ["AT"],
        **{name: one["schema"]["enum"] for name, one in parameters.items() if "enum" in one["schema"]},
    }
    if of_one:
        # Of single records and figures there are many.
        ways = {name: ways[name] for name in ("limit", "as_of")}
    yield needed
    for name, values in ways.items():
        for value in values if name in parameters else []:
            yield {**needed, name: value}
    if "after" in parameters and not of_one:
        yield {**needed, "after": (*hidden, A_RANDOM_ID)[0], "wait": 0}
