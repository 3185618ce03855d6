"""One operation, played with and without what some of its participants may not see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.event import REGISTER
from schemas.subjects import entry_id
from schemas.wording import AN_ENTRY, ANOTHER_ENTRY
from services.stack import Stack
from tests.flow.conftest import Room

OPERATION = "jad-played-twice"
HIDDEN = {"scope": "named", "agencies": ["AT", "BA"]}
KINDLESS: dict[str, dict[str, Any]] = {
    "desk.handed_over.v1": {"open_items": []},
    "victim.safeguarded.v1": {"case": None},
}
VIEWERS = ("MD", "INTERPOL", "HR")
"""A third country that takes part, an international body, and an observer under the law of the Union."""
BULK = 500
KNOWN_NAME, KNOWN_NUMBER = "Oftenseen", "KN0770011"
"""Of a person whom everybody sees, and who stands in hidden records as well."""
HIDDEN_NAME, HIDDEN_NUMBER = "Neverseen", "HD0990022"
_BEGIN = datetime(2022, 6, 25, 6, tzinfo=UTC)
_SOURCE = "/invented/system"
_ALL_KNOW = ("operation.", "participant.", "phase.")
SEEN = (
    "incident.reported.v1",
    "seizure.made.v1",
    "thb_case.reported.v1",
    "border_check.reported.v1",
    "hit.raised.v1",
    "refusal.reported.v1",
    "deployment.reported.v1",
    "nil_report.filed.v1",
    "vehicle.detected.v1",
    "document_fraud.detected.v1",
    "arrest.made.v1",
    "arrest.made.v1",
)


@dataclass
class Play:
    """Posts the same visible reports in every run, under the same ids and times, and the hidden ones in some."""

    room: Room
    with_hidden: bool
    minutes: int = 0
    numbers: dict[str, int] = field(default_factory=lambda: {"v": 0, "h": 0})
    refused: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    visible: list[str] = field(default_factory=list)

    def see(self, poster: str, type: str, /, *, etag: str | None = None, **members: Any) -> dict[str, Any]:
        """A report that everybody sees."""
        self.minutes += 1
        answer = self._post("v", poster, type, etag, {"audience": {"scope": "all"}, **members})
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        self.visible.append(receipt["entry"])
        return receipt

    def hide(self, poster: str, type: str, /, *, etag: str | None = None, **members: Any) -> dict[str, Any]:
        """A report that none of the viewers may see; in a run without those, its id alone."""
        id = self._next_id("h")
        entry = str(entry_id(OPERATION, agency=poster, source=_SOURCE, id=id))
        self.hidden.append(entry)
        if not self.with_hidden:
            return {"entry": entry, "etag": None}
        self.numbers["h"] -= 1
        answer = self._post("h", poster, type, etag, {"audience": HIDDEN, **members})
        if answer.status_code != 201:
            self.refused.append(f"{type}: {answer.text}")
            self.hidden.pop()
            return {"entry": entry, "etag": None}
        receipt: dict[str, Any] = answer.json()
        assert receipt["entry"] == entry
        return receipt

    def hide_many(self) -> None:
        """Five hundred more of them, in one batch."""
        kinds = ("arrest.made.v1", "seizure.made.v1", "incident.reported.v1", "hit.raised.v1", "nil_report.filed.v1")
        reports = []
        for number in range(BULK):
            report = self.room.report(kinds[number % len(kinds)], id=self._next_id("h"), audience=HIDDEN)
            reports.append({**report, "time": self._now()})
            agency_id = entry_id(OPERATION, agency="BA", source=_SOURCE, id=report["id"])
            self.hidden.append(str(agency_id))
        if self.with_hidden:
            answer = self.room.as_agency("BA").post(
                f"{self.room.path}/events",
                json=reports,
                headers={"Content-Type": "application/cloudevents-batch+json"},
            )
            assert {one["status"] for one in answer.json()["results"]} == {201}, answer.text[:500]
            self.room.get("BA", "timeline", after=self.hidden[-1], wait=30, limit=1)

    def wait(self) -> None:
        """Until the picture shows what was posted last."""
        self.room.get("AT", "timeline", after=self.visible[-1], wait=30, limit=1)
        if self.with_hidden:
            self.room.get("AT", "timeline", after=self.hidden[-1], wait=30, limit=1)

    def _post(self, kind: str, agency: str, type: str, etag: str | None, members: dict[str, Any]) -> Any:
        report = self.room.report(type, id=self._next_id(kind), **members)
        answer = self.room.post(agency, {**report, "time": self._now()}, etag=etag)
        if answer.status_code == 201:
            self.room.get(agency, "timeline", after=answer.json()["entry"], wait=30, limit=1)
        return answer

    def _next_id(self, kind: str) -> str:
        self.numbers[kind] += 1
        return f"{kind}{self.numbers[kind]}"

    def _now(self) -> str:
        """The clock of the exercise moves with the visible reports alone."""
        return (_BEGIN + timedelta(minutes=self.minutes)).isoformat()


def room_of(stack: Stack) -> Room:
    return Room(stack, OPERATION, time=_BEGIN.isoformat())


def play(room: Room, *, with_hidden: bool) -> Play:
    """The operation, its picture complete."""
    opened = room.report("operation.created.v1", id="opened", code=OPERATION, lead=["AT"], exercise=True, **room.now())
    answer = room.as_agency("AT").post(
        "/v1/operations", json=opened, headers={"Content-Type": "application/cloudevents+json"}
    )
    assert answer.status_code == 201, answer.text
    played = Play(room, with_hidden, visible=[answer.json()["entry"]])
    for code in ("BA", "MD", "FRONTEX", "EUROPOL", "INTERPOL", "HR"):
        national = len(code) == 2
        kind: dict[str, Any] = (
            {"kind": "national", "country": code} if national else {"kind": code.lower(), "country": None}
        )
        played.see("AT", "participant.joined.v1", agency=code, name=None,
                   role="observer" if code == "HR" else "participant", **kind)  # fmt: skip
    for act in (_each_type, _commands, _pairs, _figures, _persons, _about_visible_ones, Play.hide_many, _ends_hidden):
        act(played)
    played.wait()
    return played


def _each_type(played: Play) -> None:
    """Some types for all, and one of each that stands by itself in secret; what it names is a visible record."""
    for type in SEEN:
        played.see("BA", type)
        played.hide("BA", type)
    named = {AN_ENTRY: played.visible[-1], ANOTHER_ENTRY: played.visible[-2]}
    for type, kind in REGISTER.items():
        if kind.changes is None and not type.startswith(_ALL_KNOW):
            example = kind.example()
            members = {name: named[said] for name, said in example.items() if isinstance(said, str) and said in named}
            played.hide("AT", type, handling={"codes": ["H2"]}, **{**members, **KINDLESS.get(type, {})})


def _commands(played: Play) -> None:
    """What is done to visible records, and the same to hidden ones that are tied to them."""
    incidents: list[str] = []
    for post in (played.see, played.hide):
        incident = post("BA", "incident.reported.v1")
        incidents.append(incident["entry"])
        arrest = post("BA", "arrest.made.v1", incident=incidents[0])
        changed = post("BA", "arrest.updated.v1", arrest=arrest["entry"], etag=arrest["etag"])
        data = {**played.room.report("arrest.made.v1")["data"], "count": 3, **_audience(post, played)}
        post("BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=changed["etag"])
        seizure = post("BA", "seizure.made.v1")
        post("BA", "record.retracted.v1", target=seizure["entry"], reason="wrong", etag=seizure["etag"])
        hit = post("BA", "hit.raised.v1", database="national", record_owner_country="AT")
        verified = post("AT", "hit.verified.v1", hit=hit["entry"], outcome="confirmed", etag=hit["etag"])
        post("BA", "hit.actioned.v1", hit=hit["entry"], etag=verified["etag"])
        post("AT", "record.acknowledged.v1", target=hit["entry"])
        asked = post("AT", "information.requested.v1", to=["BA"])
        post("BA", "information.answered.v1", request=asked["entry"], etag=asked["etag"])


def _audience(post: Callable[..., Any], played: Play) -> dict[str, Any]:
    return {"audience": HIDDEN} if post == played.hide else {}


def _pairs(played: Play) -> None:
    """Two visible records that are found to be one, for those alone who see the pair."""
    a, b = (played.see("BA", "arrest.made.v1", count=2)["entry"] for _ in range(2))
    hidden = played.hide("AT", "duplicate.suggested.v1", a=a, b=b)
    played.hide("AT", "duplicate.confirmed.v1", pair=hidden["entry"], kept=a, etag=hidden["etag"])
    c, d = (played.see("BA", "seizure.made.v1")["entry"] for _ in range(2))
    pair = played.see("AT", "duplicate.suggested.v1", a=c, b=d)
    played.see("AT", "duplicate.confirmed.v1", pair=pair["entry"], kept=c, etag=pair["etag"])


def _figures(played: Play) -> None:
    """Numbers that leads state."""
    for post in (played.see, played.hide):
        validated = post("AT", "figure.validated.v1")
        post("AT", "figure.released.v1", validation=validated["entry"])
        post("BA", "figure.disputed.v1", disputed=validated["entry"])


def _persons(played: Play) -> None:
    """One whom everybody sees, and of whom there are hidden records too; and one who is in hidden records alone."""
    known, hidden = _person(KNOWN_NAME, KNOWN_NUMBER), _person(HIDDEN_NAME, HIDDEN_NUMBER)
    played.see("BA", "arrest.made.v1", person=known)
    for person in (known, hidden, hidden):
        played.hide("BA", "arrest.made.v1", person=person)
    played.see("BA", "arrest.made.v1", person=known)


def _person(name: str, number: str) -> dict[str, Any]:
    return {
        "names": [{"family": name, "given": None, "script": "Latn"}],
        "documents": [{"document_class": "passport", "number": number, "issuer": "IL"}],
        "subject_category": "suspect",
        "minor": False,
    }


def _about_visible_ones(played: Play) -> None:
    """What some write to each other about a record that everybody sees.

    What everybody saw once and was hidden since is left out: those who had it are told that it is withdrawn.
    """
    seen = played.see("BA", "arrest.made.v1")
    played.hide("AT", "permission.requested.v1", target=seen["entry"])
    played.hide("AT", "message.sent.v1", regarding=seen["entry"], to=["BA"])


def _ends_hidden(played: Play) -> None:
    """The last that everybody sees, and what follows it in secret."""
    played.see("BA", "arrest.made.v1")
    ends_hidden(played)


def ends_hidden(played: Play) -> None:
    """Hidden reports after the last visible one."""
    for type in ("arrest.made.v1", "seizure.made.v1", "incident.reported.v1", "figure.validated.v1"):
        played.hide("AT", type)
