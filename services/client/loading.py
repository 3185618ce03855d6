"""Loads a file into a watch list: what the list lacks goes through the door, and nothing else."""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from schemas.codes import INTERPOL_DATABASES
from services.client import notices
from services.client.answers import Refused, told
from services.client.blocks import NoBlock, block, filled
from services.client.listed import PUBLISHED, SOURCE, Held, Step, Wanted, digest
from services.client.log import whole_log
from services.client.posting import FilePost, survey
from services.client.rows import Row, rows_of
from services.client.sending import Result

PURPOSE = "watch list load"
LIFE_OF_A_LIST = timedelta(days=3650)
"""What its log says that it is planned for; nothing ends by itself."""
_INTERPOL = {"subject": "Nominals", "document": "SLTD", "vehicle": "SMV"}
_SORTS = (*_INTERPOL, "organisation")
assert set(_INTERPOL.values()) <= set(INTERPOL_DATABASES)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose list it is, and how its lines are to be handled."""

    agency: str
    handling: Sequence[str] = ("H0",)
    action: str | None = None
    """What a line asks for that says nothing of it itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one line of the file; line 0 is what the file no longer has."""

    line: int
    step: str
    """new, changed, gone; same; fault."""
    problem: Any = None


def owner_of(client: httpx.Client) -> str:
    """The agency of the token. Raises Refused."""
    answer = client.get("/v1/me")
    if answer.status_code != 200:
        raise Refused(told(answer))
    return str(answer.json()["agency"])


def create(client: httpx.Client, list_code: str, owner: Owner) -> None:
    """Opens the list's log where there is none yet. Raises Refused."""
    if client.get(f"/v1/operations/{list_code}").status_code == 200:
        return
    now = datetime.now(UTC).replace(microsecond=0)
    data = {
        "code": list_code,
        "name": list_code,
        "window": {"from": now.isoformat(), "to": (now + LIFE_OF_A_LIST).isoformat(), "time_zone": "UTC"},
        "priorities": [],
        "lead": [owner.agency],
        "exercise": False,
        "occurred": {"from": now.isoformat(), "precision": "minute"},
        "audience": {"scope": "all"},
        "handling": {"codes": list(owner.handling)},
    }
    report = {"specversion": "1.0", "id": list_code, "source": SOURCE, "type": "operation.created.v1", "data": data}
    answer = client.post("/v1/operations", json=report, headers={"Content-Type": "application/cloudevents+json"})
    if answer.status_code not in (200, 201):
        raise Refused(told(answer))


def load(client: httpx.Client, file: Path, list_code: str, owner: Owner, *, complete: bool) -> Iterator[Said]:
    """Every line with what became of it. Raises Refused, Unreadable, and httpx.TransportError."""
    moment = datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(microsecond=0)
    with closing(Held()) as held, TemporaryDirectory(prefix="vcp-list-") as folder:
        held.take(whole_log(client, list_code, purpose=PURPOSE))
        lines, kinds = array("Q"), []
        reports = Path(folder) / "reports.ndjson"
        with reports.open("w", encoding="utf-8") as out:
            for said in _steps(file, list_code, owner, held, complete=complete):
                if isinstance(said, Said):
                    yield said
                else:
                    out.write(json.dumps(_report(said, owner, moment), ensure_ascii=False) + "\n")
                    lines.append(said.line)
                    kinds.append({PUBLISHED: "new"}.get(said.type, "changed" if said.line else "gone"))
        found = survey(reports, operation=list_code)
        post = FilePost(client, list_code, atomic=False, imported=False)
        for line, result in post.results(reports, found):
            place = line.line - 1
            yield _outcome(lines[place], kinds[place], result)


def _outcome(line: int, kind: str, result: Result) -> Said:
    if "problem" in result:
        return Said(line, "fault", result["problem"])
    return Said(line, kind)


def _steps(file: Path, list_code: str, owner: Owner, held: Held, *, complete: bool) -> Iterator[Step | Said]:
    whole = True
    for row in rows_of(file):
        try:
            found = held.step(_wanted(row, list_code, owner))
        except NoBlock as refused:
            whole = False
            yield Said(row.line, "fault", str(refused))
            continue
        if isinstance(found, int):
            yield Said(row.line, "fault", f"This is what line {found} names too.")
        else:
            yield found or Said(row.line, "same")
    # A line that could not be read may be one that the list has.
    if complete and whole:
        yield from held.gone()


def _wanted(row: Row, list_code: str, owner: Owner) -> Wanted:
    if row.fault is not None:
        raise NoBlock(row.fault)
    said = notices.line(row.said) if notices.is_notice(row.said) else _line(row.said)
    sort = next(name for name in _SORTS if name in said)
    said = filled({"requested_action": owner.action, **said, "database": _database(owner.agency, sort)})
    named = said.get("reference") or _names(said[sort])
    return Wanted(row.line, digest([sort, named], salt=list_code), digest(said, salt=list_code), said)


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    found = block(row)
    if found.sort == "phone":
        raise NoBlock("A telephone alone is no line of a list.")
    about = {name: row.get(name) for name in ("reference", "issuing_country", "requested_action")}
    return filled({**about, found.sort: found.said})


def _names(said: Mapping[str, Any]) -> Any:
    """What a line without a reference is known by."""
    for members in (("vin",), ("plate", "plate_country"), ("number", "issuer")):
        if members[0] in said:
            return [said.get(member) for member in members]
    registered = said.get("registrations")
    if isinstance(registered, list) and all(isinstance(one, Mapping) for one in registered):
        return [[one.get("registration_number"), one.get("country")] for one in registered]
    return said


def _database(agency: str, sort: str) -> str:
    if agency == "INTERPOL":
        if sort not in _INTERPOL:
            raise NoBlock("None of INTERPOL's databases that are known here lists organisations.")
        return _INTERPOL[sort]
    return "EIS" if agency == "EUROPOL" else "national"


def _report(step: Step, owner: Owner, moment: datetime) -> dict[str, Any]:
    # The time is the file's, so that loading it again after a fall says the same.
    about = {
        "occurred": {"from": moment.isoformat(), "precision": "minute"},
        "audience": {"scope": "named", "agencies": [owner.agency]},
        "handling": {"codes": list(owner.handling)},
    }
    evaluated = {**about, "evaluation": {"scheme": "4x4", "source": "X", "information": "4"}}
    said = dict(step.said)
    if step.type == PUBLISHED:
        said = {**evaluated, **said}
    elif "corrected" in said:
        said = {**about, **said, "corrected": {**evaluated, **said["corrected"]}}
    else:
        said = {**about, **said}
    return {
        "specversion": "1.0",
        "id": step.id,
        "source": SOURCE,
        "type": step.type,
        "time": moment.isoformat(),
        "data": said,
    }
