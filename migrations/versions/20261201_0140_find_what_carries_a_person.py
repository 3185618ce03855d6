"""Let the gateway find what carries a person although whoever erases it sees not all of that: an order binds all."""

from alembic import op

revision = "20261201_0140"
down_revision = "20261130_2310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What corrects it after the erasure was said of a person who was erased already: it stands until it is erased
    # itself.
    op.execute("""
        create function desk.carrying(asked_operation text, target uuid, erasure uuid)
        returns table (key uuid, body text)
        language plpgsql stable security definer set search_path = '' as $$
        begin
            return query execute format(
                'select c.key, c.body from %1$I.entries t'
                '  join %1$I.entries c on c.operation = t.operation and c.thing = t.thing'
                '   and (c.key = t.key or c.type in (''record.corrected.v1'', ''correction.proposed.v1'')'
                '        and (c.body::jsonb #>> ''{report,data,target}'')::uuid = t.key)'
                '  left join %1$I.entries e on e.operation = t.operation and e.key = $3'
                ' where t.operation = $1 and t.key = $2 and (e.since is null or c.since < e.since)',
                (select l.schema from desk.live l)
            ) using asked_operation, target, erasure;
        end $$
    """)
    op.execute("revoke execute on function desk.carrying from public")
