"""Who is in a snapshot: the accounts active at each observation date, and what is known of them for good."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from standfast.features.catalogue import CATALOGUE
from standfast.features.policy import SnapshotPolicy
from standfast.features.standing import ACTIVE, standing
from standfast.features.windows import KEYS
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, OBSERVATION_DATE, STATIC_ACCOUNT_COLUMNS, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

TRAVELLING_COLUMNS = ("name", "owner")
"""Columns of accounts that go with a snapshot to the plan, and are no features."""
_TAKEN = {ACCOUNT_ID, OBSERVATION_DATE, ANNUAL_REVENUE, "churned_on"} | (
    set(CATALOGUE) - set(TABLES["accounts"].names) - set(TABLES["subscriptions"].names)
)
"""What a static column of the user's own cannot be called."""


def observed_accounts(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: SnapshotPolicy
) -> "ir.Table":
    """Give who was active when, since when, and what of accounts does not move with its fate.

    Beside the keys and the columns that are there: ``raw_period_started_on``, when the current active
    period began, and ``raw_first_started_on``, when it became a customer. Who is left out, and why, is
    told by ``standing``.
    """
    accounts = book["accounts"]
    taken = _TAKEN | set(book["subscriptions"].columns if "subscriptions" in book else ())
    wanted = dict.fromkeys((*TRAVELLING_COLUMNS, *STATIC_ACCOUNT_COLUMNS, *policy.static))
    names = [n for n in wanted if n in accounts.columns and n not in taken and n != "started_on"]
    stood = standing(book, calendar, policy=policy)
    joined = stood.filter(stood.state == ACTIVE).inner_join(accounts.select(ACCOUNT_ID, *names), ACCOUNT_ID)
    return joined.select(
        *KEYS,
        *names,
        raw_period_started_on=joined.period_started_on,
        raw_first_started_on=joined.first_started_on,
    )
