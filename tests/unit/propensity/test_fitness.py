"""A model is judged in each group, with spreads over accounts."""

import numpy as np
import pytest
from scipy.special import expit, logit

from standfast.propensity.fitness import FitnessPolicy, measure_groups

POLICY = FitnessPolicy()


def book(n=4000, seed=0):
    """Probabilities that are true, and two groups of accounts."""
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-1.6, 1.0, n))
    groups = np.where(rng.random(n) < 0.3, "Retail", "Finance").astype(object)
    return (rng.random(n) < p).astype(float), p, np.arange(n), groups


def measured(y, p, account, groups, **policy):
    found = measure_groups(y, p, account, groups, dimension="industry", policy=FitnessPolicy(**policy))
    return {one.group: one for one in found}


def test_every_group_has_its_counts_level_and_order():
    y, p, account, groups = book()
    one = measured(y, p, account, groups)["Retail"]
    own = groups == "Retail"
    assert (one.n_rows, one.n_accounts, one.n_events) == (own.sum(), own.sum(), y[own].sum())
    assert one.level.value == pytest.approx(y[own].mean() - p[own].mean())
    assert one.level.low < 0 < one.level.high
    assert one.auc.low < one.auc.value < one.auc.high
    assert one.ece <= one.ece_noise


def test_intervals_of_level_and_auc_hold_nine_times_in_ten():
    held = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        one = measured(*book(800, seed), confidence=0.9)["Retail"]
        p = expit(rng.normal(-1.6, 1.0, 20_000))
        y = rng.random(20_000) < p
        ranks = p.argsort().argsort()
        truth = (ranks[y].mean() - (y.sum() - 1) / 2) / (~y).sum()
        held.append((one.level.low < 0 < one.level.high, one.auc.low < truth < one.auc.high))
    assert (np.abs(np.mean(held, axis=0) - 0.9) < 0.07).all()


def test_a_group_whose_odds_are_misjudged_has_a_small_chance_and_alike_groups_do_not():
    y, p, account, groups = book()
    alike = measured(y, p, account, groups)["Retail"]
    low = np.where(groups == "Retail", expit(logit(p) - 0.8), p)
    wrong = measured(y, low, account, groups)["Retail"]
    assert alike.level_p > 0.05
    assert wrong.level_p < 1e-6
    assert wrong.level.value > 0
    noise = np.random.default_rng(1).permutation(p)
    blind = measured(y, np.where(groups == "Retail", noise, p), account, groups)["Retail"]
    assert blind.order_p < 1e-6
    assert blind.auc.value < blind.auc_of_rest


def test_snapshots_of_the_same_accounts_are_no_more_evidence():
    y, p, account, groups = book()
    once = measured(y, p, account, groups)["Retail"]
    often = measured(*(np.tile(part, 6) for part in (y, p, account, groups)))["Retail"]
    assert often.auc.high - often.auc.low == pytest.approx(once.auc.high - once.auc.low, rel=0.02)
    assert often.level.high - often.level.low == pytest.approx(once.level.high - once.level.low, rel=0.1)
    assert often.n_events == once.n_events


def test_too_few_events_are_not_judged_yet_many_promised_that_never_came_are():
    y, p, account, groups = book(300)
    few = measured(y, p, account, np.where(np.arange(300) < 12, "Tiny", groups).astype(object))["Tiny"]
    assert np.isnan([few.level_p, few.order_p, few.ece]).all()
    promised = np.where(groups == "Retail", 0.4, p)
    none = measured(np.where(groups == "Retail", 0.0, y), promised, account, groups)["Retail"]
    assert none.n_events == 0
    assert none.level_p < 0.01
    assert np.isnan(none.order_p)


def test_rows_without_a_group_belong_to_none():
    y, p, account, groups = book()
    groups[:1000] = None
    assert sum(one.n_rows for one in measured(y, p, account, groups).values()) == 3000
    assert measured(y, p, account, np.full(len(y), None)) == {}


def test_a_group_of_all_has_no_rest_to_differ_from():
    y, p, account, _ = book()
    one = measured(y, p, account, np.full(len(y), "all", dtype=object))["all"]
    assert np.isnan([one.level_p, one.order_p, one.auc_of_rest]).all()
