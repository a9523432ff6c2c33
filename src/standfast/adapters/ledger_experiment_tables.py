"""The ledger's tables of experiments: what is tried, and which arm chance gave each account."""

import sqlalchemy as sa

from standfast.adapters.ledger_tables import LEDGER

EXPERIMENTS = sa.Table(
    "experiments",
    LEDGER,
    sa.Column("experiment_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),  # the name in any case
    sa.Column("kind", sa.String, nullable=False),  # holdout, plays, release
    sa.Column("hypothesis", sa.String),  # what was expected before it began
    sa.Column("arms", sa.JSON, nullable=False),  # each arm and its share
    sa.Column("segment", sa.String),  # the expression that says which accounts may take part
    sa.Column("outcome", sa.String, nullable=False),  # what is counted: churned, expanded
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("minimum_size", sa.Integer),  # accounts per arm before it is read
    sa.Column("terms", sa.JSON, nullable=False),  # what else was settled at its start
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),  # UTC
    sa.Column("started_by", sa.String, nullable=False),
    sa.Column("stopped_on", sa.Date),
    sa.Column("stop_reason", sa.String),
    sa.Column("stopped_by", sa.String),
    sa.UniqueConstraint("book", "key"),
    sqlite_autoincrement=True,
)

ASSIGNMENTS = sa.Table(
    "assignments",
    LEDGER,
    sa.Column(
        "experiment_id", sa.ForeignKey("experiments.experiment_id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("cycle", sa.Date, primary_key=True),  # the day of the plan it was drawn for
    sa.Column("account_id", sa.String, primary_key=True),
    sa.Column("horizon_days", sa.Integer, nullable=False),  # how long the cycle lasts
    sa.Column("arm", sa.String, nullable=False),
    sa.Column("arm_probability", sa.Float, nullable=False),
    sa.Column("stratum", sa.String, nullable=False),
    sa.Column("owner", sa.String),
    sa.Column("churn_probability", sa.Float),
    sa.Column("upsell_probability", sa.Float),
    sa.Column("annual_revenue", sa.Float),
    sa.Column("upsell_value", sa.Float),
    sa.Column("n_in_person", sa.Integer, nullable=False),  # what it gets if it is not held out
    sa.Column("n_call", sa.Integer, nullable=False),
    sa.Column("n_email", sa.Integer, nullable=False),
    sa.Column("n_digital", sa.Integer, nullable=False),
    sa.Column("drawn_at", sa.DateTime, nullable=False),  # UTC
    sa.Column("known", sa.JSON(none_as_null=True)),  # what else was known then: signs of sleep, modifiers
    sa.Index("assignments_of_account", "account_id"),
)
"""Rows are added and never changed, so that nobody can choose an arm afterwards."""
