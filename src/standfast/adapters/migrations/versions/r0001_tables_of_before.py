"""The tables as they were before revisions were kept; those that are there already stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BEFORE = sa.MetaData()

sa.Table(
    "plans",
    BEFORE,
    sa.Column("plan_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("horizon_days", sa.Integer, nullable=False),
    sa.Column("model_version", sa.String),
    sa.Column("summary", sa.JSON, nullable=False),
    sa.Index("plans_of_book", "book", "as_of"),
)

sa.Table(
    "plan_lines",
    BEFORE,
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("account_id", sa.String, primary_key=True),
    sa.Column("owner", sa.String),
    sa.Column("segment", sa.String),
    sa.Column("cell", sa.String),
    sa.Column("play", sa.String),
    sa.Column("n_in_person", sa.Integer, nullable=False),
    sa.Column("n_call", sa.Integer, nullable=False),
    sa.Column("n_email", sa.Integer, nullable=False),
    sa.Column("n_digital", sa.Integer, nullable=False),
    sa.Column("hours", sa.Float, nullable=False),
    sa.Column("expected_value", sa.Float),
    sa.Column("conservative_value", sa.Float),
    sa.Column("value_per_hour", sa.Float),
    sa.Column("first_touch_by", sa.Date),
    sa.Column("held_out", sa.Boolean, nullable=False),
    sa.Column("why", sa.String),
    sa.Column("churn_probability", sa.Float),
)

sa.Table(
    "touches",
    BEFORE,
    sa.Column("touch_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("minutes", sa.Float),
    sa.Column("play", sa.String),
    sa.Column("contact_id", sa.String),
    sa.Column("outcome", sa.String),
    sa.Column("assigned_at_random", sa.Boolean),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("book", "key"),
    sa.Index("touches_of_account", "book", "account_id", "day"),
)

sa.Table(
    "outcomes",
    BEFORE,
    sa.Column("outcome_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("amount", sa.Float),
    sa.Column("note", sa.String),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("book", "account_id", "day", "outcome"),
)

sa.Table(
    "alerts",
    BEFORE,
    sa.Column("alert_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("severity", sa.String, nullable=False),
    sa.Column("owner_function", sa.String),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("action", sa.String),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("closed_on", sa.Date),
    sa.Column("first_seen_on", sa.Date, nullable=False),
    sa.Column("seen_on", sa.Date, nullable=False),
    sa.UniqueConstraint("book", "account_id", "type", "opened_on"),
    sa.Index("open_alerts", "book", "closed_on"),
)

sa.Table(
    "alert_looks",
    BEFORE,
    sa.Column("book", sa.String, primary_key=True),
    sa.Column("as_of", sa.Date, primary_key=True),
    sa.Column("n_open", sa.Integer, nullable=False),
    sa.Column("looked_at", sa.DateTime, nullable=False),
)

sa.Table(
    "campaigns",
    BEFORE,
    sa.Column("campaign_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("offer", sa.String),
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("looked_on", sa.Date, nullable=False),
    sa.Column("stopped_on", sa.Date),
    sa.Column("stop_reason", sa.String),
    sa.Column("open_list", sa.String, nullable=False),
    sa.Column("terms", sa.JSON, nullable=False),
    sa.UniqueConstraint("book", "name"),
)

sa.Table(
    "campaign_accounts",
    BEFORE,
    sa.Column("campaign_id", sa.ForeignKey("campaigns.campaign_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("account_id", sa.String, primary_key=True),
    sa.Column("list", sa.String, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("owner", sa.String),
    sa.Column("annual_revenue", sa.Float),
    sa.Column("upsell_probability", sa.Float),
    sa.Column("upsell_value", sa.Float),
    sa.Column("suppressed_because", sa.String),
)

sa.Table(
    "campaign_gates",
    BEFORE,
    sa.Column("campaign_id", sa.ForeignKey("campaigns.campaign_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("list", sa.String, primary_key=True),
    sa.Column("passed_on", sa.Date, nullable=False),
    sa.Column("verdict", sa.String, nullable=False),
    sa.Column("sentence", sa.String, nullable=False),
    sa.Column("overruled_because", sa.String),
)

sa.Table(
    "campaign_results",
    BEFORE,
    sa.Column("result_id", sa.Integer, primary_key=True),
    sa.Column("campaign_id", sa.ForeignKey("campaigns.campaign_id", ondelete="CASCADE"), nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("minutes", sa.Float, nullable=False),
    sa.Column("direct_cost", sa.Float, nullable=False),
    sa.Column("result", sa.String, nullable=False),
    sa.Column("revenue", sa.Float, nullable=False),
    sa.Column("note", sa.String),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("campaign_id", "account_id", "day", "result"),
)


def upgrade() -> None:
    """Make what is missing of them."""
    BEFORE.create_all(op.get_bind())


def downgrade() -> None:
    """Take them away."""
    BEFORE.drop_all(op.get_bind())
