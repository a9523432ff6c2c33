"""What each feature means, in words a customer-success manager uses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from standfast.schema import ACCOUNT_ID, LABELS, OBSERVATION_DATE

Family = Literal["usage", "support", "commercial", "relationship", "product"]


@dataclass(frozen=True)
class FeatureMeaning:
    """One feature as people read it.

    Parameters
    ----------
    label
        A name that fits into a sentence.
    unit
        What its figures count; empty for categories.
    meaning
        One line of explanation.
    model_feature
        Whether models may learn from it; False for what is only recorded, such as outreach (a cause).
    """

    label: str
    unit: str
    meaning: str
    family: Family
    model_feature: bool = True


def _family(family: Family, /, **meanings: tuple[str, str, str]) -> dict[str, FeatureMeaning]:
    return {name: FeatureMeaning(*meaning, family=family) for name, meaning in meanings.items()}


def _recorded(family: Family, /, **meanings: tuple[str, str, str]) -> dict[str, FeatureMeaning]:
    return {
        name: FeatureMeaning(*text, family=family, model_feature=False) for name, text in meanings.items()
    }


_COMPARED: tuple[tuple[str, str, str, str, Family], ...] = (
    ("usage_vs_peers", "usage", "activity per day", "usage in 30 days", "usage"),
    ("seat_utilisation_vs_peers", "seat utilisation", "share", "seat utilisation", "product"),
    ("tickets_vs_peers", "tickets", "tickets per seat", "tickets per seat in 90 days", "support"),
    ("price_vs_peers", "price", "money per year", "revenue per seat", "commercial"),
)

CATALOGUE: Mapping[str, FeatureMeaning] = {
    **_family(
        "commercial",
        annual_revenue=("annual revenue", "money per year", "recurring revenue on the observation date"),
        revenue_change_180d=(
            "revenue change in 180 days",
            "share",
            "revenue now against 180 days before, less one",
        ),
        n_price_changes_365d=(
            "price changes in a year",
            "changes",
            "subscription rows with another amount than the one before",
        ),
        revenue_per_seat=("revenue per seat", "money per year", "annual revenue per seat paid for"),
        price_change_180d=(
            "price change in 180 days",
            "share",
            "revenue per seat now against 180 days before, less one",
        ),
        tenure_days=("tenure", "days", "days since the account's first subscription"),
        days_to_renewal=(
            "days to renewal",
            "days",
            "days to the next renewal date; missing where none lies ahead",
        ),
        days_to_anniversary=(
            "days to anniversary",
            "days",
            "days to the yearly anniversary of the current active period",
        ),
        auto_renew=("automatic renewal", "1 or 0", "whether the largest subscription renews by itself"),
        payment_delay_days=(
            "payment delay",
            "days",
            "mean days from due to paid, invoices paid in 180 days; below 0 is early",
        ),
        invoices_overdue=("invoices overdue", "invoices", "invoices past their due date and not paid"),
        late_share_180d=(
            "invoices paid late",
            "share",
            "share of the invoices due in 180 days that were paid late or are still unpaid",
        ),
        overdue_share=(
            "overdue amount",
            "share",
            "amount overdue as a share of what was billed in 365 days",
        ),
        failed_payments_180d=(
            "failed payments in 180 days",
            "attempts",
            "charges that failed before the invoices paid in 180 days were paid",
        ),
        opportunities_open=(
            "open opportunities",
            "opportunities",
            "sales opportunities opened and not closed",
        ),
        opportunities_lost_365d=(
            "opportunities lost in a year",
            "opportunities",
            "sales opportunities closed without a deal in the last 365 days",
        ),
    ),
    **_family(
        "commercial",
        **{
            f"spend_{k}d": (f"spend in {k} days", "money", f"invoices of the last {k} days, net of returns")
            for k in (30, 90, 180, 365)
        },
        **{
            f"purchases_{k}d": (f"purchases in {k} days", "days", f"days of the last {k} with a purchase")
            for k in (30, 90, 180, 365)
        },
        spend_trend_90d=(
            "spend trend, 90 days",
            "log ratio",
            "spend of 90 days against the 90 before; -0.2 is about -20 %",
        ),
        mean_purchase=("mean purchase", "money", "spend per day with a purchase, in 365 days"),
        days_since_last_purchase=("days since last purchase", "days", "days since anything was bought"),
        days_between_purchases=(
            "days between purchases",
            "days",
            "mean days from one purchase to the next; missing before the second",
        ),
        purchase_overdue=(
            "purchase overdue",
            "times",
            "days since the last purchase per usual days between two; above 1 is later than usual",
        ),
    ),
    **_family(
        "product",
        plan=("plan", "", "plan of the largest subscription"),
        product=("product", "", "product of the largest subscription"),
        n_products=("products", "products", "different products subscribed to"),
        seats=("seats", "seats", "seats paid for"),
        seats_change_180d=(
            "seats change in 180 days",
            "share",
            "seats now against 180 days before, less one",
        ),
        seat_utilisation=(
            "seat utilisation",
            "share",
            "users of 30 days, or the most people on one of those days, per paid seat",
        ),
        usage_limit_share=(
            "share of the limit used",
            "share",
            "highest share of its limit one usage row reached in 30 days",
        ),
    ),
    **_family(
        "usage",
        **{
            f"usage_{k}d": (
                f"usage in {k} days",
                "activity per day",
                f"log2(1 + quantity) of each kind of use and day, per day of the last {k}",
            )
            for k in (30, 90, 180)
        },
        usage_trend_30d=(
            "usage trend, 30 days",
            "log ratio",
            "activity of 30 days against the 90 before; -0.2 is about -20 %",
        ),
        usage_trend_90d=(
            "usage trend, 90 days",
            "log ratio",
            "activity of 90 days against the 90 before; -0.2 is about -20 %",
        ),
        active_days_30d=("active days in 30", "days", "days with any use among the last 30"),
        n_event_kinds_30d=("kinds of use in 30 days", "kinds", "different usage events in the last 30 days"),
        kinds_kept_30d=(
            "kinds of use kept",
            "share",
            "kinds of use of the last 30 days per kind of the last 180",
        ),
        n_users_30d=("users in 30 days", "people", "different users in the last 30 days"),
        users_trend_30d=(
            "users trend, 30 days",
            "log ratio",
            "users per day in 30 days against the 90 before; -0.2 is about -20 %",
        ),
        days_since_last_use=(
            "days since last use",
            "days",
            "days since anything was used; missing where never",
        ),
    ),
    **_family(
        "support",
        tickets_30d=("tickets in 30 days", "tickets", "support tickets opened in the last 30 days"),
        tickets_90d=("tickets in 90 days", "tickets", "support tickets opened in the last 90 days"),
        tickets_change_90d=(
            "change in tickets, 90 days",
            "tickets",
            "tickets of the last 90 days less those of the 90 before",
        ),
        tickets_per_seat_90d=(
            "tickets per seat in 90 days",
            "tickets per seat",
            "tickets opened in the last 90 days per seat paid for",
        ),
        tickets_open=("open tickets", "tickets", "tickets opened and not yet closed"),
        escalations_90d=("escalations in 90 days", "tickets", "escalated tickets opened in the last 90 days"),
        escalation_share_180d=(
            "tickets escalated",
            "share",
            "share of the tickets opened in 180 days that escalated",
        ),
        open_critical=("open critical tickets", "tickets", "open tickets of critical priority"),
        days_to_close_180d=(
            "days to close a ticket",
            "days",
            "mean days from opening to closing, tickets closed in 180 days",
        ),
        reopened_180d=("tickets reopened", "times", "times that tickets closed in 180 days were reopened"),
        satisfaction_180d=(
            "ticket satisfaction",
            "share",
            "share of good ratings among those of the tickets closed in 180 days",
        ),
        nps_state=(
            "NPS state",
            "",
            "last answer of 180 days as detractor, passive, promoter; else silent if asked, or not asked",
        ),
        nps_last=("last NPS score", "0 to 10", "score of the newest answer; missing means silence"),
        nps_worst_180d=(
            "worst NPS score in 180 days",
            "0 to 10",
            "lowest score of the last 180 days; missing means silence",
        ),
        days_since_nps=(
            "days since last NPS answer",
            "days",
            "days since anybody answered; missing where nobody ever did",
        ),
    ),
    **_family(
        "relationship",
        n_contacts=("contacts known", "people", "contacts who joined and have not left"),
        has_sponsor=("has a sponsor", "1 or 0", "whether a contact with a sponsor's role is there"),
        sponsor_left_90d=("sponsor left in 90 days", "1 or 0", "whether a sponsor left in the last 90 days"),
        days_since_sponsor_left=(
            "days since a sponsor left",
            "days",
            "days since a sponsor last left; missing where none did",
        ),
        days_since_new_sponsor=(
            "days since a new sponsor",
            "days",
            "days since the newest sponsor who is still there joined",
        ),
        industry=("industry", "", "the account's industry"),
        country=("country", "", "the account's country"),
        employees=("employees", "people", "how many people work at the account"),
    ),
    **{
        name: FeatureMeaning(
            f"{level} against peers",
            unit,
            f"{what}, less the median of its industry and plan; missing under 5 peers",
            family=family,
        )
        for name, level, unit, what, family in _COMPARED
    },
    **_recorded(
        "support",
        nps_mean_180d=(
            "mean NPS score of 180 days",
            "0 to 10",
            "mean of all answers of 180 days; shown beside the worst, which says more",
        ),
        nps_worst_sponsor_180d=(
            "worst NPS score of a decision-maker",
            "0 to 10",
            "lowest score of 180 days from a contact with a sponsor's role; missing means silence",
        ),
    ),
    **_recorded(
        "relationship",
        touches_90d=(
            "touches in 90 days",
            "touches",
            "past outreach: a cause, so it is recorded and not learned from",
        ),
        days_since_last_touch=(
            "days since last touch",
            "days",
            "days since the last outreach; missing where there was none",
        ),
        sponsor_engagement=(
            "sponsor engagement",
            "0 to 1",
            "0 no sponsor, 0.5 there but silent, 1 answered or was reached in 90 days; it rests on outreach",
        ),
        days_since_sponsor_heard=(
            "days since a sponsor was heard of",
            "days",
            "days since a sponsor answered or was reached; missing over a year; it rests on outreach",
        ),
        name=("name", "", "what the account is called"),
        owner=("owner", "", "who looks after the account today"),
    ),
}
"""Every column a snapshot can have beside its keys and labels; a user's own static column has no entry."""

_NONE: Mapping[str, FeatureMeaning] = {}
_NO_FEATURES = {ACCOUNT_ID, OBSERVATION_DATE, *LABELS}


def describe(name: str, own: Mapping[str, FeatureMeaning] = _NONE) -> FeatureMeaning:
    """Give what a feature means, ``own`` being the user's features; a plain column speaks for itself.

    >>> describe("tickets_30d").label
    'tickets in 30 days'
    >>> describe("MonthlyCharges").label
    'MonthlyCharges'
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    if name in own:
        return own[name]
    return FeatureMeaning(name, "", "a column of your own table", family="product")


def model_features(columns: Iterable[str]) -> tuple[str, ...]:
    """Name the columns of a snapshot that models may learn from, in order.

    >>> model_features(["account_id", "observation_date", "seats", "touches_90d", "churned"])
    ('seats',)
    """
    return tuple(name for name in columns if name not in _NO_FEATURES and describe(name).model_feature)
