"""People, their rights and what they did; overrides, snoozes, answers kept; scores over time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NEW = sa.MetaData()

sa.Table(
    "users",
    NEW,
    sa.Column("user_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("password", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("owner", sa.String),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("book", "key"),
    sqlite_autoincrement=True,
)

sa.Table(
    "sessions",
    NEW,
    sa.Column("token", sa.String, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
    sa.Index("sessions_of_user", "user_id"),
)

sa.Table(
    "api_keys",
    NEW,
    sa.Column("key_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("token", sa.String, nullable=False, unique=True),
    sa.Column("scopes", sa.String, nullable=False),
    sa.Column("owner", sa.String),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("revoked_at", sa.DateTime),
    sa.UniqueConstraint("book", "key"),
    sqlite_autoincrement=True,
)

sa.Table(
    "audit",
    NEW,
    sa.Column("entry_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("account_id", sa.String),
    sa.Column("details", sa.JSON),
    sa.Index("audit_of_book", "book", "entry_id"),
    sa.Index("audit_of_account", "book", "account_id"),
    sqlite_autoincrement=True,
)

sa.Table(
    "answers",
    NEW,
    sa.Column("book", sa.String, primary_key=True),
    sa.Column("who", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("begun_at", sa.DateTime, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("media_type", sa.String),
    sa.Column("body", sa.LargeBinary),
    sa.Index("answers_by_age", "begun_at"),
)

sa.Table(
    "overrides",
    NEW,
    sa.Column("override_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("field", sa.String, nullable=False),
    sa.Column("value", sa.String, nullable=False),
    sa.Column("model_value", sa.String),
    sa.Column("model_version", sa.String),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("ended_by", sa.String),
    sa.Index("overrides_of_account", "book", "account_id"),
    sa.Index("overrides_by_day", "book", "until"),
    sqlite_autoincrement=True,
)

sa.Table(
    "snoozes",
    NEW,
    sa.Column("snooze_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("reason", sa.String),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Index("snoozes_of_account", "book", "account_id"),
    sqlite_autoincrement=True,
)

sa.Table(
    "score_runs",
    NEW,
    sa.Column("run_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("model_version", sa.String),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("n_scores", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("cells", sa.JSON, nullable=False),
    sa.Index("score_runs_of_book", "book", "as_of"),
    sqlite_autoincrement=True,
)

sa.Table(
    "scored_accounts",
    NEW,
    sa.Column("account_no", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.UniqueConstraint("book", "account_id"),
)

sa.Table(
    "scores",
    NEW,
    sa.Column("run_id", sa.ForeignKey("score_runs.run_id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "account_no", sa.ForeignKey("scored_accounts.account_no", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("churn_probability", sa.Float),
    sa.Column("churn_low", sa.Float),
    sa.Column("churn_high", sa.Float),
    sa.Column("contraction_probability", sa.Float),
    sa.Column("upsell_probability", sa.Float),
    sa.Column("annual_revenue", sa.Float),
    sa.Column("reward", sa.Float),
    sa.Column("priority", sa.SmallInteger),
    sa.Index("scores_of_account", "account_no"),
    sqlite_with_rowid=False,
)

RECORDS = ("touches", "outcomes")


def upgrade() -> None:
    """Make them, and note from now on who recorded a touch or an outcome."""
    NEW.create_all(op.get_bind(), checkfirst=False)
    for table in RECORDS:
        op.add_column(table, sa.Column("recorded_by", sa.String))


def downgrade() -> None:
    """Take them away."""
    for table in RECORDS:
        op.drop_column(table, "recorded_by")
    NEW.drop_all(op.get_bind())
