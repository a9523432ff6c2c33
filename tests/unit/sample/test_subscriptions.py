import numpy as np
import pandas as pd
import pytest

from standfast.sample.subscriptions import contract_rows, subscriptions_table, term_end


@pytest.fixture(scope="module")
def ordered(book):
    return book.tables["subscriptions"].sort_values(["account_id", "started_on"], ignore_index=True)


def test_an_account_never_has_two_rows_at_once(ordered):
    following = ordered.groupby("account_id")["started_on"].shift(-1)
    followed = ordered[following.notna()]
    assert (followed["ended_on"] <= following[following.notna()]).all()
    ended = ordered[ordered["ended_on"].notna()]
    assert (ended["started_on"] < ended["ended_on"]).all()


def test_late_signatures_and_real_returns_are_both_there(ordered):
    gap = (ordered.groupby("account_id")["started_on"].shift(-1) - ordered["ended_on"]).dt.days
    assert gap.between(1, 30).sum() >= 20
    assert (gap > 30).sum() >= 10
    assert (gap == 0).mean() > 0.8


def test_the_last_row_is_open_unless_the_account_left_or_signs_late(ordered, book):
    last = ordered.groupby("account_id").tail(1).set_index("account_id")
    status = book.tables["accounts"].set_index("account_id")["status"]
    assert (status[last.index[last["ended_on"].isna()]] == "Active").all()
    assert (status[last.index[last["ended_on"].notna()]] == "Cancelled").mean() > 0.95


def test_a_row_ends_at_its_term_or_within_it(life):
    rows = life.rows
    due = term_end(rows, roster=life.roster, period=life.period)
    ended = rows["ends"] < life.period.n_days
    assert (rows["ends"][ended] <= due[ended]).all()
    assert (due > rows["day"]).all()
    assert (due - rows["day"])[life.roster.yearly[rows["account"]]].max() <= 366
    assert (due - rows["day"])[~life.roster.yearly[rows["account"]]].max() <= 31


def test_amounts_are_seats_times_price_and_rise_and_fall(ordered):
    step = ordered["amount"] / ordered.groupby("account_id")["amount"].shift(1)
    assert (step >= 1.1).sum() > 100
    assert (step <= 0.9).sum() > 50
    assert (ordered["seats"] >= 1).all()
    assert (ordered["amount"] > 0).all()


def test_the_churn_dates_of_the_truth_are_the_ends_of_the_merged_rows(book, ordered):
    following = ordered.groupby("account_id")["started_on"].shift(-1)
    away = (following - ordered["ended_on"]).dt.days
    ends = ordered[ordered["ended_on"].notna() & (away.isna() | (away > 30))]
    first = ends.groupby("account_id")["ended_on"].min()
    told = book.truth.groupby("account_id")["churned_on"].first().dropna()
    pd.testing.assert_series_equal(first, told, check_names=False, check_dtype=False, check_index_type=False)


def test_reading_the_log_leaves_it_unchanged(life):
    before = life.contracts.events.copy()
    rows = contract_rows(life.contracts)
    subscriptions_table(rows, roster=life.roster, period=life.period)
    assert life.contracts.events.equals(before)
    assert np.array_equal(rows["opens"], np.ones(len(rows), dtype=bool))
