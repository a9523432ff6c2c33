"""The ledger's tables of people: who may do what, who did what, and where a person knew better."""

import sqlalchemy as sa

from standfast.adapters.ledger_tables import LEDGER

USERS = sa.Table(
    "users",
    LEDGER,
    sa.Column("user_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),  # the name without regard to case
    sa.Column("password", sa.String, nullable=False),  # its argon2id hash
    sa.Column("role", sa.String, nullable=False),  # viewer, csm, lead, admin
    sa.Column("owner", sa.String),  # whose accounts are theirs
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),  # UTC
    sa.UniqueConstraint("book", "key"),
    sqlite_autoincrement=True,  # the number of one who left is nobody else's
)

SESSIONS = sa.Table(
    "sessions",
    LEDGER,
    sa.Column("token", sa.String, primary_key=True),  # its sha256
    sa.Column("user_id", sa.ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
    sa.Index("sessions_of_user", "user_id"),
)

API_KEYS = sa.Table(
    "api_keys",
    LEDGER,
    sa.Column("key_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),  # the name without regard to case
    sa.Column("token", sa.String, nullable=False, unique=True),  # its sha256
    sa.Column("scopes", sa.String, nullable=False),  # with blanks between
    sa.Column("owner", sa.String),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("until", sa.Date),  # its last day
    sa.Column("revoked_at", sa.DateTime),
    sa.UniqueConstraint("book", "key"),
    sqlite_autoincrement=True,
)

AUDIT = sa.Table(
    "audit",
    LEDGER,
    sa.Column("entry_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("account_id", sa.String),
    sa.Column("details", sa.JSON(none_as_null=True)),
    sa.Index("audit_of_book", "book", "entry_id"),
    sa.Index("audit_of_account", "book", "account_id"),
    sqlite_autoincrement=True,
)

ANSWERS = sa.Table(
    "answers",
    LEDGER,
    sa.Column("book", sa.String, primary_key=True),
    sa.Column("who", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("begun_at", sa.DateTime, nullable=False),
    sa.Column("status", sa.Integer),  # empty while the work is under way
    sa.Column("media_type", sa.String),
    sa.Column("body", sa.LargeBinary),
    sa.Index("answers_by_age", "begun_at"),
)

OVERRIDES = sa.Table(
    "overrides",
    LEDGER,
    sa.Column("override_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("field", sa.String, nullable=False),  # churn_probability, upsell_probability, segment, cell
    sa.Column("value", sa.String, nullable=False),
    sa.Column("model_value", sa.String),  # what the newest scores said when it was made
    sa.Column("model_version", sa.String),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("until", sa.Date, nullable=False),  # its last day
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("ended_by", sa.String),
    sa.Index("overrides_of_account", "book", "account_id"),
    sa.Index("overrides_by_day", "book", "until"),
    sqlite_autoincrement=True,
)

SNOOZES = sa.Table(
    "snoozes",
    LEDGER,
    sa.Column("snooze_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.Column("until", sa.Date, nullable=False),  # the day the account is back
    sa.Column("reason", sa.String),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Index("snoozes_of_account", "book", "account_id"),
    sqlite_autoincrement=True,
)
