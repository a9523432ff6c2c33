"""What was known of an account when chance put it in an arm, beside its odds and its money."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; of assignments made before nothing more is known."""
    op.add_column("assignments", sa.Column("known", sa.JSON))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("assignments", "known")
