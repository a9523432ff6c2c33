"""O2 and O3: what lists took and brought, and how surely one takes more effort than another."""

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from standfast.decision.effort import Tally, effort_ratio, tally_lists

ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["a1", "a2", "a3", "b1"], "list": ["A", "A", "A", "B"],
        "suppressed_because": [None, None, "in onboarding", None],
    }
)  # fmt: skip
RESULTS = pd.DataFrame(
    {
        "account_id": ["a1", "a1", "a2", "b1"], "minutes": [30.0, 90.0, 60.0, 60.0],
        "direct_cost": [0.0, 50.0, 0.0, 0.0], "result": ["meeting", "sale", "refused", "none"],
        "revenue": [0.0, 3_000.0, 0.0, 0.0],
    }
)  # fmt: skip


def made(name="A", *, sales=10, sale=5_000.0, effort=6_000.0):
    return Tally(
        name, 99, 0, 0, 99, 0, sales, 0, 60.0, effort, sales * sale, effort, sales * sale**2
    )  # fmt: skip


def test_minutes_cost_meetings_sales_and_revenue_are_counted_per_list():
    """O2: three hours at 100 and 50 beside them."""
    a, b = tally_lists(ACCOUNTS, RESULTS, lists=("A", "B"), hourly_cost=100.0)
    assert (a.n_accounts, a.n_contacted, a.n_left, a.n_suppressed) == (3, 2, 0, 1)
    assert (a.n_meetings, a.n_sales, a.n_refused) == (1, 1, 1)
    assert (a.minutes, a.cost, a.revenue) == (180.0, 350.0, 3_000.0)
    assert a.effort_per_revenue == pytest.approx(350 / 3_000)
    assert b.effort_per_revenue == math.inf


def test_minutes_are_the_effort_where_hours_cost_nothing():
    (a,) = tally_lists(ACCOUNTS, RESULTS.assign(direct_cost=0.0), lists=("A",), hourly_cost=0.0)
    assert (a.cost, a.effort) == (0.0, 180.0)


def test_a_list_without_a_contact_is_empty_and_no_error():
    (a,) = tally_lists(ACCOUNTS, RESULTS.iloc[:0], lists=("A",), hourly_cost=100.0)
    assert (a.n_contacted, a.n_left) == (0, 2)
    assert math.isnan(a.effort_per_revenue)
    assert effort_ratio(made("B"), a, confidence=0.9) is None


def test_sales_of_one_size_have_the_exact_interval_of_two_poisson_rates():
    """O3: the conditional binomial test (Clopper and Pearson), to which melded gammas come down."""
    a, b = made(sales=12, effort=4_000.0), made("B", sales=3, effort=9_000.0)
    found = effort_ratio(b, a, confidence=0.9)
    exact = stats.binomtest(12, 15).proportion_ci(confidence_level=0.9, method="exact")
    share = 9_000 / 4_000
    assert found.ratio == pytest.approx(share * 12 / 3)
    assert found.low == pytest.approx(share * exact.low / (1 - exact.low))
    assert found.high == pytest.approx(share * exact.high / (1 - exact.high))


def test_no_sale_at_all_after_enough_effort_is_evidence():
    """O3: the more effort without a sale, the higher the least it can be."""
    lows = [effort_ratio(made("B", sales=0, effort=e), made(), confidence=0.9).low for e in (1e3, 6e3, 6e4)]
    assert lows == sorted(lows)
    assert lows[0] < 2 < lows[-1]


def test_a_first_list_that_sold_nothing_is_no_evidence_against_any_other():
    found = effort_ratio(made("B", sales=0), made(sales=0), confidence=0.9)
    assert (found.low, found.high) == (0.0, math.inf)
    assert math.isnan(found.ratio)


@given(st.integers(0, 40), st.integers(1, 40), st.floats(1, 1e6), st.floats(1e-3, 1e3))
def test_the_interval_holds_the_ratio_and_does_not_know_the_currency(sales, first_sales, effort, rate):
    """O3."""
    a, b = made(sales=first_sales), made("B", sales=sales, effort=effort)
    found = effort_ratio(b, a, confidence=0.9)
    assert found.low <= found.ratio <= found.high
    other = [
        replace(t, effort=t.effort * rate, revenue=t.revenue * rate, squares=t.squares * rate**2)
        for t in (b, a)
    ]
    again = effort_ratio(*other, confidence=0.9)
    assert again.low == pytest.approx(found.low, rel=1e-6)
    assert again.high == pytest.approx(found.high, rel=1e-6)
