"""One row per account and observation date, from what was known then."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from standfast.errors import InputError
from standfast.features.active import known_rows
from standfast.features.catalogue import CATALOGUE
from standfast.features.contract import contract_features, finish_contract
from standfast.features.observed import TRAVELLING_COLUMNS, observed_accounts
from standfast.features.own import NO_OWN_FEATURES, OwnFeatures, own_features
from standfast.features.payments import payment_features
from standfast.features.peers import compare_with_peers
from standfast.features.policy import SnapshotPolicy
from standfast.features.product import finish_usage, usage_features
from standfast.features.relationship import (
    contact_features,
    finish_contacts,
    opportunity_features,
    touch_features,
)
from standfast.features.spend import finish_spend, spend_features
from standfast.features.support import finish_support, survey_features, ticket_features
from standfast.features.windows import (
    KEYS,
    FeatureTable,
    canonical_columns,
    join_features,
    observation_calendar,
)
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE, STATIC_ACCOUNT_COLUMNS, TODAYS_MONEY

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

__all__ = ["SnapshotPolicy", "build_snapshots", "collect_snapshots", "set_aside_account_columns"]

_DEFAULTS = SnapshotPolicy()


def build_snapshots(
    book: "Mapping[str, ir.Table]",
    *,
    dates: Sequence[date],
    policy: SnapshotPolicy = _DEFAULTS,
    own: OwnFeatures = NO_OWN_FEATURES,
) -> "ir.Table":
    """Give one row per account and observation date on which it was active, with its features.

    Features use events of days before the observation date, and subscription rows that had started by
    then. Features of a table that the book lacks are absent. Accounts that ``accounts`` does not hold are
    left out.

    Raises
    ------
    InputError
        No date is given, the book lacks accounts or subscriptions, or a feature of the user's own fails.
    """
    _refuse_incomplete(book, dates)
    users = own_features(own, book, dates, policy=policy)
    book = {name: canonical_columns(name, table, more=policy.static) for name, table in book.items()}
    calendar = observation_calendar(dates)
    base = observed_accounts(book, calendar, policy=policy)
    parts = _event_features(book, calendar, dates, policy)
    if "subscriptions" in book:
        rows = known_rows(
            book["subscriptions"],
            allowed_gap_days=policy.allowed_gap_days,
            trial_plans=policy.churn.trial_plans,
        )
        parts = [*contract_features(rows, calendar), *parts]
    joined, known = join_features(base, [*parts, *users])
    known |= finish_contract(known, periods_per_year=policy.periods_per_year)
    if "raw_spent_365" in known:
        known |= finish_spend(known)
    if "usage" in book:
        known |= finish_usage(known, tenure_days=known["tenure_days"])
    if "raw_sponsor_heard" in known:
        known |= finish_contacts(known)
    known |= finish_support(known)
    known |= compare_with_peers(known)
    return joined.select(**{name: known[name] for name in _in_order(known)})


def collect_snapshots(snapshots: "ir.Table") -> "pd.DataFrame":
    """Give the rows in order of date and account: numbers as float64, flags as boolean, text as text."""
    # By way of Arrow: Ibis' own frames make an object of each date.
    rows = snapshots.order_by([OBSERVATION_DATE, ACCOUNT_ID]).to_pyarrow()
    frame: pd.DataFrame = rows.to_pandas(date_as_object=False)
    kinds = snapshots.schema()
    types = {name: "float64" for name in frame.columns if kinds[name].is_numeric()}
    types |= {name: "boolean" for name in frame.columns if kinds[name].is_boolean()}
    types |= {name: "str" for name in frame.columns if kinds[name].is_string()}
    return frame.astype(types | {OBSERVATION_DATE: "datetime64[us]"})


def set_aside_account_columns(accounts: "ir.Table", *, policy: SnapshotPolicy = _DEFAULTS) -> tuple[str, ...]:
    """Name the columns of accounts that become no feature: undated, they tell today's state."""
    known = {ACCOUNT_ID, *TRAVELLING_COLUMNS, *STATIC_ACCOUNT_COLUMNS, *TODAYS_MONEY, *policy.static}
    return tuple(name for name in accounts.columns if name not in known)


def _refuse_incomplete(book: "Mapping[str, ir.Table]", dates: Sequence[date]) -> None:
    if not dates:
        raise InputError(
            "there is no observation date to look from; the book's history is too short for the horizon, "
            "so give dates with --dates, or lower horizon_days or warm_up_days in the settings"
        )
    if "accounts" not in book:
        raise InputError(
            'the book has no accounts table, which says who pays; name it: accounts = "..." under [book]'
        )


def _event_features(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", dates: Sequence[date], policy: SnapshotPolicy
) -> list[FeatureTable]:
    """Give the features of each event table that is there."""
    parts: list[FeatureTable] = []
    if "invoices" in book:
        parts += payment_features(book["invoices"], calendar)
        if "subscriptions" not in book:
            parts += spend_features(book["invoices"], calendar)
    if "usage" in book:
        parts += usage_features(book["usage"], dates, policy=policy)
    if "tickets" in book:
        parts += ticket_features(book["tickets"], calendar, policy=policy)
    if "surveys" in book:
        parts += survey_features(book, calendar, policy=policy)
    if "contacts" in book:
        parts += contact_features(book, calendar, policy=policy)
    if "touches" in book:
        parts += touch_features(book["touches"], calendar)
    if "opportunities" in book:
        parts += opportunity_features(book["opportunities"], calendar)
    return parts


def _in_order(names: Iterable[str]) -> list[str]:
    """Give the names in the catalogue's order, the user's own at the end, without what served others."""
    kept = [name for name in names if not name.startswith("raw_")]
    first = [name for name in (*KEYS, *CATALOGUE) if name in kept]
    return [*first, *(name for name in kept if name not in first)]
