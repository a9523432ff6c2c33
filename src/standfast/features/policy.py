"""What counts as churn, as a change of revenue and as a feature: the numbers behind snapshots and labels."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

if TYPE_CHECKING:
    import pandas as pd

ACTIVITY_TABLES = ("invoices", "usage")
"""Tables that can stand for an account's activity where there are no subscriptions, the best first."""


@dataclass(frozen=True, kw_only=True)
class LabelPolicy:
    """When an account counts as churned, contracted or expanded."""

    horizon_days: Annotated[int, Gt(0), Doc("days in which churn and expansion are looked for")] = 90
    lead_days: Annotated[int, Ge(0), Doc("days between an observation date and the start of its horizon")] = 0
    allowed_gap_days: Annotated[
        int, Ge(0), Doc("days without a subscription that do not yet count as churn, if it is taken up again")
    ] = 30
    contracted_at: Annotated[
        float,
        Interval(gt=0, lt=1),
        Doc("contracted: revenue at the horizon's end is at most this share of before"),
    ] = 0.9
    expanded_at: Annotated[
        float, Gt(1), Doc("expanded: revenue at the end is at least this multiple of before")
    ] = 1.1
    expanded_margin: Annotated[
        float, Ge(0), Doc("expanded: and by so much money more than that, in the amounts of the tables")
    ] = 0.0

    @property
    def maturity_days(self) -> int:
        """Days after an observation date until its labels are known for good."""
        return self.lead_days + self.horizon_days + self.allowed_gap_days

    def new_from(self, learned_until: "pd.Timestamp") -> "pd.Timestamp":
        """First observation date whose labels are new to a model that learned from dates until this one.

        Rows before it look at days that the model has seen the outcome of already.
        """
        return learned_until + timedelta(days=self.maturity_days)


ChurnBy = Literal["subscription", "inactivity", "column"]


@dataclass(frozen=True, kw_only=True)
class ChurnPolicy:
    """How churn shows in the tables, and which accounts are not asked about."""

    by: Annotated[
        ChurnBy | None,
        Doc(
            "subscription: it ended and was not renewed; inactivity: no row of activity in the horizon; "
            "column: churned_on of accounts; by default subscription where there are any, else inactivity"
        ),
    ] = None
    active_days: Annotated[
        int, Gt(0), Doc("inactivity: an account is active while its last activity is at most so old")
    ] = 180
    activity: Annotated[
        tuple[str, ...], Doc("inactivity: tables whose rows are activity; invoices by default, else usage")
    ] = ()
    min_tenure_days: Annotated[
        int, Ge(0), Doc("accounts younger than this are too young to be asked about")
    ] = 0
    trial_plans: Annotated[
        tuple[str, ...], Doc("plans that are trials, lower case: no account is asked about in its trial")
    ] = ("trial", "free trial", "poc", "pilot")

    def settled(self, tables: Collection[str]) -> "ChurnPolicy":
        """Give the policy with what it leaves open decided by the tables that are there."""
        by: ChurnBy = "subscription" if "subscriptions" in tables else "inactivity"
        activity = tuple(name for name in ACTIVITY_TABLES if name in tables)[:1]
        return replace(self, by=self.by or by, activity=self.activity or activity)


@dataclass(frozen=True, kw_only=True)
class SnapshotPolicy:
    """What the columns of a book mean where the tables alone do not tell."""

    allowed_gap_days: Annotated[
        int, Ge(0), Doc("days without a subscription that do not end an active period; as for the labels")
    ] = 30
    churn: Annotated[ChurnPolicy, Doc("how churn shows, and so who is active")] = ChurnPolicy()
    periods_per_year: Annotated[int, Gt(0), Doc("how often an amount comes in a year")] = 1
    static: Annotated[
        tuple[str, ...],
        Doc("undated columns of accounts that may be features beside industry, country, employees"),
    ] = ()
    sponsor_roles: Annotated[
        tuple[str, ...], Doc("roles of the contacts who carry the account, lower case")
    ] = ("sponsor", "executive sponsor", "champion", "economic buyer")
    reached_outcomes: Annotated[
        tuple[str, ...], Doc("outcomes of a touch that reached somebody, lower case")
    ] = ("reached", "answered", "replied", "attended", "met", "connected", "completed")
    people_events: Annotated[
        tuple[str, ...], Doc("usage events whose quantity counts people, lower case")
    ] = ("login", "logins", "active_users", "active users", "users")
    critical_priorities: Annotated[
        tuple[str, ...], Doc("ticket priorities that count as critical, lower case")
    ] = ("critical", "urgent", "blocker", "highest", "emergency", "p0", "p1", "sev0", "sev1", "1")
    good_ratings: Annotated[
        tuple[str, ...], Doc("what satisfaction says of a ticket that went well, lower case")
    ] = ("good", "good with comment", "satisfied", "very satisfied", "happy", "positive", "5", "4")
    bad_ratings: Annotated[
        tuple[str, ...], Doc("what satisfaction says of a ticket that went badly, lower case")
    ] = ("bad", "bad with comment", "dissatisfied", "very dissatisfied", "unhappy", "negative", "1", "2")
    survey_plays: Annotated[
        tuple[str, ...], Doc("plays of a touch that ask for a survey answer, lower case")
    ] = ("survey", "nps", "nps survey", "survey invitation")
