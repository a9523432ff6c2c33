"""How many accounts a test takes, and how small an effect so many can show."""

import math
from dataclasses import dataclass
from typing import Literal

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from standfast.errors import InputError
from standfast.learning.experiment_policy import ExperimentPolicy

Variance = Literal["own", "pooled"]


@dataclass(frozen=True)
class Size:
    """Accounts a test takes in each arm: of the arm tried, and of its control."""

    arm: int
    control: int

    @property
    def total(self) -> int:
        """Both arms together."""
        return self.arm + self.control


def accounts_per_arm(
    base_rate: float,
    relative_reduction: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    variance: Variance = "own",
) -> int:
    """Return how many accounts each of two arms of one size takes to show a reduction of a rate.

    n = (z(1 - alpha / 2) + z(power))^2 x [p (1 - p) + r (1 - r)] / (p - r)^2, r the reduced rate (Fleiss,
    Levin and Paik 2003, without continuity correction).

    Parameters
    ----------
    variance
        own: each arm has its own, as in the read-out's intervals; pooled: both have that of their mean rate
        where there is no effect, as in a chi-square test, which takes slightly more.

    Examples
    --------
    >>> [accounts_per_arm(rate, 0.25) for rate in (0.06, 0.10, 0.20)]
    [3467, 2002, 903]
    >>> accounts_per_arm(0.15, 1 / 3, variance="pooled")
    686
    """
    reduced = _reduced(base_rate, relative_reduction)
    own, pooled = math.sqrt(_spread(base_rate) + _spread(reduced)), _spread((base_rate + reduced) / 2)
    null = own if variance == "own" else math.sqrt(2 * pooled)
    needed = (ndtri(1 - alpha / 2) * null + ndtri(power) * own) / (base_rate - reduced)
    return math.ceil(needed**2 - 1e-9)


def arm_sizes(
    base_rate: float, relative_reduction: float, *, policy: ExperimentPolicy, control_share: float = 0.5,
    kept_variance: float = 1.0,
) -> Size:  # fmt: skip
    """Return the accounts that two arms take, one of which may be smaller.

    Parameters
    ----------
    control_share
        Share of the accounts that chance puts in the control, such as 0.1 for a holdout of a tenth.
    kept_variance
        Part of the variance that adjusting by what was known before leaves, times what clusters add.

    Examples
    --------
    >>> arm_sizes(0.10, 0.25, policy=ExperimentPolicy())
    Size(arm=2002, control=2002)
    >>> arm_sizes(0.10, 0.25, policy=ExperimentPolicy(), control_share=0.1)
    Size(arm=11044, control=1228)
    """
    total = kept_variance * accounts_needed(
        base_rate, relative_reduction, policy=policy, control_share=control_share
    )
    return Size(math.ceil(total * (1 - control_share) - 1e-9), math.ceil(total * control_share - 1e-9))


def accounts_needed(
    base_rate: float, relative_reduction: float, *, policy: ExperimentPolicy, control_share: float = 0.5
) -> float:
    """Return the accounts that two arms take together, not rounded.

    Examples
    --------
    >>> round(accounts_needed(0.10, 0.25, policy=ExperimentPolicy()))
    4003
    """
    if not 0 < control_share < 1:
        raise InputError(
            f"a control of {control_share:g} of the accounts is no test; give a share within 0 and 1"
        )
    reduced = _reduced(base_rate, relative_reduction)
    spread = _spread(base_rate) / control_share + _spread(reduced) / (1 - control_share)
    return _both(policy) ** 2 * spread / (base_rate - reduced) ** 2


def detectable_reduction(
    base_rate: float, n_accounts: float, *, policy: ExperimentPolicy, control_share: float = 0.5,
    kept_variance: float = 1.0,
) -> float:  # fmt: skip
    """Return the smallest relative reduction that so many accounts show; infinite where none is.

    Examples
    --------
    >>> round(detectable_reduction(0.10, 2 * 2002, policy=ExperimentPolicy()), 3)
    0.25
    """
    both, share = _both(policy), control_share

    def lacks(relative: float) -> float:
        reduced = base_rate * (1 - relative)
        spread = _spread(base_rate) / share + _spread(reduced) / (1 - share)
        return both**2 * spread * kept_variance / n_accounts - (base_rate - reduced) ** 2

    if n_accounts <= 0 or lacks(1.0) > 0:
        return math.inf
    return float(brentq(lacks, 1e-9, 1.0))


def power_of(
    base_rate: float, relative_reduction: float, n_accounts: float, *, policy: ExperimentPolicy,
    control_share: float = 0.5, kept_variance: float = 1.0,
) -> float:  # fmt: skip
    """Return the chance that so many accounts show a reduction.

    Examples
    --------
    >>> round(power_of(0.10, 0.25, 2 * 2002, policy=ExperimentPolicy()), 2)
    0.8
    """
    reduced = _reduced(base_rate, relative_reduction)
    spread = _spread(base_rate) / control_share + _spread(reduced) / (1 - control_share)
    steps = abs(base_rate - reduced) * math.sqrt(n_accounts / (spread * kept_variance))
    return float(ndtr(steps - ndtri(1 - policy.alpha / 2)))


def months_needed(n_accounts: float, *, per_cycle: float, days_per_cycle: float) -> float:
    """Return how many months it takes until so many accounts have been drawn; infinite where none come.

    Examples
    --------
    >>> round(months_needed(4004, per_cycle=1000, days_per_cycle=90), 1)
    14.8
    """
    if n_accounts <= 0:
        return 0.0
    if per_cycle <= 0:
        return math.inf
    return math.ceil(n_accounts / per_cycle - 1e-9) * days_per_cycle / (365.25 / 12)


def _both(policy: ExperimentPolicy) -> float:
    return float(ndtri(1 - policy.alpha / 2) + ndtri(policy.power))


def _spread(rate: float) -> float:
    return rate * (1 - rate)


def _reduced(base_rate: float, relative_reduction: float) -> float:
    """Return the rate after the reduction, once both make sense."""
    if not 0 < base_rate < 1:
        raise InputError(
            f"a base rate of {base_rate:g} cannot be reduced; give one within 0 and 1, such as 0.1"
        )
    reduced = base_rate * (1 - relative_reduction)
    if not 0 <= reduced < 1 or relative_reduction == 0:
        raise InputError(
            f"a relative reduction of {relative_reduction:g} of {base_rate:g} is impossible; give one up "
            "to 1, such as 0.25"
        )
    return reduced
