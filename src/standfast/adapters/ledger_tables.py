"""The ledger's tables: what was planned, what was done, what came of it.

A change here, or in the files beside it, needs a migration in ``migrations/versions``; a test compares them.
"""

import sqlalchemy as sa

LEDGER = sa.MetaData()
"""All tables of the ledger. Each row names its book, so that one ledger serves several."""

PLANS = sa.Table(
    "plans",
    LEDGER,
    sa.Column("plan_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),  # UTC
    sa.Column("horizon_days", sa.Integer, nullable=False),
    sa.Column("model_version", sa.String),
    sa.Column("summary", sa.JSON, nullable=False),
    sa.Index("plans_of_book", "book", "as_of"),
)

PLAN_LINES = sa.Table(
    "plan_lines",
    LEDGER,
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

TOUCHES = sa.Table(
    "touches",
    LEDGER,
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
    sa.Column("key", sa.String, nullable=False),  # the same touch recorded twice is one touch
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.Column("recorded_by", sa.String),
    sa.UniqueConstraint("book", "key"),
    sa.Index("touches_of_account", "book", "account_id", "day"),
)

OUTCOMES = sa.Table(
    "outcomes",
    LEDGER,
    sa.Column("outcome_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),  # churned, contracted, expanded, renewed
    sa.Column("amount", sa.Float),
    sa.Column("note", sa.String),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.Column("recorded_by", sa.String),
    sa.UniqueConstraint("book", "account_id", "day", "outcome"),
)

ALERTS = sa.Table(
    "alerts",
    LEDGER,
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
    sa.Column("first_seen_on", sa.Date, nullable=False),  # the as-of date of the look that found it
    sa.Column("seen_on", sa.Date, nullable=False),  # that of the newest look that found it open
    sa.UniqueConstraint("book", "account_id", "type", "opened_on"),
    sa.Index("open_alerts", "book", "closed_on"),
)

ALERT_LOOKS = sa.Table(
    "alert_looks",
    LEDGER,
    sa.Column("book", sa.String, primary_key=True),
    sa.Column("as_of", sa.Date, primary_key=True),
    sa.Column("n_open", sa.Integer, nullable=False),
    sa.Column("looked_at", sa.DateTime, nullable=False),  # UTC
)

CAMPAIGNS = sa.Table(
    "campaigns",
    LEDGER,
    sa.Column("campaign_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("offer", sa.String),
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("looked_on", sa.Date, nullable=False),  # as of when the book was last looked at
    sa.Column("stopped_on", sa.Date),
    sa.Column("stop_reason", sa.String),
    sa.Column("open_list", sa.String, nullable=False),  # the list that is being worked: A, B, C
    sa.Column(
        "terms", sa.JSON, nullable=False
    ),  # lists, gates and the hour's cost as they stood at the start
    sa.UniqueConstraint("book", "name"),
)

CAMPAIGN_ACCOUNTS = sa.Table(
    "campaign_accounts",
    LEDGER,
    sa.Column("campaign_id", sa.ForeignKey("campaigns.campaign_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("account_id", sa.String, primary_key=True),
    sa.Column("list", sa.String, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("owner", sa.String),
    sa.Column("annual_revenue", sa.Float),
    sa.Column("upsell_probability", sa.Float),
    sa.Column("upsell_value", sa.Float),
    sa.Column("suppressed_because", sa.String),  # at the last look; empty: nothing holds it back
)

CAMPAIGN_GATES = sa.Table(
    "campaign_gates",
    LEDGER,
    sa.Column("campaign_id", sa.ForeignKey("campaigns.campaign_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("list", sa.String, primary_key=True),  # the list behind which the gate was passed
    sa.Column("passed_on", sa.Date, nullable=False),
    sa.Column("verdict", sa.String, nullable=False),
    sa.Column("sentence", sa.String, nullable=False),
    sa.Column("overruled_because", sa.String),  # a person's reason to go on against the advice
)

CAMPAIGN_RESULTS = sa.Table(
    "campaign_results",
    LEDGER,
    sa.Column("result_id", sa.Integer, primary_key=True),
    sa.Column("campaign_id", sa.ForeignKey("campaigns.campaign_id", ondelete="CASCADE"), nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("minutes", sa.Float, nullable=False),
    sa.Column("direct_cost", sa.Float, nullable=False),
    sa.Column("result", sa.String, nullable=False),  # none, meeting, sale, refused
    sa.Column("revenue", sa.Float, nullable=False),  # won, per year
    sa.Column("note", sa.String),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("campaign_id", "account_id", "day", "result"),
)
