"""How the rows of a table go with the accounts: strangers, silent accounts, rows before the contract."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.findings import CheckPolicy, Finding, percent, some
from standfast.features.table_facts import TableFacts
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE

_OTHER_IDS = 0.1
"""Share of rows with a known account under which the ids come from another system."""
_NOTABLE = 0.01
_HEARD_OF = ("usage", "invoices")
"""Tables in which each account is expected; to be without tickets or answers is no hole in the data."""
_MOSTLY = 0.5


def match_findings(facts: TableFacts, *, strangers: Sequence[str], policy: CheckPolicy) -> Iterator[Finding]:
    """Say how many rows belong to accounts that the accounts table does not know."""
    if not facts.n_orphans:
        return
    share = facts.match_share
    few = share < _OTHER_IDS
    such = f", such as {some(strangers)}" if strangers else ""
    yield Finding(
        name=f"match:{facts.name}",
        severity="error" if few else "warning" if share < policy.match_share else "note",
        table=facts.name,
        explanation=f"{facts.n_orphans:,} of {facts.n_rows:,} rows of {facts.name} ({percent(1 - share)}) "
        f"are of accounts that the accounts table does not hold{such}; they play no part.",
        way_out="bring its account ids into the form accounts has, map them in the table that [book] "
        "identifiers names, or export these accounts too"
        if few or share < policy.match_share
        else "",
    )


def silent_findings(facts: TableFacts, by_account: pd.Series, current: pd.DataFrame) -> Iterator[Finding]:
    """Say which of today's accounts have no row at all, with their revenue: unknown is not healthy (U4)."""
    if facts.name not in _HEARD_OF or not len(current):
        return
    n_rows = current[ACCOUNT_ID].map(by_account).fillna(0)
    is_silent = (n_rows == 0).to_numpy()
    if not is_silent.any():
        return
    share = is_silent.mean()
    yield Finding(
        name=f"silent:{facts.name}",
        severity="warning" if share >= _NOTABLE else "note",
        table=facts.name,
        explanation=f"{int(is_silent.sum()):,} of {len(current):,} accounts ({percent(share)}) have no row "
        f"in {facts.name} at all{_revenue_of(current, is_silent)}; nothing is known of them there, which is "
        "not read as healthy.",
        way_out="see whether rows of theirs are missing from the export, or kept under another id",
    )


def early_findings(facts: TableFacts, n_early: int, *, policy: CheckPolicy) -> Iterator[Finding]:
    """Say how many rows come before their account's first subscription."""
    share = n_early / max(facts.n_used, 1)
    if share < _NOTABLE:
        return
    yield Finding(
        name=f"before_start:{facts.name}",
        severity="warning" if share >= policy.before_start_share else "note",
        table=facts.name,
        explanation=f"{n_early:,} of {facts.n_used:,} rows of {facts.name} ({percent(share)}) lie before the "
        "account's first subscription: free use, older contracts that are missing, or dates that are wrong.",
        way_out="export subscriptions from their beginning, and see whether started_on is the true start",
    )


def uncontracted_findings(facts: TableFacts) -> Iterator[Finding]:
    """Say how many accounts never had a subscription, and so are in no snapshot."""
    n_without = facts.n_book - facts.n_accounts
    if facts.name != "subscriptions" or not n_without:
        return
    share = n_without / facts.n_book
    yield Finding(
        name="no_subscription",
        severity="warning" if share >= _MOSTLY else "note",
        table="subscriptions",
        explanation=f"{n_without:,} of {facts.n_book:,} accounts ({percent(share)}) have no subscription "
        "at all; they are never looked at, scored or planned.",
        way_out="fine for prospects; else see whether their contracts are missing, or say under [churn] by "
        "what a customer is known",
    )


def _revenue_of(current: pd.DataFrame, chosen: NDArray[np.bool_]) -> str:
    """Give the chosen accounts' share of revenue, where it is known."""
    if ANNUAL_REVENUE not in current:
        return ""
    revenue = pd.to_numeric(current[ANNUAL_REVENUE], errors="coerce").clip(lower=0).fillna(0.0)
    total = float(revenue.sum())
    return f", {percent(float(revenue[chosen].sum()) / total)} of revenue" if total else ""
