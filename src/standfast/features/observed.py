"""Who is in a snapshot: the accounts active at each observation date, and what is known of them for good."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from standfast.features.active import active_accounts, known_rows
from standfast.features.catalogue import CATALOGUE
from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import KEYS
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, OBSERVATION_DATE, STATIC_ACCOUNT_COLUMNS, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

TRAVELLING_COLUMNS = ("name", "owner")
"""Columns of accounts that go with a snapshot to the plan, and are no features."""
_TAKEN = {ACCOUNT_ID, OBSERVATION_DATE, ANNUAL_REVENUE} | (
    set(CATALOGUE) - set(TABLES["accounts"].names) - set(TABLES["subscriptions"].names)
)
"""What a static column of the user's own cannot be called."""


def observed_accounts(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: SnapshotPolicy
) -> "ir.Table":
    """Give who was active when, since when, and what of accounts does not move with its fate.

    Beside the keys and the columns that are there: ``raw_period_started_on``, when the current active
    period began, and ``raw_first_started_on``, when the account first appeared.
    """
    accounts = book["accounts"]
    rows = known_rows(book["subscriptions"], allowed_gap_days=policy.allowed_gap_days)
    wanted = dict.fromkeys((*TRAVELLING_COLUMNS, *STATIC_ACCOUNT_COLUMNS, *policy.static))
    names = [n for n in wanted if n in accounts.columns and n not in _TAKEN and n not in rows.columns[1:]]
    if "started_on" in accounts.columns:
        names.append("started_on")
    first = rows.group_by(ACCOUNT_ID).agg(first_started_on=rows.started_on.min())
    joined = active_accounts(rows, calendar).inner_join(accounts.select(ACCOUNT_ID, *names), ACCOUNT_ID)
    joined = joined.inner_join(first, ACCOUNT_ID)
    since = joined.first_started_on
    if "started_on" in names:
        since = (joined.started_on < since).fill_null(False).ifelse(joined.started_on, since)
    return joined.select(
        *KEYS,
        *(name for name in names if name != "started_on"),
        raw_period_started_on=joined.period_started_on,
        raw_first_started_on=since,
    )
