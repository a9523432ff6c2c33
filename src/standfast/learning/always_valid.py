"""Intervals that hold however often one looks, and whenever one stops."""

import math


def always_valid_steps(variance: float, *, planned_effect: float, confidence: float) -> float:
    """Return how many standard errors an interval goes to each side so that it holds at all looks at once.

    The normal mixture of Robbins (1970), as in the mixture sequential test of Johari, Koomen, Pekelis and
    Walsh (2022) and the asymptotic confidence sequences of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
    (2024): steps^2 = (1 + v / t^2) x log((1 + t^2 / v) / alpha^2), with v the variance of the estimate and t
    the effect it is narrowest for, which must be settled before anything is seen.

    Parameters
    ----------
    variance
        Of the estimated effect, as it stands at this look.
    planned_effect
        The effect that the test is made to find.

    Examples
    --------
    >>> round(always_valid_steps(0.01**2, planned_effect=0.03, confidence=0.95), 2)
    3.04
    """
    if not (variance > 0 and planned_effect > 0):
        return math.inf
    ratio = planned_effect**2 / variance
    return math.sqrt((1 + 1 / ratio) * math.log((1 + ratio) / (1 - confidence) ** 2))
