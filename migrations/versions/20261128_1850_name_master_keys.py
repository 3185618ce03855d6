"""Say of each key of a person under which master key it lies, so that it can be wrapped anew under another."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_1850"
down_revision = "20261128_1830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("keys", sa.Column("master", sa.Text), schema="desk")
    op.create_index(
        "keys_by_master",
        "keys",
        [sa.text("coalesce(master, '')")],
        schema="desk",
        postgresql_where=sa.text("wrapped is not null"),
    )
