"""Scope credentials: which operations, which types, read or post; what replaced one; and tell gateways of changes."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_2200"
down_revision = "20261124_2000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null is every operation and every type: what the credentials that exist may do.
    op.add_column("credentials", sa.Column("operations", sa.ARRAY(sa.Text)), schema="desk")
    op.add_column("credentials", sa.Column("types", sa.ARRAY(sa.Text)), schema="desk")
    op.add_column(
        "credentials", sa.Column("may_read", sa.Boolean, nullable=False, server_default=sa.true()), schema="desk"
    )
    op.add_column("credentials", sa.Column("replaced_by", sa.Uuid), schema="desk")
    # A notice leaves with the commit of the change, whoever makes it, so no gateway believes an ended token.
    op.execute("""
        create function desk.tell_of_credentials() returns trigger
        language plpgsql set search_path = '' as $$
        begin
            perform pg_catalog.pg_notify('vcp_credentials', '');
            return null;
        end $$
    """)
    for table in ("credentials", "agencies"):
        op.execute(f"""
            create trigger tell_of_{table} after update or delete or truncate on desk.{table}
            for each statement execute function desk.tell_of_credentials()
        """)
