"""Qini, AUUC and the first accounts of an order, where the effects are known."""

from dataclasses import replace

import numpy as np

from standfast.learning.individual import may_be_individual, t_learner, x_learner
from standfast.learning.off_policy import Logged
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.uplift import paired_qini, paired_top, uplift_quality


def trial(n, seed, *, gain=0.3):
    """A randomised trial where outreach helps in proportion to x, by ``gain`` at most."""
    random = np.random.default_rng(seed)
    x = random.random(n)
    treated = random.random(n) < 0.5
    outcome = (random.random(n) < 0.1 + gain * x * treated).astype(float)
    return x, Logged(treated, np.full(n, 0.5), outcome, np.arange(n))


def test_the_right_order_earns_what_it_should_and_intervals_hold_the_truth():
    """Effect = .3 x: the first 30 % gain .255, the area is .3 x (1/2 - 1/6) = .1, Qini .025."""
    found = [uplift_quality(*trial(1500, seed)) for seed in range(400)]
    for name, truth in (("top", 0.255), ("auuc", 0.1), ("qini", 0.025)):
        one = [getattr(quality, name) for quality in found]
        values = np.array([interval.value for interval in one])
        assert abs(values.mean() - truth) < 4 * values.std() / 20, name
        assert 0.92 <= np.mean([interval.low <= truth <= interval.high for interval in one]) <= 0.98, name


def test_an_order_by_chance_has_no_qini():
    _, logged = trial(4000, 1)
    qini = uplift_quality(np.random.default_rng(0).random(4000), logged).qini
    assert qini.low < 0 < qini.high


def test_the_better_of_two_orders_is_told_on_the_same_rows():
    x, logged = trial(6000, 2)
    assert paired_qini(x, -x, logged).low > 0
    assert paired_top(x, -x, logged).low > 0
    assert paired_qini(x, x, logged).value == 0


def test_learners_find_whom_outreach_helps():
    x, logged = trial(6000, 3)
    new, fresh = trial(6000, 4)
    for learner in (t_learner, x_learner):
        effect = learner(x[:, None], logged.treated, logged.outcome)(new[:, None])
        assert uplift_quality(effect, fresh).qini.low > 0


def test_individual_effects_need_ten_thousand_rows_and_a_win():
    """Below ten thousand randomised rows no learner is asked; above, it must win on rows it has not seen."""
    x, logged = trial(8000, 5)
    policy = LearningPolicy()
    assert not may_be_individual(x, -x, logged, n_learned=9_999, policy=policy).is_taken
    assert may_be_individual(x, -x, logged, n_learned=10_000, policy=policy).is_taken
    lost = may_be_individual(x, x, logged, n_learned=50_000, policy=replace(policy, confidence=0.95))
    assert not lost.is_taken
    assert "no sure win" in lost.sentence
