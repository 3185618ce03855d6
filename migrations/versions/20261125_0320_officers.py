"""Make a place for officers: their roles by operation, their sessions, and sign-ins begun at an identity provider."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_0320"
down_revision = "20261125_0300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("password", sa.Text),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        schema="desk",
    )
    # Who was removed stays, so that the ledger's lines can be read for ever; their name may be given to another.
    for column in ("name", "subject"):
        op.create_index(
            f"officers_by_{column}",
            "officers",
            [column],
            unique=True,
            schema="desk",
            postgresql_where=sa.text("removed_at is null"),
        )
    officer = sa.ForeignKey("desk.officers.id", ondelete="CASCADE")
    op.create_table(
        "officer_roles",
        sa.Column("officer", sa.Uuid, officer, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("groups", sa.ARRAY(sa.Text), nullable=False),
        schema="desk",
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("officer", sa.Uuid, sa.ForeignKey("desk.officers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("purpose", sa.Text),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        schema="desk",
    )
    op.create_index("sessions_of_officer", "sessions", ["officer"], schema="desk")
    op.create_table(
        "sign_ins",
        sa.Column("state", sa.LargeBinary, primary_key=True),
        sa.Column("browser", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        schema="desk",
    )
    # Whoever changes an officer or a role, by whatever way, ends that officer's sessions in the same transaction.
    op.execute("""
        create function desk.end_sessions() returns trigger
        language plpgsql set search_path = '' as $$
        begin
            if tg_op <> 'INSERT' then
                delete from desk.sessions where officer = (to_jsonb(old) ->> tg_argv[0])::uuid;
            end if;
            if tg_op <> 'DELETE' then
                delete from desk.sessions where officer = (to_jsonb(new) ->> tg_argv[0])::uuid;
            end if;
            return null;
        end $$
    """)
    for table, column in (("officers", "id"), ("officer_roles", "officer")):
        op.execute(f"""
            create trigger end_sessions after insert or update or delete on desk.{table}
            for each row execute function desk.end_sessions('{column}')
        """)
    # Not after an update of a session: `seen_at` moves every minute and changes nobody's rights.
    for table, changes in (
        ("officers", "update or delete or truncate"),
        ("officer_roles", "insert or update or delete or truncate"),
        ("sessions", "delete or truncate"),
    ):
        op.execute(f"""
            create trigger tell_of_{table} after {changes} on desk.{table}
            for each statement execute function desk.tell_of_credentials()
        """)
