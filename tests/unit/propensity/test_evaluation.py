"""Figures agree with scikit-learn's, and their intervals come from drawing accounts."""

import json

import numpy as np
import pytest
from sklearn import metrics as sk

from standfast.errors import InputError
from standfast.propensity.evaluation import Evaluation, evaluate


def judged(y, p, groups=None, **more):
    groups = np.arange(len(y)) if groups is None else groups
    return evaluate(y, p, groups, **({"target": "churned", "how": "out of fold", "seed": 1} | more))


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(0)
    p = np.round(rng.beta(1, 4, 1500), 2).clip(0.01, 0.99)
    return (rng.random(1500) < p).astype(float), p


@pytest.fixture(scope="module")
def evaluation(drawn):
    dates = np.where(np.arange(1500) < 700, "2024-01-01", "2024-02-01")
    return judged(*drawn, groups=np.arange(1500) % 500, dates=dates, seen=np.arange(1500) % 500 < 400)


def test_figures_agree_with_scikit_learn_ties_and_all(drawn, evaluation):
    y, p = drawn
    value = {name: estimate.value for name, estimate in evaluation.metrics.items()}
    assert value["auc"] == pytest.approx(sk.roc_auc_score(y, p))
    assert value["average_precision"] == pytest.approx(sk.average_precision_score(y, p))
    assert value["log_loss"] == pytest.approx(sk.log_loss(y, p))
    assert value["brier"] == pytest.approx(sk.brier_score_loss(y, p))
    assert value["base_log_loss"] == pytest.approx(sk.log_loss(y, np.full(len(y), y.mean())))
    assert value["skill"] == pytest.approx(1 - value["log_loss"] / value["base_log_loss"])
    assert evaluation.gain_over_base.value == pytest.approx(value["log_loss"] - value["base_log_loss"])


def test_unseen_accounts_have_an_auc_of_their_own(drawn, evaluation):
    y, p = drawn
    unseen = np.arange(1500) % 500 >= 400
    assert evaluation.metrics["auc_unseen"].value == pytest.approx(sk.roc_auc_score(y[unseen], p[unseen]))
    assert "auc_unseen" not in judged(y, p, seen=np.ones(1500, dtype=bool)).metrics


def test_lift_is_that_of_the_top_tenth():
    y = np.r_[np.ones(5), np.zeros(5), np.ones(5), np.zeros(85)]
    p = np.linspace(0.9, 0.1, 100)
    assert judged(y, p).metrics["lift_at_10"].value == pytest.approx(0.5 / 0.1)


def test_equal_probabilities_share_the_cut_of_the_top_tenth():
    y = np.r_[np.ones(20), np.zeros(80)]
    assert judged(y, np.full(100, 0.2)).metrics["lift_at_10"].value == pytest.approx(1.0)


def test_calibrated_probabilities_have_a_small_calibration_error_and_doubled_ones_a_large(drawn):
    y, p = drawn
    assert judged(y, p).metrics["ece"].value < 0.04
    assert judged(y, np.minimum(2 * p, 1)).metrics["ece"].value > 0.15


def test_each_figure_lies_inside_its_interval(evaluation):
    for name in ("auc", "average_precision", "log_loss", "brier", "lift_at_10", "skill"):
        estimate = evaluation.metrics[name]
        assert estimate.low < estimate.value < estimate.high


def test_repeating_an_accounts_rows_does_not_narrow_the_interval(drawn):
    y, p = drawn
    once = judged(y, p).metrics["auc"]
    thrice = judged(np.tile(y, 3), np.tile(p, 3), np.tile(np.arange(1500), 3)).metrics["auc"]
    assert thrice.high - thrice.low == pytest.approx(once.high - once.low, rel=0.25)


def test_the_table_by_date_and_the_period(drawn, evaluation):
    y, p = drawn
    assert evaluation.period == "2024-01-01 to 2024-02-01"
    assert [date.n_rows for date in evaluation.dates] == [700, 800]
    assert evaluation.dates[0].auc == pytest.approx(sk.roc_auc_score(y[:700], p[:700]))


def test_curves_are_short_and_end_where_they_must(evaluation):
    assert set(evaluation.curves) == {"roc", "precision_recall", "gain", "calibration"}
    assert all(len(points) <= 200 for curve in evaluation.curves.values() for points in curve.values())
    roc = evaluation.curves["roc"]
    assert (roc["fpr"][0], roc["tpr"][0], roc["fpr"][-1], roc["tpr"][-1]) == (0, 0, 1, 1)
    calibration = evaluation.curves["calibration"]
    assert sum(calibration["n"]) == 1500
    assert all(low <= high for low, high in zip(calibration["low"], calibration["high"], strict=True))


def test_json_gives_back_the_same_evaluation(evaluation):
    assert Evaluation.from_dict(json.loads(json.dumps(evaluation.to_dict()))) == evaluation


def test_one_class_gives_no_auc_and_still_a_log_loss():
    found = judged(np.zeros(20), np.full(20, 0.1))
    assert np.isnan(found.metrics["auc"].value)
    assert found.metrics["log_loss"].value == pytest.approx(-np.log(0.9))
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert found.curves == {}


def test_the_same_seed_gives_the_same_intervals(drawn):
    assert judged(*drawn) == judged(*drawn)


def test_nothing_to_evaluate_is_an_error():
    with pytest.raises(InputError, match="nothing to evaluate"):
        judged([], [])
    with pytest.raises(InputError, match="between 0 and 1"):
        judged([0, 1], [0.5, 1.5])
