"""Let the engines of an agency share its operations: who is there, and who attends which. Nothing of it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0540"
down_revision = "20261201_0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engines",
        sa.Column("agency", sa.Text, primary_key=True),
        sa.Column("engine", sa.Uuid, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        schema="desk",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "attendances",
        sa.Column("agency", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        sa.Column("engine", sa.Uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency", "engine"], ["desk.engines.agency", "desk.engines.engine"], ondelete="CASCADE"
        ),
        schema="desk",
        prefixes=["UNLOGGED"],
    )
