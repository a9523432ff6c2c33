"""The ledger's tables of scores: narrow rows, for there are many of them."""

import sqlalchemy as sa

from standfast.adapters.ledger_tables import LEDGER

SCORE_RUNS = sa.Table(
    "score_runs",
    LEDGER,
    sa.Column("run_id", sa.Integer, primary_key=True),
    sa.Column("book", sa.String, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("model_version", sa.String),
    sa.Column("made_at", sa.DateTime, nullable=False),  # UTC
    sa.Column("n_scores", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),  # of the scores: told again, they are kept once
    sa.Column("cells", sa.JSON, nullable=False),  # priority to cell and segment, as the matrix was then
    sa.Index("score_runs_of_book", "book", "as_of"),
    sqlite_autoincrement=True,
)

SCORED_ACCOUNTS = sa.Table(
    "scored_accounts",
    LEDGER,
    sa.Column("account_no", sa.Integer, primary_key=True),  # what scores call the account, to stay narrow
    sa.Column("book", sa.String, nullable=False),
    sa.Column("account_id", sa.String, nullable=False),
    sa.UniqueConstraint("book", "account_id"),
)

SCORES = sa.Table(
    "scores",
    LEDGER,
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
    sa.Column("priority", sa.SmallInteger),  # which of the run's cells
    sa.Index("scores_of_account", "account_no"),
    sqlite_with_rowid=False,
)
