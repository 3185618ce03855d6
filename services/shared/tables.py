"""The tables: read models that the projector writes and the gateway reads, and the gateway's own desk.

The read models name no schema: a set of them lives in `picture_<n>`, and `desk.live` says which set is read.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    and_,
    func,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

OPEN = 9223372036854775807
"""The `until` of a row that is still true."""

picture = MetaData()
desk = MetaData(schema="desk")


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
    ),
)
Index(
    "timeline_ended",  # what changed since a position: few rows ever end
    timeline.c.operation,
    timeline.c.until,
    postgresql_where=timeline.c.until != OPEN,
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
    picture,  # sums of the facts that were true at a tally; those that replace or exclude each other are left out
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

live = Table(
    "live",
    desk,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("schema", Text, nullable=False),
    Column("shape", Text, nullable=False),  # fingerprint of the tables that the set was made from
)

agencies = Table(
    "agencies",
    desk,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("country", Text),
    Column("name", Text),
    moment_column("added_at"),
)

credentials = Table(
    "credentials",
    desk,
    Column("id", Uuid, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),  # SHA-256 of the token; the token is shown once
    Column("agency", Text, nullable=False),
    Column("actor", Text, nullable=False),  # "system" or the desk's label; never a person's name
    Column("groups", ARRAY(Text), nullable=False),
    Column("may_post", Boolean, nullable=False),
    moment_column("added_at"),
    Column("expires_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    Column("operations", ARRAY(Text)),  # null: all in which the agency takes part
    Column("types", ARRAY(Text)),  # which it may post; null: all that the agency may
    Column("may_read", Boolean, nullable=False, server_default=text("true")),
    Column("replaced_by", Uuid),  # the credential that rotation put in its place
)

officers = Table(
    "officers",  # people who sign in at the console; the log and the ledger know them by a part of the id alone
    desk,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),  # by which they sign in, lower case
    Column("agency", Text, nullable=False),
    Column("subject", Text),  # who they are to the identity provider
    Column("password", Text),  # Argon2id in PHC form; null: no password opens it
    moment_column("added_at"),
    Column("removed_at", DateTime(timezone=True)),
)
Index("officers_by_name", officers.c.name, unique=True, postgresql_where=officers.c.removed_at.is_(None))
Index("officers_by_subject", officers.c.subject, unique=True, postgresql_where=officers.c.removed_at.is_(None))

officer_roles = Table(
    "officer_roles",
    desk,
    Column("officer", Uuid, ForeignKey(officers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("operation", Text, primary_key=True),  # "*": every operation in which the agency takes part
    Column("role", Text, nullable=False),  # reader | reporter
    Column("groups", ARRAY(Text), nullable=False),
)

sessions = Table(
    "sessions",
    desk,
    Column("digest", LargeBinary, primary_key=True),  # SHA-256 of the cookie
    Column("officer", Uuid, ForeignKey(officers.c.id, ondelete="CASCADE"), nullable=False),
    Column("purpose", Text),  # what the officer looks at persons for, until said otherwise
    moment_column("added_at"),
    moment_column("seen_at"),
    moment_column("expires_at"),
)
Index("sessions_of_officer", sessions.c.officer)

sign_ins = Table(
    "sign_ins",  # begun at the identity provider and not ended
    desk,
    Column("state", LargeBinary, primary_key=True),  # SHA-256 of what the provider sends back
    Column("browser", LargeBinary, nullable=False),  # SHA-256 of the cookie of the browser that began
    moment_column("expires_at"),
)

keys = Table(
    "keys",
    desk,
    Column("id", Uuid, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("entry", Uuid, nullable=False),
    Column("wrapped", LargeBinary),  # null once erased
    Column("master", Text),  # the name of the master key that wraps it; null: that of the deployment's secret
    moment_column("made_at"),
    Column("erased_at", DateTime(timezone=True)),
    Column("marks", ARRAY(BigInteger)),  # by which the block is found; null once erased
)
Index("keys_of_entry", keys.c.entry)
Index("keys_by_master", func.coalesce(keys.c.master, text("''")), postgresql_where=keys.c.wrapped.is_not(None))
Index("keys_by_mark", keys.c.marks, postgresql_using="gin")

given = Table(
    "given",
    desk,  # an index of the disclosure ledger: a line for a line, made again from it when lost
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    moment_column("at"),
    Column("operation", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("originator", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("entries", ARRAY(Uuid), nullable=False),
    Column("upto", BigInteger, nullable=False),
    Column("about", Text, nullable=False, server_default=text("''")),
)
Index("given_of_operation", given.c.operation, given.c.position)
Index("given_of_entries", given.c.entries, postgresql_using="gin")

given_upto = Table(
    "given_upto",
    desk,  # how far the index is
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("position", BigInteger, nullable=False),
)
