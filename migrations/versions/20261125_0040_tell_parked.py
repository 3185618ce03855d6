"""Let the gateway count what is parked, in all operations: its readiness says that the picture is incomplete."""

from alembic import op

revision = "20261125_0040"
down_revision = "20261125_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create function desk.parked_entries() returns bigint
        language plpgsql stable security definer set search_path = '' as $$
        declare
            found bigint;
        begin
            execute format('select count(*) from %I.parked', (select l.schema from desk.live l)) into found;
            return found;
        end $$
    """)
    op.execute("revoke execute on function desk.parked_entries from public")
