"""R7: gross and net revenue retention, with and without the plan."""

from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision import forecast
from standfast.decision.change_sizes import learn_contraction_sizes
from standfast.decision.forecast import BookForecast, ForecastPolicy, forecast_book
from standfast.decision.response import Response, shifted, shifts
from standfast.decision.reward import Economics

FEW = ForecastPolicy(n_draws=200)
BOOKS = st.tuples(st.integers(1, 60), st.integers(0, 999))


def book_of(n_accounts: int, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": [f"A{number:04d}" for number in random.permutation(n_accounts)],
            "churn_probability": random.uniform(0, 0.6, n_accounts),
            "contraction_probability": random.uniform(0, 0.6, n_accounts),
            "upsell_probability": random.uniform(0, 0.6, n_accounts),
            "annual_revenue": random.lognormal(9, 1.5, n_accounts),
            "upsell_value": random.lognormal(7, 1.5, n_accounts),
        }
    )


def lines_of(scores: pd.DataFrame, n_call: int = 2) -> pd.DataFrame:
    columns = dict.fromkeys(("n_in_person", "n_email", "n_digital"), 0)
    return pd.DataFrame({**columns, "n_call": n_call, "hours": 1.0 * n_call}, index=scores.index)


def ahead_of(scores: pd.DataFrame, lines: pd.DataFrame | None = None, **changes: object) -> BookForecast:
    given = {
        "economics": Economics(), "response": Response(), "horizon_days": 90, "policy": FEW, **changes,
    }  # fmt: skip
    found = forecast_book(scores, lines, **given)
    assert found is not None
    return found


def ends(one: forecast.Retention) -> np.ndarray:
    return np.array([[share.low, share.value, share.high] for share in (one.gross, one.net)])


@given(BOOKS)
@settings(max_examples=15, deadline=None)
def test_without_a_plan_all_courses_are_the_same(book):
    scores = book_of(*book)
    for lines in (None, lines_of(scores, n_call=0)):
        ahead = ahead_of(scores, lines)
        assert ahead.without_plan == ahead.cautious == ahead.with_plan


@given(BOOKS, st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_more_churn_never_raises_retention(book, share):
    scores = book_of(*book)
    safer = scores.assign(churn_probability=scores["churn_probability"] * share)
    for events in (None, {"churned": 50, "expanded": 50}):
        more = ends(ahead_of(scores, n_events=events).without_plan)
        fewer = ends(ahead_of(safer, n_events=events).without_plan)
        # an interval of the base rate narrows with it, so only chance alone is a law at its ends
        where = slice(None) if events is None else 1
        assert (more[:, where] <= fewer[:, where] + 1e-9).all()


@given(BOOKS)
@settings(max_examples=15, deadline=None)
def test_net_is_never_below_gross_and_values_lie_in_their_intervals(book):
    scores = book_of(*book)
    told = ahead_of(scores, lines_of(scores), n_events={"churned": 30})
    for course in (told.without_plan, told.cautious, told.with_plan):
        gross, net = ends(course)
        assert (net >= gross - 1e-9).all()
        assert (np.diff(gross) >= 0).all()
        assert gross[-1] <= 1


@given(BOOKS, st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_rows_in_another_order_give_the_same_forecast(book, seed):
    scores = book_of(*book)
    order = np.random.default_rng(seed).permutation(len(scores))
    lines = lines_of(scores).assign(n_call=np.arange(len(scores)) % 4)
    assert ahead_of(scores, lines) == ahead_of(scores.iloc[order], lines.iloc[order])


def test_figures_match_the_numbers_worked_out_by_hand():
    scores = pd.DataFrame(
        {
            "account_id": ["a", "b"], "churn_probability": [0.1, 0.5], "contraction_probability": [0.2, 0.0],
            "upsell_probability": [0.3, 0.0], "annual_revenue": [1000.0, 3000.0],
            "upsell_value": [200.0, np.nan],
        }
    )  # fmt: skip
    told = ahead_of(scores, lines_of(scores), policy=replace(FEW, contraction_share=0.5))
    lost = 0.1 * 1000 + 0.9 * 0.2 * 500 + 0.5 * 3000
    assert told.without_plan.gross.value == pytest.approx(1 - lost / 4000)
    assert told.without_plan.net.value == pytest.approx(1 - (lost - 0.9 * 0.3 * 200) / 4000)
    cautious = 0.09 * 1000 + 0.91 * 0.2 * 500 + 0.45 * 3000
    assert told.cautious.gross.value == pytest.approx(1 - cautious / 4000)
    churn, _ = shifts([0, 2, 0, 0], response=Response())
    p, r = shifted(np.array([0.1, 0.5]), churn)
    planned = p * 1000 + (1 - p) * 0.2 * 500 + r * 3000
    assert told.with_plan.gross.value == pytest.approx(1 - planned / 4000)


def test_the_interval_of_a_large_book_is_the_one_that_independent_accounts_have():
    """The share lost by n equal accounts has standard deviation sqrt(p (1 - p) / n)."""
    scores = book_of(2000).assign(
        churn_probability=0.2, contraction_probability=0.0, upsell_probability=0.0, annual_revenue=1.0
    )
    gross = ahead_of(scores, policy=ForecastPolicy()).without_plan.gross
    expected = 1.645 * np.sqrt(0.2 * 0.8 / 2000)
    assert gross.high - gross.value == pytest.approx(expected, rel=0.1)
    assert gross.value - gross.low == pytest.approx(expected, rel=0.1)


def test_doubt_about_the_base_rate_widens_the_interval():
    scores = book_of(2000)
    chance, doubt = ahead_of(scores), ahead_of(scores, n_events={"churned": 25})
    assert not chance.holds_level
    assert doubt.holds_level
    wide, narrow = doubt.without_plan.gross, chance.without_plan.gross
    assert wide.value == narrow.value
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_blocks_of_accounts_cover_the_whole_book_once(monkeypatch):
    """A book in many blocks has the same expectation and an interval as wide."""
    scores = book_of(500)
    whole = ahead_of(scores, policy=ForecastPolicy()).without_plan
    monkeypatch.setattr(forecast, "_CELLS_OF_A_BLOCK", 2000 * 7)
    parts = ahead_of(scores, policy=ForecastPolicy()).without_plan
    assert parts.gross.value == whole.gross.value
    assert ends(parts) == pytest.approx(ends(whole), abs=0.01)
    assert parts != whole


def test_a_book_without_upsell_or_contraction_says_so():
    """U4."""
    told = ahead_of(book_of(50).drop(columns=["upsell_probability", "contraction_probability"]))
    assert told.without_plan.net is None
    assert not told.has_contraction


def test_accounts_gone_or_without_revenue_are_left_out():
    scores = book_of(20).assign(churned=[True] * 5 + [False] * 15)
    scores.loc[19, "annual_revenue"] = np.nan
    told = ahead_of(scores)
    assert told.n_accounts == 14
    assert told.without_plan == ahead_of(scores.iloc[5:19]).without_plan


@pytest.mark.parametrize("column", ["churn_probability", "annual_revenue"])
def test_without_churn_model_or_revenue_there_is_no_forecast(column):
    given = {"economics": Economics(), "response": Response(), "horizon_days": 90, "policy": FEW}
    assert forecast_book(book_of(5).assign(**{column: np.nan}), **given) is None


def test_a_forecast_is_plain_values():
    told = asdict(ahead_of(book_of(5)))
    assert set(told["without_plan"]["gross"]) == {"value", "low", "high"}


def test_enough_contractions_go_before_the_assumed_share():
    """R7: the setting is what is believed beforehand, and what is used where too few contracted."""
    cut = pd.DataFrame(
        {"account_id": [f"A{n}" for n in range(60)], "annual_revenue": 1000.0, "revenue_after": 300.0}
    )
    sizes = learn_contraction_sizes(cut, contraction_share=0.25)
    scores = pd.DataFrame(
        {
            "account_id": ["a"],
            "churn_probability": [0.0],
            "contraction_probability": [0.5],
            "annual_revenue": [1e3],
        }
    )
    policy = replace(FEW, contraction_share=0.25)
    learned, assumed, few = (
        forecast_book(
            scores, economics=Economics(), response=Response(), horizon_days=90, contractions=told,
            policy=replace(policy, least_contractions=least),
        )
        for told, least in ((sizes, 60), (None, 60), (sizes, 61))
    )  # fmt: skip
    assert learned.without_plan.gross.value == pytest.approx(1 - 0.5 * sizes.groups[0].share)
    assert (learned.n_contractions, learned.contraction_share) == (60, sizes.whole.share)
    assert assumed == few
    assert (assumed.n_contractions, assumed.without_plan.gross.value) == (0, pytest.approx(1 - 0.5 * 0.25))


def test_a_forecast_is_the_same_however_many_draws_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch):
    scores = book_of(40)
    before = ahead_of(scores, n_events={"churned": 30, "expanded": 20, "contracted": 10})
    monkeypatch.setattr(forecast, "_CELLS_AT_ONCE", 3 * 40)
    assert ahead_of(scores, n_events={"churned": 30, "expanded": 20, "contracted": 10}) == before
