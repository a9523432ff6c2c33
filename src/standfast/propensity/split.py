"""Who trains and who tests: by time where dates allow it, else by folds that keep an account together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class TimeSplit:
    """Observation dates to learn from and later ones to judge by, a purge gap apart."""

    train_dates: tuple[pd.Timestamp, ...]
    test_dates: tuple[pd.Timestamp, ...]


def time_split(
    observation_dates: ArrayLike, *, gap_days: float, test_share: float = 0.25
) -> TimeSplit | None:
    """Latest dates for the test, and the dates whose labels had matured before them for training.

    Parameters
    ----------
    observation_dates
        Dates of the rows or of the book; repeats and missing ones are dropped.
    gap_days
        Days a label takes to mature: lead + horizon + allowed gap. A training date lies at least that
        many days before the first test date.
    test_share
        Share of the dates to test on, at least one; fewer where too few dates would be left to train on.

    Returns
    -------
    TimeSplit or None
        None where no date can be trained on: use ``grouped_folds`` and say so.
    """
    dates = (
        pd.DatetimeIndex(pd.to_datetime(pd.Series(np.asarray(observation_dates))))
        .dropna()
        .unique()
        .sort_values()
    )
    wanted = max(1, round(len(dates) * test_share))
    for n_test in range(min(wanted, len(dates) - 1), 0, -1):
        test = dates[-n_test:]
        train = dates[(dates < test[0]) & (dates <= test[0] - pd.Timedelta(days=gap_days))]
        if len(train):
            return TimeSplit(tuple(train), tuple(test))
    return None


def grouped_folds(y: ArrayLike, groups: ArrayLike, n_folds: int, seed: int) -> NDArray[np.int64]:
    """Fold of each row: an account's rows share one, and events are spread evenly.

    The same accounts fall in the same folds however the rows are ordered. There are never more folds than
    accounts.
    """
    labels = np.asarray(y, dtype=np.float64)
    accounts, account_of_row = np.unique(np.asarray(groups), return_inverse=True)
    has_event = np.zeros(len(accounts), dtype=np.int64)
    np.maximum.at(has_event, account_of_row, (labels > 0).astype(np.int64))
    shuffled = np.random.default_rng(seed).permutation(len(accounts))
    dealt = shuffled[np.argsort(-has_event[shuffled], kind="stable")]
    fold_of_account = np.empty(len(accounts), dtype=np.int64)
    fold_of_account[dealt] = np.arange(len(accounts)) % min(n_folds, len(accounts))
    return fold_of_account[account_of_row]
