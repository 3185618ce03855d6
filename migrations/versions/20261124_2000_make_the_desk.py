"""Make the desk: what is durable and no fact of an operation (agencies, credentials, keys of persons)."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_2000"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live",
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.text("true")),
        sa.Column("schema", sa.Text, nullable=False),
        sa.Column("shape", sa.Text, nullable=False),
        sa.CheckConstraint('"only"', name="live_is_one_row"),
        schema="desk",
    )
    op.create_table(
        "agencies",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("country", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        schema="desk",
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("groups", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("may_post", sa.Boolean, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        schema="desk",
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("entry", sa.Uuid, nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        schema="desk",
    )
    op.create_index("keys_of_entry", "keys", ["entry"], schema="desk")
    # Whether an id is in the log already must be known at the door, whoever may see the entry.
    op.execute("""
        create function desk.known_entries(asked_operation text, asked uuid[]) returns table (key uuid, thing uuid)
        language plpgsql stable security definer set search_path = '' as $$
        begin
            return query execute format(
                'select e.key, e.thing from %I.entries e where e.operation = $1 and e.key = any($2)',
                (select l.schema from desk.live l)
            ) using asked_operation, asked;
        end $$
    """)
    op.execute("revoke execute on function desk.known_entries from public")
