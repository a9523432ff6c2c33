"""All tables of the ledger: importing this file makes LEDGER complete."""

from standfast.adapters.ledger_experiment_tables import ASSIGNMENTS, EXPERIMENTS
from standfast.adapters.ledger_people_tables import (
    ANSWERS,
    API_KEYS,
    AUDIT,
    OVERRIDES,
    SESSIONS,
    SNOOZES,
    USERS,
)
from standfast.adapters.ledger_score_tables import SCORE_RUNS, SCORED_ACCOUNTS, SCORES
from standfast.adapters.ledger_tables import (
    ALERT_LOOKS,
    ALERTS,
    CAMPAIGN_ACCOUNTS,
    CAMPAIGN_GATES,
    CAMPAIGN_RESULTS,
    CAMPAIGNS,
    LEDGER,
    OUTCOMES,
    PLAN_LINES,
    PLANS,
    TOUCHES,
)

__all__ = [
    "ALERTS", "ALERT_LOOKS", "ANSWERS", "API_KEYS", "ASSIGNMENTS", "AUDIT", "CAMPAIGNS",
    "CAMPAIGN_ACCOUNTS", "CAMPAIGN_GATES", "CAMPAIGN_RESULTS", "EXPERIMENTS", "LEDGER", "OUTCOMES",
    "OVERRIDES", "PLANS", "PLAN_LINES", "SCORED_ACCOUNTS", "SCORES", "SCORE_RUNS", "SESSIONS", "SNOOZES",
    "TOUCHES", "USERS",
]  # fmt: skip
