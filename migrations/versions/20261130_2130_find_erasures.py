"""Let the gateway find erasures whose keys are still there, whoever may see them: it makes up for them."""

from alembic import op

revision = "20261130_2130"
down_revision = "20261128_1850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create function desk.erasures_pending(asked_operation text, after bigint)
        returns table (since bigint, body text)
        language plpgsql stable security definer set search_path = '' as $$
        begin
            return query execute format(
                'select e.since, e.body from %I.entries e'
                ' where e.operation = $1 and e.since > $2 and e.thing <> e.key and e.type = ''person.erased.v1'''
                '   and exists (select from desk.keys k where k.wrapped is not null'
                '        and k.entry = (e.body::jsonb #>> ''{report,data,target}'')::uuid)'
                ' order by e.since',
                (select l.schema from desk.live l)
            ) using asked_operation, after;
        end $$
    """)
    op.execute("revoke execute on function desk.erasures_pending from public")
