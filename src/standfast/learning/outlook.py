"""Whether a test of plays can teach anything on the accounts there are."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.outcomes import OutcomeName, expected_before
from standfast.learning.power import Size, arm_sizes, detectable_reduction, months_needed, power_of


@dataclass(frozen=True)
class Outlook:
    """What a test will take and can show.

    Parameters
    ----------
    n_eligible
        Accounts that may be in it now; as many again each cycle.
    base_rate
        What was expected of the outcome among them, per cycle; NaN where no model knows.
    size
        Accounts and cycles that it takes to show an effect worth knowing; None where that is not known.
    months
        How long that takes; infinite where it never comes to an end.
    detectable
        The smallest effect, as a part of the base rate, that one cycle shows, and a test until its end.
    power
        Chance that a test until its end shows an effect worth knowing.
    """

    n_eligible: int
    base_rate: float
    size: Size | None
    months: float
    detectable: tuple[float, float]
    power: float

    def is_too_small(self, policy: ExperimentPolicy) -> bool:
        """Say whether it can never teach anything here."""
        return self.months > policy.most_months


def outlook(
    eligible: pd.DataFrame,
    *,
    outcome: OutcomeName,
    horizon_days: int,
    n_cycles: int,
    policy: ExperimentPolicy,
) -> Outlook:
    """Return what a test among these accounts takes and can show.

    Examples
    --------
    >>> book = pd.DataFrame({"churn_probability": [0.1] * 1000, "upsell_probability": 0.1})
    >>> found = outlook(book, outcome="churned", horizon_days=90, n_cycles=4, policy=ExperimentPolicy())
    >>> found.size.total, round(found.months, 1), found.is_too_small(ExperimentPolicy())
    (4004, 14.8, False)
    """
    n = len(eligible)
    told = expected_before(eligible, outcome)
    return outlook_of(
        float(np.mean(told)) if n else math.nan, n_eligible=n, horizon_days=horizon_days, n_cycles=n_cycles,
        policy=policy,
    )  # fmt: skip


def outlook_of(
    base_rate: float, *, n_eligible: int, horizon_days: int, n_cycles: int, policy: ExperimentPolicy
) -> Outlook:
    """Return what a test takes and can show at a rate of the outcome per cycle."""
    if not 0 < base_rate < 1:
        return Outlook(n_eligible, base_rate, None, math.inf, (math.inf, math.inf), 0.0)
    share, wanted = policy.control_share, policy.relative_reduction
    size = arm_sizes(base_rate, wanted, policy=policy, control_share=share)
    once, in_all = (
        detectable_reduction(base_rate, n_eligible * cycles, policy=policy, control_share=share)
        for cycles in (1, n_cycles)
    )
    return Outlook(
        n_eligible, base_rate, size,
        months_needed(size.total, per_cycle=n_eligible, days_per_cycle=horizon_days), (once, in_all),
        power_of(base_rate, wanted, n_eligible * n_cycles, policy=policy, control_share=share),
    )  # fmt: skip
