"""The rules of counting a second time, in plain Python over the log, and logs in which they all meet."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from schemas.event import REGISTER
from schemas.events.duplicate import DuplicateConfirmed, DuplicateRejected, DuplicateSuggested, DuplicateUndone
from schemas.metrics import metric
from services.projector import projection
from services.projector.projection import Contribution
from services.shared.lines import Line
from services.shared.thing import Thing
from tests.projector.random_log import AGENCIES, BEGIN, WrittenLog, seal

Amounts = dict[tuple[str, str], tuple[Decimal, int, int]]
"""By unit and qualifier: how much, in how many contributions, and how many more without quantity."""


@dataclass
class Claim:
    """A contribution as one viewer meets it."""

    thing: Thing
    given: Contribution
    seen: bool
    happened: datetime
    ended: datetime
    place: str | None
    country: str | None

    @property
    def kind(self) -> str:
        return self.given.metric.partition(".")[0]

    def key(self, *names: str) -> tuple[Any, ...]:
        event, opened = self.given.by.event, self.thing.opened
        known = {
            "metric": self.given.metric,
            "agency": self.thing.owner,
            "manner": self.given.manner,
            "audience": self.thing.audience,
            "place": self.place,
            "country": self.country,
            "phase": event.phase or opened.phase,
            "strand": event.strand or opened.strand,
        }
        return tuple(known[name] for name in names)


@dataclass
class Counted:
    """What the second count gives, metric by metric."""

    reported: dict[str, Amounts] = field(default_factory=lambda: defaultdict(dict))
    deduplicated: dict[str, Amounts] = field(default_factory=lambda: defaultdict(dict))
    credit: dict[str, dict[str, Amounts]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))


def count_again(lines: Sequence[Line], position: int, tokens: Collection[str]) -> Counted:
    """What a viewer must be told of the log up to a position, with the rights of the whole log."""
    audiences = {id: Thing(tuple(history)).audience for id, history in histories(lines).items()}
    things = [Thing(tuple(history)) for history in histories(lines[:position]).values()]
    seen = {thing.id for thing in things if set(audiences[thing.id]) & set(tokens)}
    claims = [
        _claim(thing, given, seen=thing.id in seen)
        for thing in things
        if thing.id in seen or thing.opened.countable
        for given in projection.contributions(thing)
    ]
    for claim in claims:
        claim.thing.__dict__["shown_to"] = audiences[claim.thing.id]
    counting = [claim for claim in claims if not _replaced(claim, claims) and not _included(claim, claims)]
    entries = {line.entry: line.thing for line in lines[:position] if line.thing in seen}
    dropped = _dropped([thing for thing in things if thing.id in seen], claims, entries)
    found = Counted()
    for claim in counting:
        amount = _share(claim, claims)
        if not claim.thing.opened.credit_only:
            _add(found.reported[claim.given.metric], claim, amount)
            if claim.thing.id not in dropped or claim.given.distinct_on is not None:
                _add(found.deduplicated[claim.given.metric], claim, amount)
        if claim.seen:
            for agency in {claim.thing.owner, *claim.thing.opened.joint_with}:
                _add(found.credit[claim.given.metric][agency], claim, amount)
    return found


def histories(lines: Sequence[Line]) -> dict[UUID, list[Line]]:
    found: dict[UUID, list[Line]] = {}
    for line in lines:
        found.setdefault(line.thing, []).append(line)
    return found


def _claim(thing: Thing, given: Contribution, *, seen: bool) -> Claim:
    event = given.by.event
    place = event.place or thing.opened.place
    precise = (place.crossing_point or place.border_section or place.text) if place else None
    happened = given.happened_at or event.occurred.from_
    return Claim(thing, given, seen, happened, given.until or happened, precise, thing.country)


def _replaced(claim: Claim, claims: list[Claim]) -> bool:
    if claim.given.latest_of is None:
        return False
    mine = (claim.ended, claim.happened, claim.given.by.line.position)
    return any(
        other.given.latest_of == claim.given.latest_of
        and other.given.metric == claim.given.metric
        and other.thing.__dict__["shown_to"] == claim.thing.__dict__["shown_to"]
        and not other.thing.opened.credit_only
        and (other.ended, other.happened, other.given.by.line.position) > mine
        for other in claims
    )


def _included(claim: Claim, claims: list[Claim]) -> bool:
    if claim.given.manner is None or claim.given.includes_itemised or not claim.seen:
        return False
    return any(
        other.given.includes_itemised
        and other.seen
        and not other.thing.opened.credit_only
        and other.key("metric", "agency", "manner") == claim.key("metric", "agency", "manner")
        and all(other.key(name)[0] in (None, claim.key(name)[0]) for name in ("country", "place", "phase", "strand"))
        and other.happened <= claim.happened
        and other.ended >= claim.ended
        for other in claims
    )


def _dropped(things: list[Thing], claims: list[Claim], entries: dict[UUID, UUID]) -> set[UUID]:
    """By repainting: each record takes the number of what it is tied to, until nothing changes."""
    adds: dict[UUID, set[str]] = defaultdict(set)
    for claim in claims:
        if not claim.thing.opened.credit_only:
            adds[claim.thing.id].add(claim.kind)
    ties = []
    for thing in things:
        if isinstance(thing.opened, DuplicateSuggested) and not thing.retracted:
            decisions = [
                command
                for command in thing.commands
                if isinstance(command.event, DuplicateConfirmed | DuplicateRejected | DuplicateUndone)
            ]
            if decisions and isinstance(decisions[-1].event, DuplicateConfirmed):
                kept = decisions[-1].event.kept
                sides = {thing.opened.a: thing.opened.b, thing.opened.b: thing.opened.a}
                if kept in sides:
                    one, other = (entries.get(side, side) for side in (kept, sides[kept]))
                    if one != other and adds[one] & adds[other]:
                        ties.append((decisions[-1].line.position, one, other))
    ties.sort()
    colour = {side: side for _, one, other in ties for side in (one, other)}
    for _ in ties:
        for _, one, other in ties:
            least = min(colour[one], colour[other])
            colour[one] = colour[other] = least
    dropped = set(colour)
    for group in set(colour.values()):
        given_up = {other for _, _, other in ties if colour[other] == group}
        kept = [one for _, one, _ in ties if colour[one] == group]
        dropped.discard(next((one for one in kept if one not in given_up), kept[0]))
    return dropped


def _share(claim: Claim, claims: list[Claim]) -> Decimal | None:
    given = claim.given
    if given.distinct_on is not None and any(
        other.given.metric == given.metric
        and other.given.distinct_on == given.distinct_on
        and (other.happened, other.thing.id) < (claim.happened, claim.thing.id)
        for other in claims
    ):
        return Decimal()
    return None if given.quantity is None else Decimal(given.quantity)


def _add(into: Amounts, claim: Claim, amount: Decimal | None) -> None:
    key = (claim.given.unit or metric(claim.given.metric).unit, claim.given.qualifier)
    total, stated, not_stated = into.get(key, (Decimal(), 0, 0))
    if amount is None:
        into[key] = (total, stated, not_stated + 1)
    else:
        into[key] = (total + amount, stated + 1, not_stated)


_AUDIENCES: tuple[dict[str, Any], ...] = (
    {"audience": {"scope": "all"}},
    {"audience": {"scope": "all"}},
    {"audience": {"scope": "eu"}},
    {"audience": {"scope": "named", "agencies": ["AT", "MD"]}},
    {"audience": {"scope": "named", "agencies": ["HR"]}, "handling": {"codes": ["H2"]}, "countable": True},
)
_COUNTED = (
    "arrest.made", "arrest.made", "arrest.made", "border_check.reported", "border_check.reported", "hit.raised",
    "goods.detected", "thb_case.reported", "deployment.reported", "participant.joined", "cross_check.requested",
)  # fmt: skip


def counting_log(size: int, *, seed: int, operation: str) -> WrittenLog:
    """All that moves figures: facts of few days and places, aggregates, corrections, retractions, pairs, audiences."""
    random = Random(seed)
    log = WrittenLog(operation)
    log.post(REGISTER["operation.created.v1"], by="FRONTEX", code=operation)
    things: dict[UUID, list[UUID]] = {}
    types: dict[UUID, str] = {}
    pairs: dict[UUID, tuple[UUID, UUID]] = {}
    while len(log.stored) < size:
        dice = random.random()
        if dice < 0.5 or len(things) < 3:
            name = random.choice(_COUNTED)
            entry = log.post(REGISTER[f"{name}.v1"], by=random.choice(AGENCIES), **_fact(name, random))
            things[entry], types[entry] = [entry], name
            continue
        thing = random.choice(list(things)[-25:])
        target = random.choice(things[thing])
        if dice < 0.6:
            # Also one record by two of its entries: a pair that must change nothing.
            same = [entry for other in things if types[other] == types[thing] for entry in things[other][:2]]
            sides = (target, random.choice([entry for entry in same if entry != target] or list(things)[:1]))
            if sides[0] == sides[1]:
                continue
            audience = random.choice(_AUDIENCES[:4])
            pair = log.post(REGISTER["duplicate.suggested.v1"], by="AT", a=str(sides[0]), b=str(sides[1]), **audience)
            pairs[pair] = sides
        elif dice < 0.75 and pairs:
            pair = random.choice(list(pairs)[-6:])
            verb = random.choice(["confirmed", "confirmed", "confirmed", "rejected", "undone"])
            kept = {"kept": str(random.choice(pairs[pair]))} if verb == "confirmed" else {}
            log.post(REGISTER[f"duplicate.{verb}.v1"], by="AT", thing=pair, **kept)
        elif dice < 0.83:
            event = REGISTER[f"{types[thing]}.v1"]
            corrected = seal(event, {**log.data[thing], **_fact(types[thing], random)})
            for member in ("audience", "handling", "countable"):
                corrected.pop(member, None)
                corrected |= {member: log.data[thing][member]} if member in log.data[thing] else {}
            entry = log.post(REGISTER["record.corrected.v1"], thing=thing, target=str(thing), corrected=corrected)
            things[thing].append(entry)
        elif dice < 0.9:
            things[thing].append(log.post(REGISTER["record.retracted.v1"], thing=thing, target=str(target)))
        elif dice < 0.94:
            change = {"new_audience": {"scope": "named", "agencies": ["BA", "HR"]}, "new_handling": {"codes": ["H1"]}}
            things[thing].append(log.post(REGISTER["handling.changed.v1"], thing=thing, target=str(thing), **change))
        elif types[thing] == "hit.raised":
            outcome = random.choice(["confirmed", "refuted"])
            event = REGISTER["hit.verified.v1"]
            things[thing].append(log.post(event, by="INTERPOL", thing=thing, outcome=outcome))
        elif types[thing] == "cross_check.requested":
            things[thing].append(log.post(REGISTER["cross_check.resulted.v1"], by="EUROPOL", thing=thing))
    return log


def _fact(name: str, random: Random) -> dict[str, Any]:
    begin = BEGIN - timedelta(days=random.randrange(1, 4))
    said: dict[str, Any] = {
        **random.choice(_AUDIENCES),
        "occurred": {"from": (begin + timedelta(hours=random.randrange(3))).isoformat(), "precision": "hour"},
        "place": random.choice([None, {"country": "BA"}, {"country": "BA", "crossing_point": "BA-1"}]),
        "phase": random.choice([None, None, "operational"]),
        "joint_with": random.choice([[], [], ["EUROPOL"], ["MD", "AT"]]),
        "credit_only": random.random() < 0.1,
    }
    count: Any = random.choice(
        [1, 2, {"value": 7, "unit": "C62", "qualifier": random.choice(["over", "almost", "about"])}]
    )
    if name == "arrest.made":
        said |= {"count": count, "category": random.choice([None, "smuggler", "fugitive"])}
    elif name == "border_check.reported":
        mode = random.choice(["increment", "increment", "cumulative_to_date"])
        whole = random.random() < 0.3
        line = {"covers": random.choice([["person"], ["person", "vehicle"]]), "level": "first_line", "quantity": count}
        end = begin + timedelta(hours=24 if whole else random.randrange(4, 9))
        start = begin - timedelta(hours=1) if whole else begin + timedelta(hours=random.randrange(4))
        period = {"from": start.isoformat(), "to": end.isoformat(), "precision": "period"}
        said |= {"lines": [line], "mode": mode, "includes_itemised": whole and mode == "increment", "occurred": period}
    elif name == "goods.detected":
        quantity = random.choice(
            [{"value": 3, "unit": "C62"}, {"value": 2.5, "unit": "KGM"}, {"qualifier": "not_stated"}]
        )
        said |= {"category": None, "quantity": quantity}
    elif name == "thb_case.reported":
        said |= {"victims": random.choice([{}, {"minors": 2}, {"minors": count, "adults": 1}])}
    elif name == "hit.raised":
        said |= {"database": random.choice(["Nominals", "SIS"])}
    elif name == "deployment.reported":
        said |= {"place": said["place"] or {"country": "AT"}, "officers": count}
    elif name == "participant.joined":
        country = random.choice(["BA", "RO"])
        agency = random.choice([country, f"{country}-CUSTOMS"])
        said = {"agency": agency, "kind": "national", "country": country, "occurred": said["occurred"]}
    return said
