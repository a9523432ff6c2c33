"""Intervals of rates and of their differences that hold where outcomes are rare."""

import math
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

MOST_STEPS = 40.0


@dataclass(frozen=True)
class Interval:
    """From where to where something is."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether it says on which side of zero the truth is."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Share:
    """A rate, and how many independent accounts it is worth."""

    rate: float
    n: float

    @property
    def likely_variance(self) -> float:
        """Variance of the rate with one case more on each side, so that none of a few is no certainty."""
        rate = (self.rate * self.n + 1) / (self.n + 2)
        return rate * (1 - rate) / self.n


def wilson(share: Share, *, steps: float) -> Interval:
    """Return the score interval of a rate (Wilson 1927), so many standard errors wide.

    Examples
    --------
    >>> found = wilson(Share(0.0, 50), steps=1.96)
    >>> found.low, round(found.high, 3)
    (0.0, 0.071)
    """
    n, rate, square = share.n, min(max(share.rate, 0.0), 1.0), steps**2
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = steps / (1 + square / n) * math.sqrt(rate * (1 - rate) / n + square / (4 * n**2))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference_of_shares(share: Share, control: Share, *, steps: float) -> Interval:
    """Return the interval of a difference of two rates, from that of each arm.

    Newcombe (1998), as Zou and Donner (2008) put it. It holds where one arm has hardly an event, which the
    plain interval does not.

    Examples
    --------
    >>> found = difference_of_shares(Share(56 / 70, 70), Share(48 / 80, 80), steps=1.959964)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    a, b = wilson(share, steps=steps), wilson(control, steps=steps)
    middle = share.rate - control.rate
    down = math.hypot(share.rate - a.low, b.high - control.rate)
    up = math.hypot(a.high - share.rate, control.rate - b.low)
    return Interval(middle - down, middle + up)


def difference_of_means(difference: float, variance: float, *, steps: float) -> Interval:
    """Return the interval of a difference of two means, so many standard errors wide."""
    half = steps * math.sqrt(variance)
    return Interval(difference - half, difference + half)


def standard_steps(confidence: float) -> float:
    """Return how many standard errors an interval of that confidence goes to each side."""
    return float(ndtri(0.5 + confidence / 2))


def chance_of(steps: float) -> float:
    """Return the chance of being so many standard errors away, or more, on either side."""
    return float(2 * ndtr(-abs(steps)))


def steps_to_zero(share: Share, control: Share) -> float:
    """Return how wide the interval of the difference must be to reach zero: its test, turned around.

    Examples
    --------
    >>> steps_to_zero(Share(0.1, 100), Share(0.1, 200))
    0.0
    """
    middle = share.rate - control.rate

    def nearest(steps: float) -> float:
        found = difference_of_shares(share, control, steps=steps)
        return found.low if middle > 0 else -found.high

    if middle == 0 or nearest(1e-6) <= 0:
        return 0.0
    return MOST_STEPS if nearest(MOST_STEPS) > 0 else float(brentq(nearest, 1e-6, MOST_STEPS))
