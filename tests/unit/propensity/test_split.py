"""Later dates test, a purge gap apart; folds keep an account together."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from standfast.propensity.split import grouped_folds, time_split

MONTHS = pd.date_range("2023-01-01", periods=12, freq="MS")


def test_training_dates_end_a_gap_before_the_first_test_date():
    split = time_split(np.repeat(MONTHS, 3), gap_days=92)
    assert split is not None
    assert split.test_dates == tuple(MONTHS[-3:])
    assert max(split.train_dates) == pd.Timestamp("2023-07-01")  # 92 days before 1 October


def test_a_date_exactly_a_gap_away_still_trains():
    two = ["2024-01-01", "2024-04-01"]  # 91 days apart
    assert time_split(two, gap_days=91) is not None
    assert time_split(two, gap_days=91.5) is None


def test_one_date_or_none_cannot_be_split():
    assert time_split(["2024-01-01"] * 5, gap_days=0) is None
    assert time_split([None, pd.NaT], gap_days=0) is None


def test_fewer_dates_test_where_else_none_could_train():
    split = time_split(MONTHS[:4], gap_days=85, test_share=0.5)
    assert split is not None
    assert len(split.test_dates) == 1


@given(days=st.sets(st.integers(0, 1000), min_size=1, max_size=30), gap=st.integers(0, 400))
def test_no_training_label_matures_after_the_first_test_date(days, gap):
    dates = pd.Timestamp("2022-01-01") + pd.to_timedelta(sorted(days), unit="D")
    split = time_split(dates, gap_days=gap)
    if split is None:
        assert (dates[-1] - dates[0]).days < gap or len(dates) == 1
    else:
        assert max(split.train_dates) + pd.Timedelta(days=gap) <= min(split.test_dates)
        assert max(split.train_dates) < min(split.test_dates)


@given(
    accounts=st.lists(st.integers(0, 12), min_size=1, max_size=60),
    n_folds=st.integers(2, 5),
    seed=st.integers(0, 5),
)
def test_folds_keep_accounts_together_whatever_the_order_of_rows(accounts, n_folds, seed):
    groups = np.array(accounts)
    y = (groups % 3 == 0).astype(float)
    folds = grouped_folds(y, groups, n_folds, seed)
    order = np.random.default_rng(seed).permutation(len(groups))
    assert (grouped_folds(y[order], groups[order], n_folds, seed) == folds[order]).all()
    for account in np.unique(groups):
        assert len(np.unique(folds[groups == account])) == 1
    assert set(folds) == set(range(min(n_folds, len(np.unique(groups)))))


def test_events_are_spread_evenly_over_folds():
    y = np.zeros(100)
    y[:23] = 1
    folds = grouped_folds(y, np.arange(100), 5, seed=1)
    assert set(np.bincount(folds, weights=y)) <= {4.0, 5.0}
    assert set(np.bincount(folds)) == {20}


def test_another_seed_deals_other_folds():
    y, groups = np.zeros(50), np.arange(50)
    assert (grouped_folds(y, groups, 5, 1) != grouped_folds(y, groups, 5, 2)).any()
