"""Rows of strangers, accounts nobody hears of and rows before the contract are told with their numbers."""

import pandas as pd
import pytest

from standfast.features.account_match import (
    early_findings,
    match_findings,
    silent_findings,
    uncontracted_findings,
)
from standfast.features.findings import CheckPolicy
from standfast.features.table_facts import TableFacts

POLICY = CheckPolicy()


def facts(name: str = "usage", *, n_orphans: int = 0, n_accounts: int = 90) -> TableFacts:
    return TableFacts(
        name=name, n_rows=1000, n_used=1000, n_orphans=n_orphans, n_accounts=n_accounts, n_book=100
    )


@pytest.mark.parametrize(
    ("n_orphans", "severity"), [(1, "note"), (20, "note"), (21, "warning"), (900, "warning"), (901, "error")]
)
def test_the_fewer_rows_match_the_graver(n_orphans: int, severity: str) -> None:
    (finding,) = match_findings(facts(n_orphans=n_orphans), strangers=("X1", "X2"), policy=POLICY)
    assert (finding.name, finding.severity) == ("match:usage", severity)
    assert f"{n_orphans:,} of 1,000 rows of usage" in finding.explanation
    assert "such as X1, X2" in finding.explanation
    assert ("export these accounts too" in finding.way_out) == (severity != "note")


def test_a_table_of_known_accounts_has_nothing_to_tell() -> None:
    assert not list(match_findings(facts(), strangers=(), policy=POLICY))


def test_accounts_without_a_row_are_told_with_their_revenue_and_not_read_as_healthy() -> None:
    """U4."""
    current = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "annual_revenue": [10.0, 20.0, 30.0, None]})
    (finding,) = silent_findings(facts(), pd.Series({"a": 3, "b": 0, "e": 9}), current)
    assert (finding.name, finding.severity) == ("silent:usage", "warning")
    assert "3 of 4 accounts (75.0%) have no row in usage at all, 83.3% of revenue" in finding.explanation
    assert "not read as healthy" in finding.explanation


def test_silence_is_told_without_revenue_too_and_only_where_rows_are_due() -> None:
    current = pd.DataFrame({"account_id": ["a", "b"]})
    rows = pd.Series({"a": 3, "b": 0})
    assert "revenue" not in next(iter(silent_findings(facts(), rows, current))).explanation
    assert not list(silent_findings(facts("tickets"), rows, current))
    assert not list(silent_findings(facts(), rows + 1, current))


@pytest.mark.parametrize(("n_early", "severities"), [(9, []), (10, ["note"]), (50, ["warning"])])
def test_rows_before_the_first_subscription_are_told_from_one_in_a_hundred(
    n_early: int, severities: list[str]
) -> None:
    found = list(early_findings(facts(), n_early, policy=POLICY))
    assert [finding.severity for finding in found] == severities
    assert all(f"{n_early} of 1,000 rows of usage" in finding.explanation for finding in found)


def test_accounts_without_any_subscription_are_told() -> None:
    (finding,) = uncontracted_findings(facts("subscriptions", n_accounts=90))
    assert (finding.name, finding.severity) == ("no_subscription", "note")
    assert "10 of 100 accounts (10.0%)" in finding.explanation
    assert [f.severity for f in uncontracted_findings(facts("subscriptions", n_accounts=50))] == ["warning"]
    assert not list(uncontracted_findings(facts("subscriptions", n_accounts=100)))
    assert not list(uncontracted_findings(facts("tickets", n_accounts=50)))
