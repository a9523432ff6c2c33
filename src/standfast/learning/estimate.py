"""How surely two arms differ: the interval for one look, and the one that holds at all looks."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from standfast.learning.always_valid import always_valid_steps
from standfast.learning.arrays import Bools
from standfast.learning.intervals import (
    Interval,
    Share,
    chance_of,
    difference_of_means,
    difference_of_shares,
    standard_steps,
    steps_to_zero,
)
from standfast.learning.sample import Sample

NOTHING = Interval(float("-inf"), float("inf"))


@dataclass(frozen=True)
class Estimate:
    """A difference's intervals.

    Parameters
    ----------
    interval
        For one look, at a time settled beforehand.
    always
        For any number of looks; without bounds where no effect was planned for.
    p_value
        Chance of a difference at least this large if there were none, for one look.
    variance
        Of the difference.
    """

    interval: Interval
    always: Interval
    p_value: float
    variance: float


def effect_on_shares(sample: Sample, *, confidence: float, planned: float) -> Estimate:
    """Return the intervals of a difference of shares, each arm worth what its weights leave it."""
    share, control = (Share(sample.mean(mine), sample.size(mine) / sample.spread) for mine in sample.arms)
    variance = share.likely_variance + control.likely_variance
    often = always_valid_steps(variance, planned_effect=planned, confidence=confidence)
    return Estimate(
        interval=difference_of_shares(share, control, steps=standard_steps(confidence)),
        always=difference_of_shares(share, control, steps=often) if np.isfinite(often) else NOTHING,
        p_value=chance_of(steps_to_zero(share, control)),
        variance=variance,
    )


def effect_on_means(sample: Sample, *, confidence: float, planned: float) -> Estimate:
    """Return the intervals of a difference of means, by Student's t of the smaller arm."""
    variance = _variance_of_difference(sample)
    least = min(sample.size(mine) for mine in sample.arms)
    steps = float(stdtrit(least - 1, 0.5 + confidence / 2))
    wider = steps / standard_steps(confidence)
    difference = sample.mean(sample.in_arm) - sample.mean(~sample.in_arm)
    often = wider * always_valid_steps(variance, planned_effect=planned, confidence=confidence)
    return Estimate(
        interval=difference_of_means(difference, variance, steps=steps),
        always=difference_of_means(difference, variance, steps=often) if np.isfinite(often) else NOTHING,
        p_value=chance_of(difference / np.sqrt(variance) / wider) if variance > 0 else 1.0,
        variance=variance,
    )


def _variance_of_difference(sample: Sample) -> float:
    """Return the variance of a difference of money.

    That of a small arm hangs on one large account that left or did not. So what it shows is averaged with
    what both arms show together, where that is more, and the result with what was expected before.
    """
    sizes, own = zip(*((sample.size(mine), sample.variance(mine)) for mine in sample.arms), strict=True)
    both = float(np.average(own, weights=sizes))
    seen = [max(each, (each + both) / 2) for each in own]
    likely = [_with_expected(sample, mine, each) for mine, each in zip(sample.arms, seen, strict=True)]
    return sample.clustering() * float(sum(each / size for each, size in zip(likely, sizes, strict=True)))


def _with_expected(sample: Sample, mine: Bools, seen: float) -> float:
    if sample.expected_variance is None or not sample.expected_variance.any():
        return seen
    return (seen + float(np.average(sample.expected_variance[mine], weights=sample.weights[mine]))) / 2
