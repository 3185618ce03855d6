"""May they post this: pure functions over the contract's own rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from schemas.codes import SIS_STATES
from schemas.event import By, Event
from schemas.vocabulary import Audience
from services.gateway.credentials import Caller
from services.gateway.problems import Fault, NotAcceptable, NotYoursToPost, OperationClosed
from services.gateway.roster import Roster, Standing
from services.shared.audiences import audience_id, members

_KINDS = {By.NATIONAL, By.FRONTEX, By.EUROPOL, By.EUROJUST, By.INTERPOL}
_PARTIES = {By.AUTHORITY, By.TARGET, By.ADDRESSEE, By.ASSIGNEE, By.DECIDER, By.EXPERT, By.CONCERNED}


@dataclass(frozen=True, slots=True)
class Concerned:
    """What a command changes, as the poster sees it."""

    posters: tuple[str, ...]
    """Who opened it, and for whom: the owners."""
    audience_posters: tuple[str, ...]
    audience_id: int
    parties: Mapping[str, Collection[str]] = field(default_factory=dict)


def check_post(event: Event, *, caller: Caller, roster: Roster, concerned: Concerned | None) -> None:
    """Raises NotYoursToPost unless the catalogue, and the operation's narrowing, let this agency post this."""
    standing = roster.standings.get(caller.agency)
    if standing is None:
        raise NotYoursToPost("Only who takes part posts.")
    check_scope(event, caller=caller)
    if standing.role == "observer":
        raise NotYoursToPost("Observers read; they do not post.")
    for_whom = _represented(event, standing, roster)
    allowed = roster.narrows.get(event.type)
    if allowed is not None and not {standing.kind, *([for_whom.kind] if for_whom else [])} & set(allowed):
        raise NotYoursToPost("This operation lets only some kinds of agency post this type.")
    if for_whom is None and standing.kind in event.posted_by and not event.for_host:
        return  # Most of what is posted: the words for kinds of agency are spelt like the kinds.
    if not any(_opens(word, event, standing, for_whom, concerned) for word in event.posted_by):
        who = ", ".join(sorted(word.value for word in event.posted_by))
        raise NotYoursToPost(f"{event.type} is posted by: {who}.")


def check_scope(event: Event, *, caller: Caller) -> None:
    """Raises NotYoursToPost when the token itself, whatever its agency may, does not reach so far."""
    if not caller.may_post:
        raise NotYoursToPost("This token only reads.")
    if caller.types is not None and event.type not in caller.types:
        raise NotYoursToPost("This token does not post this type.")


def check_import(caller: Caller, roster: Roster) -> None:
    """Raises NotYoursToPost unless the caller's agency leads: history is brought in by whoever answers for the log."""
    standing = roster.standings.get(caller.agency)
    if standing is None or not standing.leads:
        raise NotYoursToPost("History is imported by the operation's lead.")


def check_open(event: Event, *, roster: Roster) -> None:
    """Raises OperationClosed for a fact after closing, and for anything after archiving."""
    if roster.state == "archived":
        raise OperationClosed("The operation is archived; its log is sealed.")
    if roster.state == "closed" and not event.after_closing:
        raise OperationClosed("It is closed; corrections, handling, permissions, erasure, figures and lessons go on.")


def check_audience(audience: Audience, concerned: Concerned, *, pointer: str = "/data/audience") -> None:
    """Raises NotAcceptable unless a command carries exactly the audience of what it changes.

    A wider or narrower one would betray a hidden record by the change it makes.
    """
    if audience_id(members(audience, posters=concerned.audience_posters)) != concerned.audience_id:
        fault: Fault = {
            "pointer": pointer,
            "detail": "A command carries exactly the audience of what it changes; handling.changed alone changes it.",
        }
        raise NotAcceptable([fault])


def _represented(event: Event, standing: Standing, roster: Roster) -> Standing | None:
    """The agency for which this is posted. Leads type for others, Frontex for its host."""
    if event.on_behalf_of is None or event.on_behalf_of == standing.agency:
        return None
    if not standing.leads and standing.kind != "frontex":
        raise NotYoursToPost("Only the lead, and Frontex for its host, post on behalf of another agency.")
    represented = roster.standings.get(event.on_behalf_of)
    if represented is None:
        raise NotAcceptable(
            [{"pointer": "/data/on_behalf_of", "detail": "This agency takes no part in the operation."}]
        )
    return represented


def _opens(word: By, event: Event, standing: Standing, for_whom: Standing | None, concerned: Concerned | None) -> bool:
    acting = [standing] if for_whom is None else [standing, for_whom]
    agencies = {one.agency for one in acting}
    if word is By.ALL:
        return True
    if word is By.LEAD:
        return standing.leads
    if word is By.SYSTEM:
        return standing.kind == "system"
    if word is By.OWNER:
        return concerned is not None and bool(agencies & set(concerned.posters))
    if word is By.FRONTEX and event.for_host:
        return standing.kind == "frontex" and for_whom is not None
    if word in _KINDS:
        return any(one.kind == word.value for one in acting)
    if word is By.SIS_STATE:
        return any(one.kind == "national" and one.agency.partition("-")[0] in SIS_STATES for one in acting)
    if word is By.EXPERT and standing.kind == "frontex":
        return True
    return word in _PARTIES and concerned is not None and _is_party(acting, concerned.parties.get(word.value, ()))


def _is_party(acting: Collection[Standing], parties: Collection[str]) -> bool:
    countries = {f"country:{one.agency.partition('-')[0]}" for one in acting if one.kind == "national"}
    return bool(({one.agency for one in acting} | countries) & set(parties))
