"""Plans that were not carried out: unbiased where truth is known, intervals as wide as they say."""

from functools import partial

import numpy as np
import pytest

from standfast.errors import InputError
from standfast.learning.off_policy import (
    Logged,
    aipw,
    effective_rows,
    gain_over,
    ips,
    self_normalised,
    weights,
)

N_ACCOUNTS, N_CYCLES = 150, 2
TRUTH = 0.2 * 0.5 + 0.1  # what comes of the plan below: 0.2 more for those with x > 0.5, and 0.1 of each


def logged_by_chance(seed, *, misled=0.0):
    """Accounts of two cycles whose outcomes hang together; the plan wanted treats where x is large."""
    random = np.random.default_rng(seed)
    account = np.repeat(np.arange(N_ACCOUNTS), N_CYCLES)
    x = np.repeat(random.random(N_ACCOUNTS), N_CYCLES)
    own = np.repeat(random.normal(0, 0.3, N_ACCOUNTS), N_CYCLES)
    likely = 0.25 + 0.5 * x
    treated = random.random(len(x)) < likely
    gain = 0.2 * (x > 0.5) - 0.2 * (x <= 0.5)
    outcome = 0.1 + gain * treated + own + random.normal(0, 0.3, len(x))
    logged = Logged(
        treated, np.where(treated, likely, 1 - likely), outcome, account,
        if_left=np.full(len(x), 0.1 + misled), if_treated=0.1 + gain - misled,
    )  # fmt: skip
    return logged, (x > 0.5).astype(float)


ESTIMATES = {
    "ips": ips,
    "self-normalised": self_normalised,
    "doubly robust": aipw,
    "winsorised": partial(aipw, most=3.0),
}


@pytest.mark.parametrize("misled", [0.0, 0.5])
def test_estimates_are_unbiased_and_their_intervals_hold_the_truth(misled):
    """Coverage 93 to 97 % over a thousand simulated logs, whether the model is right or wrong."""
    logs = [logged_by_chance(seed, misled=misled) for seed in range(1000)]
    for name in ("ips", "doubly robust"):
        found = [ESTIMATES[name](*log) for log in logs]
        values = np.array([one.value for one in found])
        bias = abs(values.mean() - TRUTH)
        assert bias < 3 * values.std() / np.sqrt(len(values)), name
        held = np.mean([one.low <= TRUTH <= one.high for one in found])
        assert 0.93 <= held <= 0.97, (name, held)


def test_self_normalised_and_winsorised_estimates_hold_the_truth_too():
    logs = [logged_by_chance(seed) for seed in range(1000)]
    for name in ("self-normalised", "winsorised"):
        held = np.mean([one.low <= TRUTH <= one.high for one in (ESTIMATES[name](*log) for log in logs)])
        assert 0.93 <= held <= 0.97, (name, held)


def test_a_good_model_makes_the_interval_narrower():
    logged, wanted = logged_by_chance(1)
    assert aipw(logged, wanted).error < ips(logged, wanted).error


def test_accounts_not_rows_are_the_cases():
    """The same rows, each account's twice: no more is known than before."""
    logged, wanted = logged_by_chance(3)
    twice = [np.concatenate([part, part]) for part in (logged.treated, logged.chance, logged.outcome)]
    doubled = Logged(*twice, account=np.concatenate([logged.account, logged.account]))
    assert ips(doubled, np.tile(wanted, 2)).error == pytest.approx(ips(logged, wanted).error)


def test_the_plan_that_was_carried_out_is_worth_what_came():
    logged, _ = logged_by_chance(5)
    likely = np.where(logged.treated, logged.chance, 1 - logged.chance)
    assert self_normalised(logged, likely).value == pytest.approx(logged.outcome.mean())
    assert effective_rows(weights(logged, likely)) == pytest.approx(len(logged))


def test_a_gain_over_another_plan_is_told_on_the_same_rows():
    logged, wanted = logged_by_chance(8)
    same = gain_over(logged, wanted, wanted)
    assert (same.value, same.error) == (0.0, 0.0)
    more = gain_over(logged, wanted, 1 - wanted)
    assert more.low < 0.2 < more.high


def test_impossible_chances_and_a_missing_model_are_refused():
    arms = (np.array([True]), np.array([0.0]), np.array([1.0]), np.array([0]))
    with pytest.raises(InputError, match="chance of an arm"):
        Logged(*arms)
    with pytest.raises(InputError, match="use ips instead"):
        aipw(Logged(arms[0], np.array([0.5]), *arms[2:]), np.ones(1))


def test_no_rows_give_no_figure():
    nothing = np.empty(0)
    none = Logged(nothing.astype(bool), nothing, nothing, nothing.astype(int))
    assert np.isnan(ips(none, nothing).value)
    assert np.isnan(self_normalised(none, nothing).value)
