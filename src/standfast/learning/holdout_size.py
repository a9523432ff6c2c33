"""What a holdout will teach: after how many cycles an effect of a given size would be seen."""

import math

from scipy.stats import norm

REDUCTION, POWER, CONFIDENCE = 0.25, 0.8, 0.95


def accounts_per_arm(
    churn: float, *, reduction: float = REDUCTION, power: float = POWER, confidence: float = CONFIDENCE
) -> int:
    """Return how many accounts each of two equal arms needs to see churn fall by a share.

    n = (z(1 - a/2) + z(power))^2 (p q + p1 q1) / (p - p1)^2, two proportions by their normal limit.

    >>> accounts_per_arm(0.06), accounts_per_arm(0.10), accounts_per_arm(0.15, reduction=1 / 3)
    (3467, 2002, 683)
    """
    noise = _noise(churn, churn * (1 - reduction), power=power, confidence=confidence)
    return math.ceil(sum(noise) / (churn * reduction) ** 2 - 1e-9)


def cycles_needed(
    churn: float,
    *,
    n_held_out: int,
    n_planned: int,
    reduction: float = REDUCTION,
    power: float = POWER,
    confidence: float = CONFIDENCE,
) -> int | None:
    """Return how many cycles of these sizes it takes to see churn fall by a share; None where never.

    Parameters
    ----------
    churn
        Share of the held-out accounts that leave in a cycle.
    """
    if not (0 < churn < 1 and n_held_out and n_planned):
        return None
    alone, reached = _noise(churn, churn * (1 - reduction), power=power, confidence=confidence)
    return max(1, math.ceil((alone / n_held_out + reached / n_planned) / (churn * reduction) ** 2 - 1e-9))


def _noise(churn: float, lower: float, *, power: float, confidence: float) -> tuple[float, float]:
    z = float(norm.ppf((1 + confidence) / 2) + norm.ppf(power))
    return z**2 * churn * (1 - churn), z**2 * lower * (1 - lower)
