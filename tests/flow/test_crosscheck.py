"""A question put to an agency that delegated to the engine is answered from what others contributed, and no further."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import create_engine

from schemas.subjects import entry_id
from services.cli.delegation import delegated
from services.shared.database import engine_url
from services.stack import Stack
from tests.flow.conftest import open_room

pytestmark = pytest.mark.own_stack  # the engine answers for EUROPOL and INTERPOL in every operation, and is killed

WAIT_SECONDS = 30


@pytest.fixture
def room(room: Any, stack: Stack) -> Any:
    """The operation, where EUROPOL and INTERPOL have delegated to the engine."""
    delegate_to_engine(room, stack)
    return room


def delegate_to_engine(room: Any, stack: Stack) -> None:
    engine = create_engine(engine_url(stack.settings.gateway_database_url))
    for code in ("EUROPOL", "INTERPOL"):
        room.as_agency(code)
        if not (stack.settings.delegations_folder / f"{code}.token").exists():
            with engine.begin() as connection:
                delegated(connection, code, folder=stack.settings.delegations_folder)
    engine.dispose()


def person(**members: Any) -> dict[str, Any]:
    return {
        "subject_category": "suspect",
        "names": [{"given": "Sergei", "family": "Inventsky"}],
        "birth_date": "1980-02-17",
        **members,
    }


def ask(room: Any, agency: str = "BA", target: str = "EUROPOL", **members: Any) -> str:
    subject = members.pop("subject", person())
    return room.take(agency, "cross_check.requested.v1", target=target, subject=subject, **members)["entry"]


def check(room: Any, agency: str, question: str, *, by: str = "EUROPOL") -> dict[str, Any]:
    """The check, once the engine has answered it: the id of its answer comes from the question."""
    wait_for(room, agency, f"{question}.result", by=by)
    found = room.get(agency, f"crosschecks/{question}")
    assert found["state"] == "resulted"
    return found


def wait_for(room: Any, agency: str, report: str, *, by: str = "EUROPOL") -> None:
    entry = entry_id(room.operation, agency=by, source="/vcp/crosscheck", id=report)
    room.get(agency, "timeline", after=str(entry), wait=WAIT_SECONDS, limit=1)


def hits(room: Any, agency: str, question: str) -> list[dict[str, Any]]:
    log = room.get(agency, "events", limit=1000)["items"]
    return [
        one
        for one in log
        if one["report"]["type"] == "hit.raised.v1" and one["report"]["data"].get("result_of") == question
    ]


def test_a_question_finds_the_same_person_in_another_script_and_says_why(room: Any) -> None:
    names = [{"full": "Сергей Инвентский", "script": "Cyrl"}]
    record = room.take("MD", "arrest.made.v1", person=person(names=names))["entry"]

    question = ask(room)

    answered = check(room, "BA", question)
    assert answered["detail"]["result"]["hits"] == 1
    (hit,) = hits(room, "BA", question)
    said = hit["report"]["data"]
    assert (hit["agency"], hit["actor"]) == ("EUROPOL", "system:crosscheck")
    assert (said["record"], said["database"], said["record_owner_country"]) == (record, "national", "MD")
    assert said["matched"]["band"] == "strong"
    assert sum(reason["bits"] for reason in said["matched"]["reasons"]) == pytest.approx(said["matched"]["bits"])
    assert {"same date of birth"} <= {reason["words"] for reason in said["matched"]["reasons"]}
    for agency, entry in (("MD", record), ("BA", question)):
        told = room.get(agency, f"disclosures/{entry}")["given"]
        combined = {(one["agency"], one["actor"], one["purpose"]) for one in told if one["act"] == "combination"}
        assert combined == {("EUROPOL", "system:crosscheck", "cross-check")}


def test_nothing_found_is_said_too(room: Any) -> None:
    room.take("MD", "arrest.made.v1", person=person(names=[{"full": "Zoran Kukulj"}]))

    question = ask(room)

    assert check(room, "BA", question)["detail"]["result"]["hits"] == 0
    assert hits(room, "BA", question) == []


def test_ones_own_record_is_no_hit(room: Any) -> None:
    room.take("BA", "arrest.made.v1", person=person())

    question = ask(room)

    assert check(room, "BA", question)["detail"]["result"]["hits"] == 0


def test_a_record_that_the_asker_may_not_see_is_not_found(room: Any) -> None:
    hidden = {"scope": "named", "agencies": ["EUROPOL"]}
    room.take("MD", "arrest.made.v1", person=person(), audience=hidden)

    question = ask(room)

    assert check(room, "BA", question)["detail"]["result"]["hits"] == 0
    assert hits(room, "EUROPOL", question) == []


def test_a_record_that_only_some_askers_may_see_is_told_to_them_alone(room: Any) -> None:
    some = {"scope": "named", "agencies": ["EUROPOL", "BA"]}
    record = room.take("MD", "arrest.made.v1", person=person(), audience=some)["entry"]

    question = ask(room)

    without = check(room, "FRONTEX", question)
    assert (without["detail"]["result"]["outcome"], without["raised"]) == ("no_hit", 0)
    assert [one["report"]["data"]["record"] for one in hits(room, "BA", question)] == [record]
    assert len(hits(room, "MD", question)) == 1
    assert hits(room, "FRONTEX", question) == hits(room, "AT", question) == []
    said = [one["report"]["type"] for one in room.get("FRONTEX", "events")["items"] if one["thing"] == question]
    assert said == ["cross_check.requested.v1", "cross_check.resulted.v1"]
    with_it = room.get("BA", f"crosschecks/{question}")
    assert with_it["detail"]["result"] == without["detail"]["result"]
    assert with_it["raised"] == 1


def test_of_a_withheld_record_the_asker_learns_whom_to_ask_and_its_owner_that_somebody_asked(room: Any) -> None:
    hidden = {
        "audience": {"scope": "named", "agencies": ["EUROPOL"]},
        "handling": {"codes": ["H2"]},
        "show_existence": True,
    }
    record = room.take("MD", "arrest.made.v1", person=person(), **hidden)

    question = ask(room, audience={"scope": "named", "agencies": ["EUROPOL"]})

    result = check(room, "BA", question)["detail"]["result"]
    assert (result["hits"], result["ask"]) == (1, ["MD"])
    assert hits(room, "BA", question) == []
    wait_for(room, "MD", f"{question}.{record['entry']}.withheld")
    (hit,) = hits(room, "MD", question)
    assert (hit["report"]["data"]["asked_by"], hit["report"]["data"]["record"]) == ("BA", record["entry"])

    # Its owner shows it now: who asked gets the hit, and need ask nobody any more.
    etag = room.get("MD", f"events/{record['entry']}")["etag"]
    shown = {"new_audience": {"scope": "all"}, "new_handling": {"codes": ["H0"]}, "audience": hidden["audience"]}
    room.take("MD", "handling.changed.v1", target=record["entry"], etag=etag, **shown)
    wait_for(room, "BA", f"{question}.{record['entry']}")
    assert [one["report"]["data"]["record"] for one in hits(room, "BA", question)] == [record["entry"]]
    wait_for(room, "BA", f"{question}.result.1")
    told = room.get("BA", f"crosschecks/{question}")["detail"]["result"]
    assert (told["hits"], told.get("ask")) == (1, None)


@pytest.mark.parametrize("category", ["victim", "witness"])
def test_a_shielded_person_is_not_found(room: Any, category: str) -> None:
    shielded = person(subject_category=category)
    room.take("MD", "arrest.made.v1", person=shielded, necessity_note="Invented for the drill.")

    question = ask(room)

    assert check(room, "BA", question)["detail"]["result"]["hits"] == 0


def test_a_retracted_record_is_not_found_and_a_corrected_one_by_what_it_says_now(room: Any) -> None:
    taken_back = room.take("MD", "arrest.made.v1", person=person())
    corrected = room.take("MD", "arrest.made.v1", person=person(names=[{"full": "Zoran Kukulj"}]))
    room.take("MD", "record.retracted.v1", target=taken_back["entry"], etag=taken_back["etag"])
    right = room.report("arrest.made.v1", person=person())["data"]
    room.take("MD", "record.corrected.v1", target=corrected["entry"], corrected=right, etag=corrected["etag"])

    question = ask(room)

    assert check(room, "BA", question)["detail"]["result"]["hits"] == 1
    assert [one["report"]["data"]["record"] for one in hits(room, "BA", question)] == [corrected["entry"]]


def test_what_comes_later_is_compared_with_earlier_questions(room: Any) -> None:
    question = ask(room)
    check(room, "BA", question)

    record = room.take("MD", "arrest.made.v1", person=person())["entry"]

    wait_for(room, "BA", f"{question}.{record}")
    assert [one["report"]["data"]["record"] for one in hits(room, "BA", question)] == [record]
    # The answer is told anew, so the figure of hits moves and that of checks does not.
    wait_for(room, "BA", f"{question}.result.1")
    assert room.get("BA", f"crosschecks/{question}")["detail"]["result"]["hits"] == 1
    assert room.figure("BA", "cross_checks.hits")["value"] == 1
    assert room.figure("BA", "cross_checks")["value"] == 1


def test_what_a_person_declined_is_not_compared_with_what_comes_later(room: Any) -> None:
    # Of an address the engine says nothing, so a person can be first.
    declined = ask(room, subject_kind="address", subject=None)
    about = room.get("EUROPOL", f"offers/{declined}")
    said = {"check": declined, "audience": about["audience"], "reason": "insufficient"}
    room.take("EUROPOL", "cross_check.declined.v1", etag=about["etag"], **said)

    room.take("MD", "arrest.made.v1", person=person())
    later = ask(room)

    check(room, "BA", later)
    assert room.get("BA", f"crosschecks/{declined}")["state"] == "declined"
    assert hits(room, "BA", declined) == []


def test_in_an_exercise_the_engine_answers_by_the_exercises_clock(exercise: Any, stack: Stack) -> None:
    delegate_to_engine(exercise, stack)
    exercise.take("MD", "arrest.made.v1", person=person(), **exercise.now())

    question = ask(exercise, **exercise.now())

    assert check(exercise, "BA", question)["detail"]["result"]["hits"] == 1
    (hit,) = hits(exercise, "BA", question)
    assert hit["recorded_at"] == exercise.time.replace("Z", "+00:00")


def test_a_document_is_found_by_its_number_whoever_is_asked(room: Any) -> None:
    document = {"issuer": "RS", "number": "x-1234567"}
    record = room.take("MD", "document_fraud.detected.v1", document=document)["entry"]

    question = ask(
        room, target="INTERPOL", subject_kind="document", subject=None, document={"issuer": "RS", "number": "X1234567"}
    )

    assert check(room, "BA", question, by="INTERPOL")["detail"]["result"]["hits"] == 1
    (hit,) = hits(room, "BA", question)
    assert (hit["report"]["data"]["object"], hit["report"]["data"]["matched"]["band"]) == ("document", "exact")
    assert hit["report"]["data"]["record"] == record


def firm(**members: Any) -> dict[str, Any]:
    """An organisation that is invented, as the country of its seat writes it."""
    return {
        "subject_category": "suspect",
        "country": "BG",
        "names": [{"full": "Измислица Спедиция ООД", "script": "Cyrl"}],
        "registrations": [{"country": "BG", "registration_number": "000 111 222"}],
        **members,
    }


def test_an_organisation_is_found_by_its_registration_and_less_surely_by_its_name(room: Any) -> None:
    record = room.take("MD", "incident.reported.v1", kind="document_fraud", organisations=[firm()])["entry"]
    about = {"subject": None, "subject_kind": "organisation"}
    renamed = firm(names=[{"full": "Nascocita Servis"}])
    renamed["registrations"] = [{"country": "BG", "registration_number": "BG000111222"}]
    named = firm(names=[{"full": "Izmislitsa Speditsia"}], registrations=[])

    numbered = ask(room, organisation=renamed, **about)
    by_name = ask(room, organisation=named, **about)

    for question, band, why in (
        (numbered, "exact", "same registration number in the same country"),
        (by_name, "possible", "seat in the same country"),
    ):
        assert check(room, "BA", question)["detail"]["result"]["hits"] == 1
        (hit,) = hits(room, "BA", question)
        said = hit["report"]["data"]
        assert (said["object"], said["record"], said["matched"]["band"]) == ("organisation", record, band)
        assert (said["database"], said["record_owner_country"], said["matched"]["weights"]) == ("national", "MD", "3")
        assert why in {reason["words"] for reason in said["matched"]["reasons"]}
        assert "Izmislitsa" not in str(said) + str(hit)


def test_no_person_is_found_by_the_name_of_a_firm_and_no_firm_that_is_a_victim(room: Any) -> None:
    trader = {"subject_category": "suspect", "kind": "sole_trader", "names": [{"full": "ЕТ Сергей Инвентский"}]}
    room.take("MD", "premises.searched.v1", kind="business", organisation=trader)
    cheated = firm(subject_category="victim", registrations=[{"country": "BG", "registration_number": "333444555"}])
    room.take("MD", "incident.reported.v1", kind="document_fraud", organisations=[cheated])

    of_person = ask(room)
    of_firm = ask(
        room, subject=None, subject_kind="organisation", organisation={**cheated, "subject_category": "suspect"}
    )

    for question in (of_person, of_firm):
        assert check(room, "BA", question)["detail"]["result"]["hits"] == 0


def test_only_who_owns_the_record_says_whether_the_hit_holds(room: Any) -> None:
    room.take("MD", "arrest.made.v1", person=person())
    question = ask(room)
    check(room, "BA", question)
    (hit,) = hits(room, "BA", question)
    about = room.get("MD", f"offers/{hit['entry']}")
    verdict = {"hit": hit["entry"], "outcome": "confirmed", "audience": about["audience"]}

    for agency, status in (("EUROPOL", 403), ("BA", 403), ("MD", 201)):
        answer = room.post(agency, room.report("hit.verified.v1", **verdict), etag=about["etag"])
        assert answer.status_code == status, answer.text


def test_an_engine_killed_while_it_answers_answers_each_question_once(room: Any, stack: Stack) -> None:
    for number in range(5):
        room.take("MD", "arrest.made.v1", person=person(birth_date=f"198{number}-02-17"))
    questions = []
    for number in range(12):
        questions.append(ask(room, subject=person(birth_date=f"198{number % 5}-02-17")))
        if number % 3 == 0:
            stack.crosscheck.kill()
            stack.crosscheck.start()

    for question in questions:
        check(room, "BA", question)
        raised = [one["report"]["data"]["record"] for one in hits(room, "BA", question)]
        assert len(raised) == len(set(raised)) >= 1
    results = [
        one["report"]["data"]["check"]
        for one in room.get("BA", "events", limit=1000)["items"]
        if one["report"]["type"] == "cross_check.resulted.v1"
    ]
    assert sorted(results) == sorted(questions)


def test_what_is_open_when_an_operation_closes_is_answered_once_it_is_reopened(room: Any, stack: Stack) -> None:
    room.take("MD", "arrest.made.v1", person=person())
    stack.crosscheck.kill()
    question = ask(room)
    operation = room.get("AT", "")
    closed = room.take("AT", "operation.closed.v1", opening=operation["thing"], etag=operation["etag"])
    stack.crosscheck.start()
    while metrics(room, stack).get("reading") != 0:
        room.get("AT", "timeline", limit=1)
    assert room.get("BA", f"crosschecks/{question}")["detail"]["result"] is None

    room.take("AT", "operation.reopened.v1", opening=operation["thing"], etag=closed["etag"])

    assert check(room, "BA", question)["detail"]["result"]["hits"] == 1


def metrics(room: Any, stack: Stack) -> dict[str, float]:
    """What the engine says of itself as EUROPOL's in this operation."""
    # It may just have been started: its port is tried until it is there.
    with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=30) as client:
        shown = client.get(f"http://127.0.0.1:{stack.status_ports['crosscheck']}/metrics").text
    label = f'{{agency="EUROPOL",operation="{room.operation}"}}'
    numbers = dict(line.rsplit(" ", 1) for line in shown.splitlines() if label in line)
    return {name.removesuffix(label).removeprefix("vcp_crosscheck_"): float(value) for name, value in numbers.items()}


def test_metrics_say_what_the_engine_has_read_and_what_waits_for_it(room: Any, stack: Stack) -> None:
    room.take("MD", "arrest.made.v1", person=person())
    question = ask(room)
    check(room, "BA", question)

    told = metrics(room, stack)
    assert (told["records"], told["questions"], told["waiting"], told["reading"]) == (1, 1, 0, 0)
    assert told["posted"] == 2


@pytest.fixture
def watch_list(room: Any) -> Any:
    """A list of INTERPOL's, in a log of its own."""
    return opened_list(room)


def opened_list(room: Any) -> Any:
    made = replace(room, operation=f"list-{uuid4().hex[:10]}")
    opened = made.report("operation.created.v1", code=made.operation, lead=["INTERPOL"], exercise=False)
    headers = {"Content-Type": "application/cloudevents+json"}
    answer = made.as_agency("INTERPOL").post("/v1/operations", json=opened, headers=headers)
    assert answer.status_code == 201, answer.text
    return made


def listed(watch_list: Any, **members: Any) -> str:
    line = {"database": "Nominals", "reference": "INVENTED/2022/9", "subject": person(), **members}
    return watch_list.take("INTERPOL", "listing.published.v1", **line)["entry"]


def test_a_line_of_a_watch_list_that_comes_later_is_told_to_who_asked_and_nobody_else(
    room: Any, watch_list: Any
) -> None:
    question = ask(room, target="INTERPOL")
    check(room, "BA", question, by="INTERPOL")

    line = listed(watch_list)

    wait_for(room, "BA", f"{question}.{line}", by="INTERPOL")
    (hit,) = hits(room, "BA", question)
    said = hit["report"]["data"]
    assert (said["database"], said["record_ref"], said.get("subject")) == ("Nominals", "INVENTED/2022/9", None)
    assert hits(room, "MD", question) == hits(room, "AT", question) == []
    assert room.as_agency("BA").get(watch_list.path + "/listings").status_code == 404


def test_a_line_that_was_taken_off_is_found_no_more(room: Any, watch_list: Any) -> None:
    earlier = ask(room, target="INTERPOL")
    check(room, "BA", earlier, by="INTERPOL")
    line = listed(watch_list)
    wait_for(room, "BA", f"{earlier}.{line}", by="INTERPOL")
    etag = watch_list.get("INTERPOL", f"events/{line}")["etag"]
    watch_list.take("INTERPOL", "record.retracted.v1", target=line, etag=etag)
    # Once a line that came after it is known, the engine has read the retraction too.
    other = listed(watch_list, subject=person(birth_date="1980-07-02"))
    wait_for(room, "BA", f"{earlier}.{other}", by="INTERPOL")

    question = ask(room, target="INTERPOL", subject=person(names=[{"full": "Sergej Inventskij"}]))

    check(room, "BA", question, by="INTERPOL")
    assert line not in {one["report"]["id"].partition(".")[2] for one in hits(room, "BA", question)}


def test_an_organisation_on_a_list_that_comes_later_is_told_to_who_asked(room: Any) -> None:
    made = replace(room, operation=f"list-{uuid4().hex[:10]}")
    opened = made.report("operation.created.v1", code=made.operation, lead=["EUROPOL"], exercise=False)
    headers = {"Content-Type": "application/cloudevents+json"}
    made.as_agency("EUROPOL").post("/v1/operations", json=opened, headers=headers).raise_for_status()
    about = {"subject": None, "subject_kind": "organisation"}
    question = ask(room, organisation=firm(registrations=[], names=[{"full": "IZMISLITSA SPEDITSIA EOOD"}]), **about)
    check(room, "BA", question)

    line = made.take(
        "EUROPOL", "listing.published.v1", database="EIS", reference="INVENTED/7", subject=None, organisation=firm()
    )["entry"]

    wait_for(room, "BA", f"{question}.{line}")
    (hit,) = hits(room, "BA", question)
    said = hit["report"]["data"]
    assert (said["database"], said["object"], said["record_ref"]) == ("EIS", "organisation", "INVENTED/7")
    assert said["matched"]["band"] == "possible"


def test_only_the_agency_that_is_asked_answers_by_its_list(room: Any, watch_list: Any) -> None:
    line = listed(watch_list)
    known = ask(room, target="INTERPOL")
    wait_for(room, "BA", f"{known}.{line}", by="INTERPOL")
    # The list was opened a moment ago; now the engine has read it for certain.
    later = ask(room, target="INTERPOL")
    searched = check(room, "BA", later, by="INTERPOL")["detail"]["result"]["lists"]
    assert {"list": watch_list.operation, "version": line} in searched

    question = ask(room)

    assert check(room, "BA", question)["detail"]["result"]["hits"] == 0


def another(**members: Any) -> dict[str, Any]:
    """Somebody whom no list of the tests before names."""
    return person(names=[{"given": "Aurel", "family": "Nascocitu"}], birth_date="1971-03-29", **members)


def third(**members: Any) -> dict[str, Any]:
    return person(names=[{"given": "Blerim", "family": "Sajuar"}], birth_date="1966-11-05", **members)


@pytest.fixture
def checked(stack: Stack) -> Any:
    """An operation in which arrests and checks at the border are compared although nobody asks."""
    whom = ["EUROPOL", "INTERPOL"]
    with open_room(stack, checks={"arrest.made.v1": whom, "border_check.reported.v1": whom}) as made:
        delegate_to_engine(made, stack)
        yield made


def test_an_arrest_is_compared_with_the_red_notices_and_waits_in_interpols_queue_with_its_explanation(
    checked: Any,
) -> None:
    arrest = checked.take("BA", "arrest.made.v1", person=another())["entry"]

    notice = listed(opened_list(checked), subject=another(), requested_action="Arrest")

    wait_for(checked, "INTERPOL", f"{arrest}.{notice}", by="INTERPOL")
    (waiting,) = checked.get("INTERPOL", "hits", state="raised")["items"]
    assert (waiting["detail"]["database"], waiting["detail"]["requested_action"]) == ("Nominals", "Arrest")
    assert "same date of birth" in {reason["words"] for reason in waiting["detail"]["matched"]["reasons"]}
    assert [hit["agency"] for hit in hits(checked, "BA", arrest)] == ["INTERPOL"]
    assert hits(checked, "MD", arrest) == []
    # Nobody asked, so no check is counted and none is answered.
    assert checked.figure("INTERPOL", "cross_checks")["value"] == 0
    assert checked.figure("INTERPOL", "interpol_hits.raised")["value"] == 1


def test_who_and_what_is_checked_at_a_border_is_compared_too(checked: Any) -> None:
    document = {"document_class": "passport", "issuer": "RS", "number": "Q7654321"}
    lost = listed(opened_list(checked), database="SLTD", subject=None, document=document)
    lines = [{"covers": ["person", "document"], "quantity": 1, "level": "second_line"}]

    seen = person(names=[{"full": "Zoltan Megfigyelo"}], birth_date="1959-12-19", documents=[document])
    check_there = checked.take("BA", "border_check.reported.v1", lines=lines, subject=seen)["entry"]

    wait_for(checked, "INTERPOL", f"{check_there}.{lost}", by="INTERPOL")
    (waiting,) = checked.get("INTERPOL", "hits", state="raised")["items"]
    assert (waiting["detail"]["database"], waiting["detail"]["matched"]["band"]) == ("SLTD", "exact")
    assert checked.figure("BA", "checks.document+person")["value"] == 1


def test_of_two_arrests_of_one_person_the_later_one_is_told_of_the_earlier_one_and_once(checked: Any) -> None:
    earlier = checked.take("MD", "arrest.made.v1", person=third())["entry"]
    later = checked.take("BA", "arrest.made.v1", person=third())["entry"]
    wait_for(checked, "BA", f"{later}.{earlier}")

    # An arrest that changes is compared anew, and what was told is not told again.
    etag = checked.get("BA", f"events/{later}")["etag"]
    right = checked.report("arrest.made.v1", person=third(birth_place="Invented"))["data"]
    checked.take("BA", "record.corrected.v1", target=later, corrected=right, etag=etag)
    identified = checked.take("AT", "suspect.identified.v1", person=third())["entry"]
    wait_for(checked, "BA", f"{later}.{identified}")

    raised = [(one["agency"], one["report"]["data"]["record"]) for one in hits(checked, "BA", later)]
    assert sorted(raised) == sorted([("EUROPOL", earlier), ("EUROPOL", identified)])
    wait_for(checked, "MD", f"{earlier}.{identified}")
    assert [one["report"]["data"]["record"] for one in hits(checked, "MD", earlier)] == [identified]
