"""May they post this: pure functions over the contract's own rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from schemas.codes import SIS_STATES
from schemas.event import By, Event, Fact
from schemas.vocabulary import Audience
from services.gateway.credentials import Caller
from services.gateway.problems import Fault, NotAcceptable, NotYoursToPost, OperationClosed
from services.gateway.roster import Roster, Standing
from services.shared.actors import ENGINE
from services.shared.audiences import EVERYONE, audience_id, members, presented

_KINDS = {By.NATIONAL, By.FRONTEX, By.EUROPOL, By.EUROJUST, By.INTERPOL}


@dataclass(frozen=True, slots=True)
class Concerned:
    """What a command changes, as the poster sees it."""

    posters: tuple[str, ...]
    """Who opened it, and for whom: the owners."""
    audience_posters: tuple[str, ...]
    audience_id: int
    parties: Mapping[str, Collection[str]] = field(default_factory=dict)
    country: str | None = None
    """Where it happened; where that is not said, the owner's country."""


def check_post(
    event: Event,
    *,
    caller: Caller,
    roster: Roster,
    concerned: Concerned | None,
    imported: bool = False,
    whatever_it_says: bool = False,
) -> None:
    """Raises NotYoursToPost unless the catalogue, and the operation's narrowing, let this agency post this.

    `whatever_it_says`: unless they let it post some event of this type.
    """
    standing = roster.standings.get(caller.agency)
    if standing is None:
        raise NotYoursToPost("Only who takes part posts.")
    check_scope(event, caller=caller)
    if standing.role == "observer":
        raise NotYoursToPost("Observers read; they do not post.")
    for_whom = _represented(event, standing, roster, imported=imported)
    acting = [standing] if for_whom is None or not _lends(event, standing) else [standing, for_whom]
    allowed = roster.narrows.get(event.type)
    if allowed is not None and not {one.kind for one in acting} & set(allowed):
        raise NotYoursToPost("This operation lets only some kinds of agency post this type.")
    posters = event.posted_by if whatever_it_says else event.posters()
    if for_whom is None and standing.kind in posters and standing.kind != "frontex":
        return  # Most of what is posted: the words for kinds of agency are spelt like the kinds.
    if By.SYSTEM in posters and caller.actor == ENGINE:
        return  # It says so of itself by the actor of its token, which only the desk gives out.
    if not any(_opens(word, event, acting, concerned) for word in posters):
        what = event.type if posters == event.posted_by else f"{event.type} that says this"
        raise NotYoursToPost(f"{what} is posted by: {', '.join(sorted(posters))}.")


def check_scope(event: Event, *, caller: Caller) -> None:
    """Raises NotYoursToPost when the token itself, whatever its agency may, does not reach so far."""
    if not caller.may_post:
        raise NotYoursToPost("This token only reads.")
    if caller.types is not None and event.type not in caller.types:
        raise NotYoursToPost("This token does not post this type.")


def check_engine(caller: Caller) -> None:
    """Raises NotYoursToPost unless it is a cross-check engine, which its token says: only the desk gives it out."""
    if caller.actor != ENGINE:
        raise NotYoursToPost("Cross-check engines alone share operations: `vcp agency delegate` makes their token.")


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


def is_within(narrow: Collection[str], wide: Collection[str], roster: Roster) -> bool:
    """Whether all for whom the one audience is may see what carries the other; both as their members."""
    return EVERYONE in wide or all(token in wide or _sees(token, wide, roster) for token in narrow)


def _sees(token: str, wide: Collection[str], roster: Roster) -> bool:
    """An agency may be among those of an audience that does not name it; of roles and groups nobody can tell."""
    word, _, agency = token.partition(":")
    standing = roster.standings.get(agency)
    if word != "agency" or standing is None:
        return False
    bound = standing.bound_by_eu_law
    shown = presented(agency=agency, role=standing.role, groups=(), bound_by_eu_law=bound)
    return not set(wide).isdisjoint(shown)


def _represented(event: Event, standing: Standing, roster: Roster, *, imported: bool) -> Standing | None:
    """The agency for which this is posted. Leads type for countries, Frontex for its host."""
    if event.on_behalf_of is None or event.on_behalf_of == standing.agency:
        return None
    if not standing.leads and standing.kind != "frontex":
        raise NotYoursToPost("Only the lead, and Frontex for its host, post on behalf of another agency.")
    represented = roster.standings.get(event.on_behalf_of)
    if represented is None:
        raise NotAcceptable(
            [{"pointer": "/data/on_behalf_of", "detail": "This agency takes no part in the operation."}]
        )
    if represented.role == "observer":
        raise NotYoursToPost("Observers read; nobody posts on their behalf.")
    if represented.kind != "national" and not imported:
        # An international body's word, such as a confirmed hit, is its own; only history was said by then.
        raise NotYoursToPost("Only a country's agency is posted for, but where a lead imports history.")
    return represented


def _lends(event: Event, standing: Standing) -> bool:
    """Whether the represented agency's rights count too: all that it may report, for a lead; facts, for Frontex.

    Never its rights over records (what goes on after closing): those are the originator's own.
    """
    return not event.after_closing and (standing.leads or isinstance(event, Fact))


def _opens(word: By, event: Event, acting: list[Standing], concerned: Concerned | None) -> bool:
    """Whether one word of the catalogue holds for whom acts: the poster, and for whom it posts."""
    poster, nationals = acting[0], [one for one in acting if one.kind == "national"]
    match word:
        case By.ALL:
            return True
        case By.LEAD:
            return poster.leads
        case By.SYSTEM:
            return poster.kind == "system"
        case By.OWNER:
            return concerned is not None and any(one.agency in concerned.posters for one in acting)
        case By.FRONTEX if event.for_host:
            return poster.kind == "frontex" and len(acting) > 1
        case By.SIS_STATE:
            return any(one.country in SIS_STATES for one in nationals)
        case By.COMPETENT:
            return any(one.country == _country(event, one, concerned) for one in nationals)
        case By.EXPERT:
            return any(one.kind == "frontex" or one.expert for one in acting)
    if word in _KINDS:
        return any(one.kind == word.value for one in acting)
    return concerned is not None and _is_party(acting, concerned.parties.get(word.value, ()))


def _country(event: Event, standing: Standing, concerned: Concerned | None) -> str | None:
    """Where the thing happened: as the command's thing says, or as the opening event does; else at home."""
    if concerned is not None:
        return concerned.country
    return (event.place.country if event.place else None) or standing.country


def _is_party(acting: Collection[Standing], parties: Collection[str]) -> bool:
    countries = {f"country:{one.country}" for one in acting if one.kind == "national"}
    return bool(({one.agency for one in acting} | countries) & set(parties))
