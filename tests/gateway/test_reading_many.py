"""Many reports at once are read as each by itself."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER
from services.reading.many import read_reports
from services.reading.problems import Problem
from services.reading.reports import Posted, read_report


def report(of: str, **members: object) -> bytes:
    said = {"specversion": "1.0", "id": "r1", "source": "/invented", "type": of, "data": REGISTER[of].example()}
    return json.dumps({**said, **members}).encode()


GOOD = [report(name) for name in sorted(REGISTER)]
TWICE = GOOD[0].replace(b'"data": {', b'"data": {"in_scope": true, "in_scope": false, ', 1)
ODD = [
    b"",
    b"[]",
    b"{",
    b"\xff\xfe",
    b"null",
    TWICE,
    b"[" * 40 + b"]" * 40,
    b'{"specversion":"1.0"}',
    report("arrest.made.v1", type="arrest.unmade.v1"),
    report("arrest.made.v1", further="member"),
    report("arrest.made.v1", data={"occurred": "yesterday"}),
    report("arrest.made.v1", id="an \u0000 id"),
    report("arrest.made.v1", source="/a b"),
    report("arrest.made.v1", time="2022-06-24T12:00:00"),
    report("arrest.made.v1", subject="ein\u00e9"),
    report("arrest.made.v1", data=None),
]


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(st.lists(st.sampled_from(GOOD + ODD), max_size=12))
def test_reports_read_together_are_those_read_alone(raws: list[bytes]) -> None:
    assert [told(one) for one in read_reports(raws)] == [told(alone(raw)) for raw in raws]


def test_each_spoiled_report_among_good_ones_is_refused_by_itself() -> None:
    read = read_reports([GOOD[0], *ODD, GOOD[1]])

    assert isinstance(read[0], Posted)
    assert isinstance(read[-1], Posted)
    assert sum(isinstance(one, Problem) for one in read) == len(ODD) - 2  # A further member and a subject are taken.


def alone(raw: bytes) -> Posted | Problem:
    try:
        return read_report(raw)
    except Problem as refused:
        return refused


def told(one: Posted | Problem) -> object:
    if isinstance(one, Problem):
        return type(one), one.document()
    return one.raw, one.data, one.envelope.id, one.envelope.type, one.event, one.content
