"""What another plan would have brought, from what chance assigned and what came of it, with honest intervals.

Each row had a chance of the arm it got. A row whose arm the other plan would have chosen, too, stands for as
many rows as one over that chance; the others stand for nothing (inverse propensity, IPS).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from standfast.errors import InputError
from standfast.learning.arrays import Bools, Floats
from standfast.learning.clusters import UNKNOWN, Figure, clustered_error, clustered_mean, normal_interval


@dataclass(frozen=True, eq=False)
class Logged:
    """What was done by chance: arm 0 or 1, the chance of that arm, and what came of it.

    ``account`` groups the rows that are no independent cases. ``if_left`` and ``if_treated`` are what a model
    expects of each arm; they need not be right, but the nearer they are, the narrower the interval.
    """

    treated: Bools
    chance: Floats
    outcome: Floats
    account: npt.NDArray[np.integer]
    if_left: Floats | None = None
    if_treated: Floats | None = None

    def __post_init__(self) -> None:
        """Refuse chances that are none."""
        if len(self.chance) and not ((self.chance > 0) & (self.chance <= 1)).all():
            raise InputError("the chance of an arm lies above 0 and is 1 at most; leave other rows out")

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.outcome)


def ips(logged: Logged, wanted: Floats, *, confidence: float = 0.95) -> Figure:
    """Return the mean outcome per row had ``wanted``, the probability of treating, been the plan.

    Unbiased whatever the outcomes are; wide where the plan differs much from what was done.

    Examples
    --------
    >>> logged = Logged(np.array([True, True, False, False]), np.full(4, 0.5), np.array([3.0, 5.0, 1.0, 1.0]),
    ...                 np.arange(4))
    >>> ips(logged, np.ones(4)).value, ips(logged, np.zeros(4)).value
    (4.0, 1.0)
    """
    return clustered_mean(weights(logged, wanted) * logged.outcome, logged.account, confidence=confidence)


def self_normalised(
    logged: Logged, wanted: Floats, *, confidence: float = 0.95, most: float | None = None
) -> Figure:
    """Return the same by weights that add up to one: a small bias, and a much narrower interval.

    Parameters
    ----------
    most
        Weights above it are cut to it (winsorised); None keeps them.
    """
    weight = winsorised(weights(logged, wanted), most=most)
    total = float(weight.mean()) if len(logged) else 0.0
    if not total > 0:
        return UNKNOWN
    value = float((weight * logged.outcome).mean() / total)
    error = clustered_error(weight * (logged.outcome - value) / total, logged.account)
    return normal_interval(value, error, confidence=confidence)


def aipw(logged: Logged, wanted: Floats, *, confidence: float = 0.95, most: float | None = None) -> Figure:
    """Return the same, a model's expectation corrected by what it missed (doubly robust).

    Unbiased since the chances are known, however wrong the model is; winsorised weights add a small bias.

    Raises
    ------
    InputError
        The rows hold no model's expectations.
    """
    return clustered_mean(scores_of(logged, wanted, most=most), logged.account, confidence=confidence)


def gain_over(
    logged: Logged, wanted: Floats, instead_of: Floats, *, confidence: float = 0.95, most: float | None = None
) -> Figure:
    """Return how much more one plan brings per row than another, on the same rows."""
    off = scores_of(logged, wanted, most=most) - scores_of(logged, instead_of, most=most)
    return clustered_mean(off, logged.account, confidence=confidence)


def scores_of(logged: Logged, wanted: Floats, *, most: float | None = None) -> Floats:
    """Return what each row adds to the doubly robust mean."""
    if logged.if_left is None or logged.if_treated is None:
        raise InputError("a doubly robust estimate needs what a model expects of each arm; use ips instead")
    model = wanted * logged.if_treated + (1 - wanted) * logged.if_left
    expected = np.where(logged.treated, logged.if_treated, logged.if_left)
    weight = winsorised(weights(logged, wanted), most=most)
    return np.asarray(model + weight * (logged.outcome - expected))


def weights(logged: Logged, wanted: Floats) -> Floats:
    """Return how many rows each stands for: the chance the plan gives its arm over the one it had."""
    return np.asarray(np.where(logged.treated, wanted, 1 - wanted) / logged.chance)


def winsorised(weight: Floats, *, most: float | None) -> Floats:
    """Return weights of ``most`` at most."""
    return weight if most is None else np.minimum(weight, most)


def effective_rows(weight: Floats) -> float:
    """Return how many equal weights are worth as much: (sum w)^2 / sum w^2.

    Examples
    --------
    >>> effective_rows(np.array([2.0, 2.0, 0.0, 0.0]))
    2.0
    """
    squares = float((weight**2).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0 else 0.0
