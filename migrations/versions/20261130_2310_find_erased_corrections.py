"""Let the gateway find an erasure also by the keys of corrections: they may be all that holds the person."""

from alembic import op

revision = "20261130_2310"
down_revision = "20261130_2130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create or replace function desk.erasures_pending(asked_operation text, after bigint)
        returns table (since bigint, body text)
        language plpgsql stable security definer set search_path = '' as $$
        begin
            return query execute format(
                'select e.since, e.body from %1$I.entries e'
                ' where e.operation = $1 and e.since > $2 and e.thing <> e.key and e.type = ''person.erased.v1'''
                '   and exists (select from %1$I.entries c join desk.keys k on k.entry = c.key'
                '        where c.operation = e.operation and c.thing = e.thing and c.since < e.since'
                '          and k.wrapped is not null'
                '          and (e.body::jsonb #>> ''{report,data,target}'')::uuid in (c.key, case'
                '              when c.type in (''record.corrected.v1'', ''correction.proposed.v1'')'
                '              then (c.body::jsonb #>> ''{report,data,target}'')::uuid end))'
                ' order by e.since',
                (select l.schema from desk.live l)
            ) using asked_operation, after;
        end $$
    """)
