"""A propensity is judged on later dates, its level corrected only where that has proved itself."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from standfast.errors import InputError
from standfast.features.encode import learn_encoding
from standfast.pipelines.fit import train_target
from standfast.pipelines.target_rows import target_rows
from standfast.pipelines.train import _refuse_unknown_points
from standfast.propensity.recipe import Recipe
from standfast.settings import build_settings

QUICK = Recipe(n_folds=2, n_knots=3, ridge_strengths=(3.0,), logistic_below=10**6, n_jobs=1, n_threads=1)
N_ACCOUNTS, GAP_DAYS = 1200, 120


def snapshots(n_dates, *, drift_per_date=0.0):
    """Accounts seen each month, whose odds of leaving may rise from month to month."""
    rng = np.random.default_rng(5)
    dates = pd.date_range("2023-01-01", periods=n_dates, freq="30D")
    frame = pd.DataFrame(
        {
            "account_id": np.tile([f"A{i:04d}" for i in range(N_ACCOUNTS)], n_dates),
            "observation_date": np.repeat(dates, N_ACCOUNTS),
            "usage": rng.normal(size=N_ACCOUNTS * n_dates),
        }
    )
    moved = np.repeat(np.arange(n_dates) * drift_per_date, N_ACCOUNTS)
    left = rng.random(len(frame)) < expit(-2.2 + moved - frame["usage"])
    return frame.assign(churned=pd.array(left, dtype="boolean"))


def trained(frame, recipe=QUICK):
    encoding = learn_encoding(frame, columns=["usage"])
    rows = target_rows(frame, frame[["usage"]].to_numpy(dtype=float), "churned")
    return train_target(rows, encoding=encoding, recipe=recipe, gap_days=GAP_DAYS)


def test_a_rising_base_rate_is_met_by_a_correction_known_before_the_test_dates():
    frame = snapshots(16, drift_per_date=0.12)
    one = trained(frame)
    assert len(one.notes) == 1
    assert "its level is corrected by +" in one.notes[0]
    newest = frame["observation_date"].max()
    last = (frame["observation_date"] == newest).to_numpy()
    said = one.propensity.probability(frame.loc[last, ["usage"]].to_numpy(dtype=float)).mean()
    plain = one.propensity.shifted(-float(one.notes[0].split("by ")[1].split(" ")[0]))
    unshifted = plain.probability(frame.loc[last, ["usage"]].to_numpy(dtype=float)).mean()
    happened = float(frame.loc[last, "churned"].mean())
    assert abs(said - happened) < abs(unshifted - happened)
    taught = frame["observation_date"] <= one.unseen.dates.min() - pd.Timedelta(days=GAP_DAYS)
    tested_rate, taught_rate = one.evaluation.base_rate, float(frame.loc[taught, "churned"].mean())
    assert abs(one.probability.mean() - tested_rate) < 0.5 * abs(taught_rate - tested_rate)


def test_a_steady_book_is_left_as_it_was_fitted():
    one = trained(snapshots(16))
    assert one.notes == ()
    assert one.evaluation.how == "out of time"
    assert len(one.evaluation.dates) == 4


def test_no_row_that_teaches_lies_within_the_gap_before_the_test_dates():
    one = trained(snapshots(16))
    tested = one.unseen.dates
    assert tested.min() == pd.Timestamp("2023-01-01") + pd.Timedelta(days=30 * 12)
    assert (one.unseen.position >= 12 * N_ACCOUNTS).all()


def test_a_large_table_without_dates_is_judged_on_one_fold_and_says_so():
    """The accounts judged on are none that the judged model learned from; the kept one learns from all."""
    frame = snapshots(1).drop(columns="observation_date")
    one = trained(frame, replace(QUICK, one_validation_rows=N_ACCOUNTS))
    assert one.evaluation.how == "out of fold"
    assert len(one.unseen.label) == len(one.probability) == len(one.folds) == N_ACCOUNTS // QUICK.n_folds
    assert set(one.folds) == {0}
    assert one.propensity.n_rows == N_ACCOUNTS
    assert one.notes[-1].startswith("judged on 600 rows of accounts that the judged model had not seen")
    each = trained(frame, replace(QUICK, one_validation_rows=N_ACCOUNTS + 1))
    assert len(each.unseen.label) == N_ACCOUNTS
    assert each.propensity.n_rows == one.propensity.n_rows


def test_a_book_with_one_usable_date_is_judged_by_grouped_folds_and_says_so():
    one = trained(snapshots(1))
    assert one.evaluation.how == "out of fold"
    (note,) = one.notes
    assert note.startswith("judged out of fold")
    assert "1 observation date leaves none to test on 120 days" in note


def test_a_flat_table_is_judged_by_folds_without_a_word_about_dates():
    one = trained(snapshots(1).drop(columns="observation_date"))
    assert (one.evaluation.how, one.notes) == ("out of fold", ())


def test_a_label_of_one_class_is_refused():
    frame = snapshots(1).assign(churned=pd.array([True] * N_ACCOUNTS, dtype="boolean"))
    with pytest.raises(InputError, match="single class: all 1200 rows say yes"):
        target_rows(frame, np.zeros((len(frame), 1)), "churned")


def test_points_for_a_column_or_label_that_is_not_there_are_refused_with_the_nearest():
    """U6: a misspelt weight would be left out unnoticed."""
    encoding = learn_encoding(pd.DataFrame({"seats": [1.0, 2.0]}), columns=["seats"])
    for points, said in (
        ({"churned": {"seat": 1.0}}, "column 'seat'"),
        ({"churn": {"seats": 1.0}}, "label 'churn'"),
    ):
        with pytest.raises(InputError, match=f"no {said} to give points to; the nearest is"):
            _refuse_unknown_points(encoding, build_settings({"model": {"points": points}}))
    _refuse_unknown_points(encoding, build_settings({"model": {"points": {"churned": {"seats": -2}}}}))
