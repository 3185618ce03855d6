"""Let the gateway list the ids of commands, whoever may see them: it remembers them instead of asking for each post."""

from alembic import op

revision = "20261124_2310"
down_revision = "20261124_2200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create function desk.commands_after(asked_operation text, after bigint, upto bigint, most int)
        returns table (key uuid)
        language plpgsql stable security definer set search_path = '' as $$
        begin
            return query execute format(
                'select e.key from %I.entries e'
                ' where e.operation = $1 and e.since > $2 and e.since <= $3 and e.thing <> e.key limit $4',
                (select l.schema from desk.live l)
            ) using asked_operation, after, upto, most;
        end $$
    """)
    op.execute("revoke execute on function desk.commands_after from public")
