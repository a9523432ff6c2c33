"""The names that travel between rooms: columns, their kinds, and which table needs which."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "whole", "date", "time", "flag"]

ACCOUNT_ID = "account_id"
OBSERVATION_DATE = "observation_date"
ANNUAL_REVENUE = "annual_revenue"
LABELS = ("churned", "contracted", "expanded")
TARGETS = {"churned": "churn", "contracted": "contraction", "expanded": "upsell"}
"""What people call the model of each label."""


@dataclass(frozen=True)
class Column:
    """One column of a canonical table: its name, its kind and whether the table is useless without it."""

    name: str
    kind: Kind
    needed: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table: its name and its columns; columns beyond these are kept as they come."""

    name: str
    columns: tuple[Column, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """Names of the columns the table must have."""
        return tuple(column.name for column in self.columns if column.needed)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all canonical columns, in order."""
        return tuple(column.name for column in self.columns)


def _table(name: str, /, **columns: str) -> Table:
    """Read ``kind`` or ``kind!`` (needed) per column."""
    return Table(
        name,
        tuple(
            Column(column, kind.rstrip("!"), needed=kind.endswith("!"))  # type: ignore[arg-type]
            for column, kind in columns.items()
        ),
    )


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "accounts", account_id="text!", name="text", industry="text", plan="text", product="text",
            country="text", employees="number", started_on="date", owner="text", parent_id="text",
            currency="text", unit_cost="number", annual_revenue="number", churned_on="date",
            gross_margin="number", acquisition_cost="number",
        ),
        _table(
            "subscriptions", account_id="text!", started_on="date!", ended_on="date", amount="number",
            plan="text", product="text", seats="number", renews_on="date", auto_renew="flag",
            is_trial="flag",
        ),
        _table(
            "invoices", account_id="text!", issued_on="date!", due_on="date", paid_on="date", amount="number",
            attempts="number",
        ),
        _table(
            "usage", account_id="text!", day="date!", event="text", quantity="number", user_id="text",
            limit="number",
        ),
        _table(
            "tickets", account_id="text!", opened_at="time!", closed_at="time", priority="text",
            escalated="flag", satisfaction="text", reopens="number",
        ),
        _table("surveys", account_id="text!", answered_at="time!", score="number", contact_id="text"),
        _table(
            "contacts", contact_id="text!", account_id="text!", role="text", preferred_channel="text",
            language="text", joined_on="date", left_on="date",
        ),
        _table(
            "touches", account_id="text!", day="date!", channel="text", minutes="number", play="text",
            contact_id="text", outcome="text", assigned_at_random="flag",
        ),
        _table(
            "opportunities", account_id="text!", opened_on="date!", closed_on="date", amount="number",
            kind="text", won="flag",
        ),
        _table("team", owner="text!", hours="number", skills="text"),
    )
}  # fmt: skip

RECORDS: dict[str, Table] = {
    "touches": TABLES["touches"],
    "outcomes": _table(
        "outcomes", account_id="text!", day="date!", outcome="text!", amount="number", note="text"
    ),
}
"""What people record in the ledger, and the columns of the files they record it from."""

OUTCOMES = ("churned", "contracted", "expanded", "renewed")

STATIC_ACCOUNT_COLUMNS = ("industry", "country", "employees", "started_on")
"""Undated columns of ``accounts`` that do not move with the account's fate, so they may be features."""

TODAYS_MONEY = ("gross_margin", "acquisition_cost")
"""Undated columns of ``accounts`` that value an account as it stands today; no model sees them."""

NOT_FEATURES = frozenset(
    {ACCOUNT_ID, OBSERVATION_DATE, *LABELS, "name", "owner", "parent_id", "currency", "unit_cost",
     "upsell_value", "gross_margin", "acquisition_cost", "churned_on"}
)  # fmt: skip
"""Columns that name, place or value an account, and so teach a model nothing it may use."""

CALENDAR_DATES = ("started_on", "renews_on", "last_human_touch_on")
"""Dates of accounts that fixed work is planned from: they travel with today's rows, not with those of the
past, so models of a book with events never see them."""

SCORE_COLUMNS = (
    "account_id", "observation_date", "churn_probability", "churn_low", "churn_high",
    "contraction_probability", "upsell_probability", "annual_revenue", "upsell_value", "revenue_at_risk",
    "expected_upsell", "reward", "risk_tier", "value_tier", "cell", "segment", "priority", "model_version",
)  # fmt: skip

PLAN_COLUMNS = (
    "account_id", "owner", "segment", "cell", "play", "n_in_person", "n_call", "n_email", "n_digital",
    "hours", "expected_value", "conservative_value", "value_per_hour", "first_touch_by", "held_out", "why",
)  # fmt: skip

ASSIGNMENT_COLUMNS = (
    "experiment", "cycle", "account_id", "arm", "arm_probability", "stratum",
    "churn_probability", "upsell_probability", "annual_revenue", "upsell_value",
    "n_in_person", "n_call", "n_email", "n_digital",
    "done_in_person", "done_call", "done_email", "done_digital", "is_recorded",
    "is_matured", "churned", "expanded", "revenue_after",
)  # fmt: skip
"""One row per account and cycle that chance put in an arm, with what came of it.

``experiment`` is "holdout" for the plan's own, whose arms are "planned" and "held_out"; that of a test of
plays is the name of the experiment, and its arms are the plays. ``cycle`` is the day of the plan it was
drawn for, and ``arm_probability`` the chance of the arm it got. ``n_*`` is the bundle the account would
have if it were not held out, ``done_*`` the touches recorded from the cycle to the end of its horizon,
empty where ``is_recorded`` is false: nobody recorded anything for its owner in that time, which is not
the same as nothing done. ``churned``, ``expanded`` and ``revenue_after`` (per year, at the end of the
horizon; 0 for churners) are empty until they have matured. Probabilities and revenue are those known when
it was drawn."""

HOLDOUT = "holdout"
"""The name of the plan's own experiment."""
RELEASED = "do not disturb"
"""The name of the plan's own test of that rule."""

SCHEDULE_COLUMNS = ("owner", "account_id", "due_on", "channel", "minutes", "play", "kind", "why")
"""One row per touch that someone is to make. ``channel`` is in_person, review, call, email or digital;
``kind`` is outreach (chosen by the solver), or fixed work: onboarding, renewal, yearly_call, alert; or
reward, a thank you to one of the best accounts."""

PLAN_NEEDS = ("account_id", "churn_probability", "upsell_probability", "annual_revenue", "upsell_value")
"""What ``standfast plan`` needs of a scores file it did not make."""

RISK_TIERS = ("high", "medium", "low")
VALUE_TIERS = ("high", "medium", "low")
