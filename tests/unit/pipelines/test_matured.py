"""What people recorded of accounts, where a book tells no dates: known, or not known, and never guessed."""

import pandas as pd
import pytest

from standfast.pipelines.matured import outcomes_recorded
from standfast.settings import build_settings

CYCLE = pd.Timestamp("2026-01-05")
SETTINGS = build_settings({"horizon": {"horizon_days": 90, "lead_days": 10}})
DRAWN = pd.DataFrame({"account_id": ["a"], "cycle": [CYCLE], "annual_revenue": [1000.0]})
ALL_OVER = pd.Timestamp("2026-04-15").date()


def seen(outcome, *, day=20, amount=None, until=ALL_OVER):
    told = {"account_id": "a", "day": CYCLE + pd.Timedelta(days=day), "outcome": outcome, "amount": amount}
    rows = outcomes_recorded(DRAWN, pd.DataFrame([told]), settings=SETTINGS, until=until)
    return rows.drop(columns=["account_id", "cycle"]).iloc[0].tolist()


def test_churn_is_known_at_once_and_the_rest_when_the_time_is_over():
    """U5."""
    early = pd.Timestamp("2026-04-14").date()
    assert seen("churned", until=early) == [True, True, pd.NA, 0.0]
    assert not seen("renewed", until=early)[0]
    assert seen("renewed") == [True, False, False, 1000.0]
    assert seen("expanded", amount=1500.0) == [True, False, True, 1500.0]
    assert seen("contracted", amount=600.0) == [True, False, False, 600.0]


@pytest.mark.parametrize(("day", "is_in"), [(9, False), (10, True), (99, True), (100, False)])
def test_the_label_window_is_half_open(day, is_in):
    assert seen("churned", day=day)[0] == is_in


def test_an_account_of_which_nothing_is_recorded_is_unknown_and_not_kept():
    nothing = pd.DataFrame({"account_id": [], "day": pd.to_datetime([]), "outcome": [], "amount": []})
    rows = outcomes_recorded(DRAWN, nothing.astype({"account_id": "str"}), settings=SETTINGS, until=ALL_OVER)
    assert not rows["is_matured"].any()
    assert rows[["churned", "expanded", "revenue_after"]].isna().all(axis=None)
