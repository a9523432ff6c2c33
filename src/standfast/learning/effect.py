"""The effect of one arm against its control on one outcome, with intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.learning.estimate import Estimate, effect_on_means, effect_on_shares
from standfast.learning.intervals import Interval
from standfast.learning.outcomes import (
    OUTCOMES,
    OutcomeName,
    expected_before,
    expected_variance,
    outcome_values,
    planned_effect,
)
from standfast.learning.sample import Compared, draw_sample

LEAST_ROWS_OF_AN_ARM = 2


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an arm did to an outcome, per account of the test.

    Parameters
    ----------
    n_rows, n_control
        Accounts and cycles read in either arm; an account in two cycles counts twice.
    n_accounts
        Accounts in both arms together, each once.
    rate, control_rate
        Of the outcome, adjusted: shares of accounts, or money a year per account.
    difference
        rate less control_rate.
    kept_variance
        Part of the variance that adjusting left, times what accounts in several cycles add.
    """

    outcome: OutcomeName
    arm: str
    control: str
    n_rows: int
    n_control: int
    n_accounts: int
    events: float
    control_events: float
    rate: float
    control_rate: float
    difference: float
    kept_variance: float
    estimate: Estimate

    @property
    def gain(self) -> Interval:
        """The interval of what is good: churn avoided, growth or money gained."""
        return self._good(self.estimate.interval)

    @property
    def always_gain(self) -> Interval:
        """The same, for those who look again and again."""
        return self._good(self.estimate.always)

    @property
    def gained(self) -> float:
        """What is good of the difference: above 0 where the arm helps."""
        return OUTCOMES[self.outcome].good_sign * self.difference

    def _good(self, interval: Interval) -> Interval:
        if OUTCOMES[self.outcome].good_sign > 0:
            return interval
        return Interval(0.0 - interval.high, 0.0 - interval.low)


def effect_of(
    rows: pd.DataFrame, outcome: OutcomeName, *, arm: str, control: str, confidence: float,
    relative_reduction: float,
) -> Effect | None:  # fmt: skip
    """Return the effect of an arm against its control among rows that have matured; None without both.

    Each row is weighted by one through the chance of the arm it got, compared within strata and cycles as far
    as these are large enough, and adjusted by what was expected when it was drawn. An account in several
    cycles is one cluster.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": range(400), "cycle": "2026-01-01", "stratum": "",
    ...     "arm": ["planned", "held_out"] * 200, "arm_probability": 0.5, "churn_probability": 0.1,
    ...     "churned": [i % 20 == 1 for i in range(400)]})
    >>> found = effect_of(rows, "churned", arm="planned", control="held_out", confidence=0.95,
    ...     relative_reduction=0.25)
    >>> found.difference, round(found.gain.low, 3), round(found.gain.high, 3)
    (-0.1, 0.061, 0.149)
    """
    is_share = OUTCOMES[outcome].is_share
    measured = Compared(
        values=outcome_values(rows, outcome),
        expected=expected_before(rows, outcome),
        variance=None if is_share else expected_variance(rows),
        planned=planned_effect(rows, outcome, relative_reduction=relative_reduction),
    )
    return effect_on(rows, measured, outcome=outcome, arm=arm, control=control, confidence=confidence)


def effect_on(
    rows: pd.DataFrame, measured: Compared, *, outcome: OutcomeName, arm: str, control: str, confidence: float
) -> Effect | None:
    """Return the effect of an arm against its control on what was measured; None without both arms."""
    arms = rows["arm"].to_numpy(dtype=object)
    told = np.isfinite(measured.values) & ((arms == arm) | (arms == control))
    in_arm = arms[told] == arm
    if in_arm.sum() < LEAST_ROWS_OF_AN_ARM or (~in_arm).sum() < LEAST_ROWS_OF_AN_ARM:
        return None
    known = measured.among(told)
    sample = draw_sample(rows, known, told=told, in_arm=in_arm)
    kind = effect_on_shares if OUTCOMES[outcome].is_share else effect_on_means
    mine, theirs = sample.mean(in_arm), sample.mean(~in_arm)
    return Effect(
        outcome=outcome, arm=arm, control=control, n_rows=int(in_arm.sum()), n_control=int((~in_arm).sum()),
        n_accounts=sample.n_accounts, events=known.sum(in_arm),
        control_events=known.sum(~in_arm), rate=mine, control_rate=theirs,
        difference=mine - theirs, kept_variance=sample.spread,
        estimate=kind(sample, confidence=confidence, planned=measured.planned),
    )  # fmt: skip
