"""Experiments, and which arm chance gave each account."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NEW = sa.MetaData()

sa.Table(
    "experiments",
    NEW,
    sa.Column("experiment_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("hypothesis", sa.String),
    sa.Column("arms", sa.JSON, nullable=False),
    sa.Column("segment", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("minimum_size", sa.Integer),
    sa.Column("terms", sa.JSON, nullable=False),
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("started_by", sa.String, nullable=False),
    sa.Column("stopped_on", sa.Date),
    sa.Column("stop_reason", sa.String),
    sa.Column("stopped_by", sa.String),
    sa.UniqueConstraint("book", "key"),
    sqlite_autoincrement=True,
)

sa.Table(
    "assignments",
    NEW,
    sa.Column(
        "experiment_id", sa.ForeignKey("experiments.experiment_id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("cycle", sa.Date, primary_key=True),
    sa.Column("account_id", sa.String, primary_key=True),
    sa.Column("horizon_days", sa.Integer, nullable=False),
    sa.Column("arm", sa.String, nullable=False),
    sa.Column("arm_probability", sa.Float, nullable=False),
    sa.Column("stratum", sa.String, nullable=False),
    sa.Column("owner", sa.String),
    sa.Column("churn_probability", sa.Float),
    sa.Column("upsell_probability", sa.Float),
    sa.Column("annual_revenue", sa.Float),
    sa.Column("upsell_value", sa.Float),
    sa.Column("n_in_person", sa.Integer, nullable=False),
    sa.Column("n_call", sa.Integer, nullable=False),
    sa.Column("n_email", sa.Integer, nullable=False),
    sa.Column("n_digital", sa.Integer, nullable=False),
    sa.Column("drawn_at", sa.DateTime, nullable=False),
    sa.Index("assignments_of_account", "account_id"),
)


def upgrade() -> None:
    """Make them."""
    NEW.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    """Take them away."""
    NEW.drop_all(op.get_bind())
