"""R1: revenue before and after of those who expanded, from snapshots."""

import pandas as pd
import pytest

from standfast.pipelines.expansions import upsell_shares_of, upsell_values_of
from standfast.pipelines.observe import ObservedBook
from standfast.settings import build_settings

SETTINGS = build_settings({"economics": {"upsell_share": 0.2}})


def observed(rows: list[tuple[object, ...]], **changes: object) -> ObservedBook:
    snapshots = pd.DataFrame(rows, columns=["account_id", "observation_date", "annual_revenue", "expanded"])
    return ObservedBook(
        **{"snapshots": snapshots, "current": snapshots, "as_of": None, "is_flat": False, **changes}
    )


def rows_of(n: int, after: float | None, day: str = "2026-04-01") -> list[tuple[object, ...]]:
    return [
        row
        for number in range(n)
        for row in ((f"A{number}", "2026-01-01", 1000.0, True), (f"A{number}", day, after, False))
    ]


def test_revenue_after_the_horizon_says_what_the_expansion_was_worth():
    shares = upsell_shares_of(observed(rows_of(60, 1500.0)), settings=SETTINGS)
    assert shares.n_accounts == 60
    overall = (60 * 0.5 + 20 * 0.2) / 80
    assert shares.roomy == pytest.approx(overall)  # nobody's room is known, so each other room is as all are
    assert shares.unknown == pytest.approx((60 * 0.5 + 20 * overall) / 80)


@pytest.mark.parametrize(("day", "n_accounts"), [("2026-04-01", 9), ("2026-04-30", 9), ("2026-05-01", None)])
def test_the_snapshot_after_the_horizon_may_come_a_step_late_and_no_later(day, n_accounts):
    """90 days from 1 January end on 1 April; the step is 30 days."""
    shares = upsell_shares_of(observed(rows_of(9, 1500.0, day)), settings=SETTINGS)
    assert (shares and shares.n_accounts) == n_accounts


def test_revenue_before_the_horizons_end_is_not_taken_for_later():
    assert upsell_shares_of(observed(rows_of(9, 1500.0, "2026-03-31")), settings=SETTINGS) is None


def test_an_unknown_later_revenue_and_those_that_did_not_expand_teach_nothing():
    quiet = [(name, day, money, False) for name, day, money, _ in rows_of(9, 1500.0)]
    assert upsell_shares_of(observed(rows_of(9, None)), settings=SETTINGS) is None
    assert upsell_shares_of(observed(quiet), settings=SETTINGS) is None


def test_a_flat_table_teaches_nothing():
    assert upsell_shares_of(observed(rows_of(9, 1500.0), is_flat=True), settings=SETTINGS) is None


def test_a_value_that_is_told_goes_before_what_was_learned():
    shares = upsell_shares_of(observed(rows_of(60, 1500.0)), settings=SETTINGS)
    rows = pd.DataFrame({"upsell_value": [700.0, None, -5.0]})
    told = upsell_values_of(rows, pd.Series([1000.0] * 3), shares=shares)
    assert told.tolist() == pytest.approx([700.0, 1000 * shares.unknown, 1000 * shares.unknown])
