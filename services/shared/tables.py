"""The read models: tables that the projector writes and the gateway reads.

They name no schema: a set of them lives in `picture_<n>`, and `desk.live` says which set is read.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    and_,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

OPEN = 9223372036854775807
"""The `until` of a row that is still true."""

picture = MetaData()


def moment_column(name: str) -> Column:
    return Column(name, DateTime(timezone=True), nullable=False)


def view(name: str, *columns: Column, orders: tuple[tuple[str, ...], ...] = ()) -> Table:
    """A read model: each row carries the span of positions [since, until) in which it was true, and its audience.

    `key` is the id of an entry or a thing, never a position. `orders` are the sort orders that are paged.
    """
    table = Table(
        name,
        picture,
        Column("operation", Text, nullable=False),
        Column("key", Uuid, nullable=False),
        Column("line", SmallInteger, nullable=False, server_default=text("0")),
        Column("since", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False, server_default=text(str(OPEN))),
        Column("audience_id", BigInteger, nullable=False),
        *columns,
        PrimaryKeyConstraint("operation", "key", "line", "since"),
    )
    Index(
        f"{name}_open",
        table.c.operation,
        table.c.key,
        table.c.line,
        unique=True,
        postgresql_where=table.c.until == OPEN,
    )
    for order in orders:
        Index(f"{name}_by_{'_'.join(order)}", table.c.operation, *(table.c[column] for column in order))
    return table


checkpoints = Table(
    "checkpoints",
    picture,
    Column("operation", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    moment_column("moment"),
)

audiences = Table(
    "audiences",
    picture,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("members", ARRAY(Text), nullable=False),
)

parked = Table(
    "parked",
    picture,  # entries whose views could not be worked out, and what came after them for the same thing
    Column("operation", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("thing", Uuid, nullable=False),
    Column("error", Text, nullable=False),  # the name of the error's class, never its text
)

entries = view(
    "entries",  # the log as it may be seen: key is the entry, since its position; never closed
    Column("thing", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("country", Text),
    Column("category", Text),
    moment_column("moment"),
    moment_column("occurred_at"),
    Column("born_to", BigInteger, nullable=False),  # the audience at its position; `audience_id` is that of today
    Column("body", Text, nullable=False),  # the line of the log, persons sealed
    orders=(("since",), ("thing", "since"), ("agency", "since")),
)

Index("entries_by_moment", entries.c.operation, entries.c.moment, entries.c.since)
Index(
    "entries_of_commands",  # few among many, and each gateway lists them
    entries.c.operation,
    entries.c.since,
    postgresql_where=entries.c.thing != entries.c.key,
)

audience_changes = view(
    "audience_changes",  # key is the entry that gave its thing another audience; seen from both sides; never closed
    Column("thing", Uuid, nullable=False),
    Column("before_id", BigInteger, nullable=False),
    Column("after_id", BigInteger, nullable=False),
    Column("country", Text),
    Column("category", Text),
    Column("earlier", ARRAY(Uuid), nullable=False),  # the thing's entries until then
    Column("types", ARRAY(Text), nullable=False),  # of those entries, one by one
    orders=(("since",),),
)

timeline = view(
    "timeline",  # key is the entry; one line an entry
    Column("thing", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("state", Text, nullable=False),  # in_force | corrected | retracted
    Column("agency", Text, nullable=False),
    Column("on_behalf_of", Text),
    Column("country", Text),
    Column("category", Text),
    moment_column("occurred_at"),
    Column("occurred_to", DateTime(timezone=True)),
    Column("precision", Text, nullable=False),
    moment_column("recorded_at"),
    Column("phase", Text),
    Column("strand", Text),
    Column("in_scope", Boolean, nullable=False),
    Column("crime_areas", ARRAY(Text), nullable=False),
    Column("handling", ARRAY(Text), nullable=False),
    Column("conditions", Text),  # of its handling, as its provider wrote them
    Column("incident", Uuid),
    Column("place", Text),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("crossing_point", Text),
    Column("border_section", Text),
    Column("imported", Boolean, nullable=False),
    orders=(
        ("since",),
        ("occurred_at", "key"),
        # What a filter lets through may be rare, and a page of it is no dearer for that.
        ("country", "occurred_at", "key"),
        ("agency", "occurred_at", "key"),
        ("type", "occurred_at", "key"),
    ),
)
Index(
    "timeline_by_category",
    timeline.c.operation,
    timeline.c.category,
    timeline.c.occurred_at,
    timeline.c.key,
    postgresql_where=timeline.c.category.is_not(None),
)
Index(
    "timeline_by_state",
    timeline.c.operation,
    timeline.c.state,
    timeline.c.occurred_at,
    timeline.c.key,
    postgresql_where=timeline.c.state != "in_force",
)
Index(
    "timeline_ended",  # what changed since a position: few rows ever end
    timeline.c.operation,
    timeline.c.until,
    postgresql_where=timeline.c.until != OPEN,
)
Index(
    "timeline_by_place",  # when anything was last reported of a place
    timeline.c.operation,
    timeline.c.country,
    timeline.c.border_section,
    timeline.c.crossing_point,
    timeline.c.occurred_at,
    postgresql_where=and_(
        timeline.c.key == timeline.c.thing,
        or_(timeline.c.border_section.is_not(None), timeline.c.crossing_point.is_not(None)),
    ),
)

line_blocks = Table(
    "line_blocks",
    picture,  # stretches of the log of which the lines are counted: after one position, up to another
    Column("operation", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("after", BigInteger, primary_key=True, autoincrement=False),
)

line_totals = Table(
    "line_totals",
    picture,  # how many lines more there were at the end of a block than before it, by one thing that is said of them
    Column("operation", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("counted_by", Text, nullable=False),  # type | agency | country | state | quarter | place
    Column("audience_id", BigInteger, nullable=False),
    Column("value", Text),  # by quarter: quarters of an hour since 1970; by place: the type
    Column("country", Text),  # the place, of openings that are not retracted
    Column("border_section", Text),
    Column("crossing_point", Text),
    Column("lines", BigInteger, nullable=False),
    Column("located", BigInteger, nullable=False),
    Column("latitudes", BigInteger, nullable=False),  # in millionths of a degree, which add up the same in any order
    Column("longitudes", BigInteger, nullable=False),
)
Index(
    "line_totals_of",
    line_totals.c.operation,
    line_totals.c.counted_by,
    line_totals.c.position,
    line_totals.c.after,
)

things = view(
    "things",  # key is the thing: arrests, hits, cases, seizures, checks, participants, ... told apart by kind
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("category", Text),
    Column("agency", Text, nullable=False),  # the owner
    Column("country", Text),
    moment_column("occurred_at"),
    moment_column("recorded_at"),
    Column("phase", Text),
    Column("strand", Text),
    Column("in_scope", Boolean, nullable=False),
    Column("credit_only", Boolean, nullable=False),  # somebody else's record counts
    Column("crime_areas", ARRAY(Text), nullable=False),
    Column("headline", Text, nullable=False),
    Column("version", Uuid, nullable=False),  # the last entry that changed it: what its ETag is made from
    Column("last_position", BigInteger, nullable=False),  # what the log's guard expects
    Column("due_at", DateTime(timezone=True)),  # by when it is to be answered or done, or until when it holds
    Column("review_at", DateTime(timezone=True)),  # when its owner looks again whether its persons are still needed
    Column("imported", Boolean, nullable=False),
    Column("steps", JSONB, nullable=False),  # how its state came about, in the order of what happened; none: at once
    Column("detail", JSONB, nullable=False),
    orders=(("kind", "occurred_at", "key"),),
)
# What still waits for somebody is soon a small part of what ever waited: `until` tells the one from the other.
Index("things_standing", things.c.operation, things.c.kind, things.c.state, things.c.until, things.c.since)
Index(
    "things_by_due",
    things.c.operation,
    things.c.kind,
    things.c.due_at,
    things.c.key,
    postgresql_where=things.c.due_at.is_not(None),
)
Index(
    "things_by_review",
    things.c.operation,
    things.c.agency,
    things.c.review_at,
    things.c.key,
    postgresql_where=things.c.review_at.is_not(None),
)

restricted = view(
    "restricted",  # key is the thing; of these alone everybody may know that they exist, and by whom
    Column("provider", Text, nullable=False),
    orders=(("since",),),
)

links = view(
    "links",  # key is the entry that names another; what belongs together, across agencies
    Column("thing", Uuid, nullable=False),  # to which the naming entry belongs
    Column("target", Uuid, nullable=False),  # the entry that it names
    Column("rel", Text, nullable=False),
    orders=(("target",), ("thing",)),
)

facts = view(
    "facts",  # key is the thing; one line a contribution to a metric
    Column("metric", Text(collation="C"), nullable=False),  # its parts stand beside it in the order of bytes
    Column("quantity", Numeric),  # null: not stated
    Column("unit", Text, nullable=False),
    Column("qualifier", Text, nullable=False),
    Column("entry", Uuid, nullable=False),  # the entry the drill-down names
    Column("agency", Text, nullable=False),
    Column("joint_with", ARRAY(Text), nullable=False),
    Column("country", Text),
    Column("category", Text),
    Column("phase", Text),
    Column("strand", Text),
    Column("in_scope", Boolean, nullable=False),
    Column("crime_areas", ARRAY(Text), nullable=False),
    Column("credit_only", Boolean, nullable=False),
    Column("countable", Boolean, nullable=False),
    Column("latest_of", Text),  # cumulative: only the latest `occurred` of these counts
    Column("distinct_on", Text),  # counts once for each value
    Column("manner", Text),  # of aggregates: level and direction, which they and what they include have in common
    Column("place", Text),  # the most precise that is said: crossing point, border section or text
    Column("includes_itemised", Boolean, nullable=False),  # what was reported singly is in it already
    Column("source_ref", Text),  # the record's reference in the sender's own system
    moment_column("occurred_at"),
    moment_column("occurred_to"),  # the end of the period of an aggregate; else the same
    Column("position", BigInteger, nullable=False),  # of the entry that states it: decides between equal times
    orders=(("metric", "occurred_at", "key", "line"),),
)
Index(
    "facts_replaced",  # which cumulative number is the latest
    facts.c.operation,
    facts.c.metric,
    facts.c.latest_of,
    facts.c.audience_id,
    facts.c.occurred_to,
    postgresql_where=facts.c.latest_of.is_not(None),
)
Index("facts_series_came", facts.c.operation, facts.c.since, postgresql_where=facts.c.latest_of.is_not(None))
Index(
    "facts_series_went",
    facts.c.operation,
    facts.c.until,
    postgresql_where=and_(facts.c.latest_of.is_not(None), facts.c.until < OPEN),
)
Index(
    "facts_distinct",
    facts.c.operation,
    facts.c.distinct_on,
    postgresql_where=facts.c.distinct_on.is_not(None),
)
Index("facts_by_source_ref", facts.c.operation, facts.c.source_ref, postgresql_where=facts.c.source_ref.is_not(None))
Index("facts_countable", facts.c.operation, facts.c.since, postgresql_where=facts.c.countable)
Index("facts_moved", facts.c.operation, facts.c.metric, facts.c.since)
Index("facts_ended", facts.c.operation, facts.c.metric, facts.c.until, postgresql_where=facts.c.until < OPEN)
Index(
    "facts_judged",  # those that other facts may replace, repeat or include
    facts.c.operation,
    facts.c.metric,
    postgresql_where=or_(facts.c.latest_of.is_not(None), facts.c.distinct_on.is_not(None), facts.c.manner.is_not(None)),
)
Index(
    "facts_aggregates",
    facts.c.operation,
    facts.c.metric,
    facts.c.agency,
    facts.c.manner,
    postgresql_where=facts.c.includes_itemised,
)
Index(
    "facts_itemised",  # what an aggregate may include
    facts.c.operation,
    facts.c.metric,
    facts.c.agency,
    facts.c.manner,
    facts.c.place,
    facts.c.occurred_at,
    postgresql_where=and_(facts.c.manner.is_not(None), ~facts.c.includes_itemised),
)

tallies = Table(
    "tallies",
    picture,  # the positions at which totals are kept; where there is none, the facts are counted from the start
    Column("operation", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
)

totals = Table(
    "totals",
    picture,  # sums of the facts that counted at a tally; those of which each value counts once are left out
    Column("operation", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("audience_id", BigInteger, nullable=False),
    Column("countable", Boolean, nullable=False),
    Column("metric", Text(collation="C"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("qualifier", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("joint_with", ARRAY(Text), nullable=False),
    Column("credit_only", Boolean, nullable=False),
    Column("total", Numeric, nullable=False),
    Column("stated", BigInteger, nullable=False),  # how many contributions are in it
    Column("not_stated", BigInteger, nullable=False),  # how many more said no quantity
)
Index("totals_at", totals.c.operation, totals.c.position, totals.c.metric)

pairs = view(
    "pairs",  # records that may report the same thing; key is the suggestion
    Column("a", Uuid, nullable=False),
    Column("b", Uuid, nullable=False),
    Column("state", Text, nullable=False),  # suggested | confirmed | rejected
    Column("kept", Uuid),  # of a confirmed pair: the side that counts
    Column("reasons", ARRAY(Text), nullable=False),
    Column("score", Float),
    Column("suggested_by", Text, nullable=False),
    Column("decided_by", Text),
    Column("decision", Uuid),  # the entry that decided
    moment_column("occurred_at"),
    moment_column("recorded_at"),
    Column("position", BigInteger, nullable=False),  # of the decision, else of the suggestion
    orders=(("occurred_at", "key"),),
)

statements = view(
    "statements",  # numbers that leads and agencies state of a metric, beside the derived one; key is the entry
    Column("metric", Text, nullable=False),
    Column("kind", Text, nullable=False),  # validated | released | disputed
    Column("agency", Text, nullable=False),
    Column("quantity", Numeric),  # null: not stated
    Column("unit", Text),
    Column("qualifier", Text, nullable=False),
    Column("released_to", Text),
    Column("regards", Uuid),  # the validation that is released, or the statement that is disputed
    Column("remark", Text),
    Column("as_of", DateTime(timezone=True)),
    Column("phase", Text),  # of a part of the operation alone, where one is named
    Column("strand", Text),
    Column("country", Text),
    moment_column("occurred_at"),
    moment_column("recorded_at"),
    Column("position", BigInteger, nullable=False),  # of the entry: a correction does not make it newer
    orders=(("metric",),),
)
