"""Who may post what: the publishing rights of the catalogue, written down by hand and held against the door."""

import itertools
import json
from typing import Any
from uuid import UUID

import pytest

import schemas.events  # noqa: F401  (finds every event type)
from schemas.event import REGISTER, By, Event
from services.gateway import policy
from services.gateway.credentials import Caller
from services.gateway.policy import Concerned
from services.gateway.problems import NotYoursToPost, Problem
from services.gateway.roster import Roster, Standing

MATRIX = {
    "operation.created.v1": "lead",
    "operation.closed.v1": "lead",
    "operation.reopened.v1": "lead",
    "operation.archived.v1": "lead",
    "phase.started.v1": "lead",
    "participant.joined.v1": "lead",
    "participant.left.v1": "lead",
    "deployment.reported.v1": "national frontex",
    "nil_report.filed.v1": "all",
    "desk.handed_over.v1": "all",
    "incident.reported.v1": "national frontex",
    "incident.updated.v1": "owner",
    "incident.closed.v1": "owner lead",
    "arrest.made.v1": "national",  # Frontex only on behalf of its host
    "arrest.updated.v1": "owner",
    "suspect.identified.v1": "national europol",
    "border_check.reported.v1": "national frontex",
    "refusal.reported.v1": "national",
    "irregular_migration.detected.v1": "national frontex",
    "document_fraud.detected.v1": "national frontex",
    "document_opinion.requested.v1": "all",
    "document_opinion.given.v1": "frontex expert",
    "vehicle.detected.v1": "national frontex",
    "goods.detected.v1": "national frontex",
    "seizure.made.v1": "national",
    "seizure.revised.v1": "owner",
    "premises.searched.v1": "national",
    "thb_case.reported.v1": "national europol",
    "thb_case.updated.v1": "owner",
    "victim.safeguarded.v1": "national",
    "child_at_risk.reported.v1": "national frontex interpol",
    "investigation.opened.v1": "national",
    "online_target.identified.v1": "national europol",
    "listing.published.v1": "national",
    "hit.raised.v1": "national frontex interpol",
    "hit.verified.v1": "authority",
    "hit.actioned.v1": "national",
    "notice.matched.v1": "national interpol",
    "sis_alert.matched.v1": "sis",
    "cross_check.requested.v1": "national frontex eurojust",
    "cross_check.acknowledged.v1": "target",
    "cross_check.declined.v1": "target",
    "cross_check.resulted.v1": "target",
    "information.requested.v1": "all",
    "information.answered.v1": "addressee",
    "message.sent.v1": "all",
    "judicial_measure.requested.v1": "national eurojust",
    "judicial_measure.executed.v1": "national eurojust",
    "alert.broadcast.v1": "lead national europol interpol",
    "task.assigned.v1": "lead",
    "task.completed.v1": "assignee",
    "sitrep.issued.v1": "lead",
    "figure.validated.v1": "lead",
    "figure.released.v1": "lead",
    "figure.disputed.v1": "all",
    "lesson.recorded.v1": "all",
    "duplicate.suggested.v1": "all",
    "duplicate.confirmed.v1": "concerned lead",
    "duplicate.rejected.v1": "concerned lead",
    "duplicate.undone.v1": "decider",
    "record.corrected.v1": "owner",
    "record.retracted.v1": "owner",
    "correction.proposed.v1": "all",
    "record.acknowledged.v1": "all",
    "handling.changed.v1": "owner",
    "permission.requested.v1": "all",
    "permission.granted.v1": "concerned",
    "permission.refused.v1": "concerned",
    "record.reviewed.v1": "owner",
    "person.erased.v1": "owner",
    "serious_incident.reported.v1": "all",
}
BY_CONTENT: list[tuple[str, dict[str, Any], str]] = [
    *[
        ("hit.raised.v1", {"database": database}, "national frontex interpol")
        for database in ("Nominals", "SLTD", "TDAWN", "SMV", "iARMS", "WoA")
    ],
    ("listing.published.v1", {"database": "Nominals"}, "interpol"),
    ("listing.published.v1", {"database": "EIS"}, "europol"),
    ("hit.raised.v1", {"database": "SIS"}, "sis frontex"),
    ("hit.raised.v1", {"database": "EIS"}, "national frontex"),
    ("hit.raised.v1", {"database": "national"}, "national frontex"),
    ("hit.raised.v1", {"database": "other"}, "national frontex"),
    ("thb_case.reported.v1", {"status": "suspected", "place": {"country": "BA"}}, "national europol"),
    ("thb_case.reported.v1", {"status": "confirmed", "place": {"country": "BA"}}, "of-BA"),
    ("thb_case.reported.v1", {"status": "confirmed", "place": None}, "national"),
    ("thb_case.updated.v1", {"status": None}, "owner"),
    ("thb_case.updated.v1", {"status": "suspected"}, "owner"),
    ("thb_case.updated.v1", {"status": "refuted"}, "owner competent"),
    ("thb_case.updated.v1", {"status": "confirmed"}, "competent"),
]
ROWS = [*((name, {}, words) for name, words in MATRIX.items() if name != "thb_case.updated.v1"), *BY_CONTENT]

CAST = {"HU": "national", "BA": "national", "FRONTEX": "frontex", "EUROPOL": "europol", "EUROJUST": "eurojust",
        "INTERPOL": "interpol", "SELEC": "other"}  # fmt: skip
"""Hungary has access to SIS, Bosnia and Herzegovina has not."""
ROLES = ("lead", "co_lead", "participant", "support", "observer")
RELATIONS = ("stranger", "owner", "authority", "target", "addressee", "assignee", "decider", "concerned", "expert",
             "competent")  # fmt: skip
"""What the poster is to the thing that a command changes, and nothing else to it."""


def test_the_matrix_has_every_type() -> None:
    assert sorted(MATRIX) == sorted(REGISTER)


@pytest.mark.parametrize(("name", "members", "words"), ROWS, ids=lambda value: str(value))
def test_only_whom_the_catalogue_says_posts_a_type(name: str, members: dict[str, Any], words: str) -> None:
    differing = [
        (agency, role, relation)
        for agency, role, relation in itertools.product(CAST, ROLES, RELATIONS)
        if possible(agency, relation)
        and posted(read(name, members), agency, role, relation) != expected(words.split(), agency, role, relation)
    ]

    assert not differing


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_takes_no_part_posts_nothing(name: str) -> None:
    event = read(name, {})
    roster = Roster(
        "op", "Invented", "open", False, "Europe/Vienna", standings={"AT": Standing("AT", "national", "lead")}
    )

    with pytest.raises(NotYoursToPost):
        policy.check_post(event, caller=caller("HU"), roster=roster, concerned=concerned(event, "HU", "owner"))


FIELD_FACTS = [
    "deployment.reported.v1", "incident.reported.v1", "arrest.made.v1", "suspect.identified.v1",
    "border_check.reported.v1", "refusal.reported.v1", "irregular_migration.detected.v1",
    "document_fraud.detected.v1", "vehicle.detected.v1", "goods.detected.v1", "seizure.made.v1",
    "premises.searched.v1", "thb_case.reported.v1", "victim.safeguarded.v1", "child_at_risk.reported.v1",
    "investigation.opened.v1", "online_target.identified.v1", "listing.published.v1",
    "hit.raised.v1",
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_frontex_reports_facts_for_its_host_and_gains_no_other_right(name: str) -> None:
    event = read(name, {"on_behalf_of": "BA"})
    words = MATRIX[name].split()
    own_right = "frontex" in words or "all" in words

    assert posted(event, "FRONTEX", "participant", "stranger", others=("BA",)) == (own_right or name in FIELD_FACTS)


@pytest.mark.parametrize("role", ["lead", "co_lead"])
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_lead_types_for_a_country_what_the_country_may_post(name: str, role: str) -> None:
    event = read(name, {"on_behalf_of": "BA"})
    words = MATRIX[name].split()

    may = bool({"lead", "all", "national"} & set(words))

    assert posted(event, "EUROPOL", role, "stranger", others=("BA",)) == (may or "europol" in words)


@pytest.mark.parametrize(
    ("name", "relation", "may"),
    [
        ("arrest.updated.v1", "owner", True),
        ("incident.updated.v1", "owner", True),
        ("hit.verified.v1", "authority", True),
        ("cross_check.resulted.v1", "target", True),
        ("information.answered.v1", "addressee", True),
        ("task.completed.v1", "assignee", True),
        # Rights over a record are its owner's own: the lead flags, and changes nothing.
        ("record.corrected.v1", "owner", False),
        ("record.retracted.v1", "owner", False),
        ("record.reviewed.v1", "owner", False),
        ("handling.changed.v1", "owner", False),
        ("person.erased.v1", "owner", False),  # unless somebody ordered it: tests/flow/test_erasure.py
        ("permission.granted.v1", "concerned", False),
        ("permission.refused.v1", "concerned", False),
        ("duplicate.undone.v1", "decider", False),
    ],
)
def test_a_lead_types_a_countrys_commands_and_takes_no_right_over_its_records(
    name: str, relation: str, may: bool
) -> None:
    event = read(name, {"on_behalf_of": "BA"})

    assert posted(event, "HU", "lead", relation, others=("BA",), related="BA") is may
    assert posted(event, "FRONTEX", "participant", relation, others=("BA",), related="BA") is False


@pytest.mark.parametrize("represented", ["EUROPOL", "INTERPOL", "EUROJUST", "FRONTEX", "SELEC"])
@pytest.mark.parametrize("poster", ["HU", "FRONTEX"])
def test_nobody_posts_for_an_international_body_but_to_import_its_history(poster: str, represented: str) -> None:
    if poster == represented:
        return
    event = read("nil_report.filed.v1", {"on_behalf_of": represented})

    assert posted(event, poster, "lead", "stranger", others=(represented,)) is False
    assert posted(event, poster, "lead", "stranger", others=(represented,), imported=True) is True


@pytest.mark.parametrize("poster", ["HU", "EUROPOL", "EUROJUST", "INTERPOL", "SELEC"])
@pytest.mark.parametrize("role", ["participant", "support"])
def test_only_leads_and_frontex_post_for_another(poster: str, role: str) -> None:
    event = read("nil_report.filed.v1", {"on_behalf_of": "BA"})

    assert posted(event, poster, role, "stranger", others=("BA",)) is False


def test_who_names_itself_as_represented_posts_for_itself() -> None:
    assert posted(read("seizure.made.v1", {"on_behalf_of": "BA"}), "BA", "participant", "stranger") is True


def test_nobody_posts_for_who_takes_no_part_or_only_observes() -> None:
    event = read("seizure.made.v1", {"on_behalf_of": "BA"})

    assert posted(event, "HU", "lead", "stranger") is False
    assert posted(event, "HU", "lead", "stranger", others=("BA",), role_of_others="observer") is False


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_an_operation_narrows_rights_and_never_widens_them(name: str) -> None:
    event = read(name, {})
    for agency, role, relation in itertools.product(CAST, ROLES, RELATIONS):
        if not possible(agency, relation):
            continue
        before = posted(event, agency, role, relation)
        for kinds in ([], ["national"], ["europol", "other"], sorted(set(CAST.values()))):
            after = posted(event, agency, role, relation, narrows={name: kinds})
            assert after == (before and CAST[agency] in kinds)


def expected(words: list[str], agency: str, role: str, relation: str) -> bool:
    kind = CAST[agency]
    if role == "observer":
        return False
    return (
        "all" in words
        or kind in words
        or relation in words
        or ("lead" in words and role in ("lead", "co_lead"))
        or ("sis" in words and agency == "HU")
        or ("of-BA" in words and agency == "BA")
    )


def possible(agency: str, relation: str) -> bool:
    """A state is competent, a body is not."""
    return relation != "competent" or CAST[agency] == "national"


def posted(
    event: Event,
    agency: str,
    role: str,
    relation: str,
    *,
    others: tuple[str, ...] = (),
    role_of_others: str = "participant",
    related: str | None = None,
    narrows: dict[str, list[str]] | None = None,
    imported: bool = False,
) -> bool:
    """Whether the door takes it from this agency in this role; `related` stands in the relation, else the agency."""
    standings = {code: Standing(code, CAST[code], role_of_others) for code in others}
    standings[agency] = Standing(agency, CAST[agency], role, expert=relation == "expert")
    roster = Roster("op", "Invented", "open", False, "Europe/Vienna", narrows=narrows or {}, standings=standings)
    thing = concerned(event, related or agency, relation)
    try:
        policy.check_post(event, caller=caller(agency), roster=roster, concerned=thing, imported=imported)
    except Problem:
        return False
    return True


def concerned(event: Event, agency: str, relation: str) -> Concerned | None:
    if event.changes is None:
        return None
    owner = agency if relation == "owner" else "DE"
    words = {by.value for by in By} & {relation} - {"owner", "competent", "expert"}
    country = agency[:2] if relation == "competent" else "DE"
    return Concerned((owner,), (owner,), 0, {word: [agency] for word in words}, country=country)


def caller(agency: str) -> Caller:
    return Caller(UUID(int=1), agency, CAST[agency], None, "system", (), may_post=True)


def read(name: str, members: dict[str, Any]) -> Event:
    data = {**REGISTER[name].example(), **members}
    return REGISTER[name].adapter().validate_json(json.dumps(data))
