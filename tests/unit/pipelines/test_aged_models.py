"""Models on labels new to them: few false alarms while nothing changes, real shifts found in two months."""

import numpy as np
from scipy.special import expit, logit

from standfast.learning.aged import Measured
from standfast.learning.check import is_breach, worst_step
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.pipelines.aged_models import MaturedRows, judge_matured

POLICY = MonitorPolicy()
N_ACCOUNTS = 1200


def rows(*, seed=0, n_months=3, rate=1.0, strength=1.0, changed=1, happened=None):
    """Months of a book in whose newest ones the rate, or the strength of what the model saw, is another."""
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-3, 1.2, (n_months, N_ACCOUNTS)))
    weaker = logit(p.mean()) * (1 - strength) + strength * logit(p)
    is_new = (np.arange(n_months) >= n_months - changed)[:, None]
    truth = np.where(is_new, np.minimum(rate * expit(weaker), 1), p)
    y = (rng.random(p.shape) < truth).astype(float) if happened is None else np.full(p.shape, happened)
    return MaturedRows(
        model="churn",
        y=y.ravel(),
        p=p.ravel(),
        account=np.tile(np.arange(N_ACCOUNTS), n_months),
        day=np.repeat([f"2025-{month:02d}-01" for month in range(4, 4 + n_months)], N_ACCOUNTS),
        base_rate=float(p.mean()),
        trained_auc=Measured(0.79, 0.1),
        spread=0.05,
    )


def breaches(**options):
    return is_breach(worst_step(judge_matured([rows(**options)], policy=POLICY)))


def test_a_book_that_stays_as_it_is_gives_hardly_any_false_alarm():
    assert sum(breaches(seed=seed, changed=0) for seed in range(60)) <= 3


def test_a_doubled_rate_is_found_within_two_months():
    assert all(any(breaches(seed=seed, rate=2.0, changed=months) for months in (1, 2)) for seed in range(12))


def test_a_model_that_says_nothing_any_more_is_found_within_two_months():
    assert all(
        any(breaches(seed=seed, strength=0.0, changed=months) for months in (1, 2)) for seed in range(12)
    )


def test_the_newest_month_is_judged_alone_and_with_those_before():
    periods = {check.sentence.split(":")[0] for check in judge_matured([rows(n_months=6)], policy=POLICY)}
    assert periods == {"churn, 2025-09-01", "churn, 2025-08-01 to 2025-09-01"}


def test_a_month_in_which_nobody_left_is_judged_by_its_level_and_named():
    checks = judge_matured([rows(n_months=1, happened=0.0)], policy=POLICY)
    assert [check.kind for check in checks] == ["level", "order"]
    assert checks[0].step == "retrain"
    assert "only one outcome is met" in checks[1].sentence


def test_without_matured_rows_there_is_nothing_to_say():
    assert judge_matured([], policy=POLICY) == ()
