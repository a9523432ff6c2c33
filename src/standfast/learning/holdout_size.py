"""What a holdout will teach: after how many cycles an effect of a given size would be seen."""

import math

from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.power import accounts_needed

_USUAL = ExperimentPolicy()


def cycles_needed(
    churn: float, *, n_held_out: int, n_planned: int, policy: ExperimentPolicy = _USUAL
) -> int | None:
    """Return how many cycles of these sizes it takes to see an effect worth knowing; None where never.

    Parameters
    ----------
    churn
        Share of the held-out accounts that leave in a cycle.

    Examples
    --------
    >>> cycles_needed(0.10, n_held_out=200, n_planned=2_000)
    7
    """
    if not (0 < churn < 1 and n_held_out and n_planned):
        return None
    drawn = n_held_out + n_planned
    needed = accounts_needed(
        churn, policy.relative_reduction, policy=policy, control_share=n_held_out / drawn
    )
    return max(1, math.ceil(needed / drawn - 1e-9))
