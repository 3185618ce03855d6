"""An index of the disclosure ledger: which lines name an entry, and what a reader was given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261125_0300"
down_revision = "20261125_0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "given",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("originator", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("entries", ARRAY(sa.Uuid), nullable=False),
        sa.Column("upto", sa.BigInteger, nullable=False),
        schema="desk",
    )
    op.create_index("given_of_entries", "given", ["entries"], schema="desk", postgresql_using="gin")
    op.create_table(
        "given_upto",
        sa.Column("only", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("position", sa.BigInteger, nullable=False),
        schema="desk",
    )
    op.execute("insert into desk.given_upto (position) values (0)")
