"""Keep beside each key the marks by which its block is found; they go when the key goes."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_0010"
down_revision = "20261124_2310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("keys", sa.Column("marks", sa.ARRAY(sa.BigInteger)), schema="desk")
    op.create_index("keys_by_mark", "keys", ["marks"], schema="desk", postgresql_using="gin")
    # Whoever erases a key erases its marks, even one who does not know of them.
    op.execute("""
        create function desk.erase_marks() returns trigger language plpgsql set search_path = '' as $$
        begin
            new.marks := null;
            return new;
        end $$
    """)
    op.execute("""
        create trigger marks_go_with_their_key before update on desk.keys
        for each row when (new.wrapped is null) execute function desk.erase_marks()
    """)
