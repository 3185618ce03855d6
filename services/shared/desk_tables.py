"""The tables of schema `desk`, which migrations make: what is durable and cannot be had from the log."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from services.shared.tables import moment_column

desk = MetaData(schema="desk")


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

engines = Table(
    "engines",
    desk,  # the cross-check engines that are there now, for each agency that delegated to them
    Column("agency", Text, primary_key=True),
    Column("engine", Uuid, primary_key=True),
    moment_column("until"),  # unless it says before that it is still there
    prefixes=["UNLOGGED"],
)

attendances = Table(
    "attendances",
    desk,  # which of them attends an operation; after a crash they share anew
    Column("agency", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("engine", Uuid, nullable=False),
    ForeignKeyConstraint(["agency", "engine"], [engines.c.agency, engines.c.engine], ondelete="CASCADE"),
    prefixes=["UNLOGGED"],
)
