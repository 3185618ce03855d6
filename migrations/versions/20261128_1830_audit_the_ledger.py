"""Keep what an auditor asked of the ledger, and find an operation's lines by their order."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_1830"
down_revision = "20261125_0320"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("given", sa.Column("about", sa.Text, nullable=False, server_default=""), schema="desk")
    op.create_index("given_of_operation", "given", ["operation", "position"], schema="desk")
