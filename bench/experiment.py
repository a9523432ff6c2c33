"""Do read-outs tell the truth? Coverage on made-up tests, looks every week, and a real trial of e-mails.

Run it with ``python -m bench experiment``. Nominal intervals of 95 % should hold the truth in 93 to 97 % of a
thousand tests, those for any look in at least 95 % at all weekly looks at once.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed

from bench.hillstrom import hillstrom_rows
from bench.trials import Trial, run_trial, weeks_of
from standfast.learning.effect import Effect, effect_of
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.outcomes import OutcomeName

POLICY = ExperimentPolicy()
N_TESTS, N_WITH_EFFECT = 1_000, 300
N_WEEKS = 26
OUTCOMES: tuple[OutcomeName, ...] = ("churned", "expanded", "revenue")
LOOKED_AT_COLUMNS = (
    "cycle", "account_id", "arm", "arm_probability", "stratum", "churn_probability", "churned",
)  # fmt: skip
COVERED_COLUMNS = (
    *LOOKED_AT_COLUMNS, "upsell_probability", "annual_revenue", "upsell_value", "expanded", "revenue_after",
)  # fmt: skip
COVERAGE_BOUND, ALWAYS_BOUND = "93 to 97 %", "at least 95 %"

TRIALS = (
    Trial(name="holdout of a tenth, 80 accounts x 4 cycles, 3 % churn", n_accounts=80, n_cycles=4,
          churn_rate=0.03, control_share=0.1),
    Trial(name="holdout of a tenth, 150 x 4, 6 %", n_accounts=150, n_cycles=4, control_share=0.1, save=0.3,
          grow=0.2),
    Trial(name="holdout of a tenth, 600 x 4, 6 %", n_accounts=600, n_cycles=4, control_share=0.1, save=0.4,
          grow=0.3),
    Trial(name="two plays, 100 accounts, 6 %", n_accounts=100, save=0.5),
    Trial(name="two plays, 200 x 4, 10 %", n_accounts=200, n_cycles=4, churn_rate=0.1, save=0.5, grow=0.4),
    Trial(name="two plays, 2,000 x 2, 6 %", n_accounts=2_000, n_cycles=2, save=0.3),
)  # fmt: skip
LOOKED_AT = (
    Trial(name="holdout of a tenth, 150 x 4, 6 %, no effect", n_accounts=150, n_cycles=4, control_share=0.1),
    Trial(name="two plays, 200 x 4, 10 %, no effect", n_accounts=200, n_cycles=4, churn_rate=0.1),
    Trial(name="two plays, 600 x 4, 10 %, harm", n_accounts=600, n_cycles=4, churn_rate=0.1, save=-0.5),
    Trial(name="two plays, 600 x 4, 10 %, help", n_accounts=600, n_cycles=4, churn_rate=0.1, save=0.5),
)  # fmt: skip


class Looks(NamedTuple):
    """One test looked at every week: whether intervals held at all looks, and when it was stopped."""

    once_held: bool
    always_held: bool
    once_stopped: bool
    harm: bool
    help: bool


def effect(rows: object, outcome: OutcomeName) -> Effect | None:
    return effect_of(
        rows, outcome, arm="planned", control="held_out", confidence=POLICY.confidence,
        relative_reduction=POLICY.relative_reduction,
    )  # fmt: skip


def covered(trial: Trial, seed: int) -> list[tuple[float, float]]:
    """Give for each outcome whether the interval holds the true effect, and its low end is below it."""
    run = run_trial(trial, seed=seed)
    rows = run.rows[list(COVERED_COLUMNS)]
    found = []
    for outcome in OUTCOMES:
        one, truth = effect(rows, outcome), run.truth(outcome)
        interval = one.estimate.interval
        found.append((interval.low <= truth <= interval.high, interval.low <= truth))
    return found


def looked_at(trial: Trial, seed: int) -> Looks:
    """Give what a test's weekly looks came to; the truth is that of the rows seen so far."""
    run = run_trial(trial, seed=seed)
    week = weeks_of(run.rows, n_weeks=N_WEEKS, seed=seed)
    rows = run.rows[list(LOOKED_AT_COLUMNS)]
    once, always, once_out, harm, helps = True, True, False, False, False
    for now in range(1, N_WEEKS + 1):
        seen = week < now
        one = effect(rows[seen], "churned")
        if one is None:
            continue
        truth = run.truth("churned", seen)
        once &= one.estimate.interval.low <= truth <= one.estimate.interval.high
        always &= one.estimate.always.low <= truth <= one.estimate.always.high
        once_out |= one.gain.excludes_zero
        harm |= one.always_gain.high < 0
        helps |= one.always_gain.low > 0
    return Looks(once, always, once_out, harm, helps)


def coverage(trial: Trial, n_tests: int) -> np.ndarray:
    """Give for each outcome the share of tests whose interval holds the truth, and whose low end is below."""
    seeds = range(n_tests)
    held = Parallel(n_jobs=2)(delayed(_many)(covered, trial, part) for part in np.array_split(seeds, 8))
    return np.concatenate(held).mean(axis=0)


def weekly(trial: Trial, n_tests: int) -> Looks:
    """Give the shares of tests that held, and that were stopped, over all weekly looks."""
    seeds = range(n_tests)
    held = Parallel(n_jobs=2)(delayed(_many)(looked_at, trial, part) for part in np.array_split(seeds, 8))
    return Looks(*np.concatenate(held).mean(axis=0))


def _many(each: object, trial: Trial, seeds: np.ndarray) -> np.ndarray:
    return np.array([each(trial, int(seed)) for seed in seeds], dtype=float)


def coverage_rows(n_tests: int = N_TESTS) -> Iterator[tuple[str, str, str]]:
    for trial in TRIALS:
        shares = coverage(trial, n_tests)
        told = ", ".join(
            f"{'left' if name == 'churned' else name} {share:.1%}"
            for name, share in zip(OUTCOMES, shares[:, 0], strict=True)
        )
        yield f"coverage, {trial.name}", f"{told}; money not below {shares[2, 1]:.1%}", COVERAGE_BOUND


def weekly_rows(n_tests: int = N_TESTS, n_with_effect: int = N_WITH_EFFECT) -> Iterator[tuple[str, str, str]]:
    for trial in LOOKED_AT:
        n = n_tests if trial.save == 0 else n_with_effect
        found = weekly(trial, n)
        told = f"{found.always_held:.1%} at all {N_WEEKS} looks (bounds of one look: {found.once_held:.1%})"
        yield f"any look, {trial.name}, {n:,} tests", told, ALWAYS_BOUND
        stops = f"harm {found.harm:.1%}, help {found.help:.1%}"
        if trial.save == 0:
            yield (
                f"false stops, {trial.name}",
                f"{stops}; by one look's {found.once_stopped:.1%}",
                "at most 5 %",
            )
        else:
            yield f"stops, {trial.name}", stops, "the more, the better"


def rows() -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    yield from coverage_rows()
    yield from weekly_rows()
    yield from hillstrom_rows(POLICY)
