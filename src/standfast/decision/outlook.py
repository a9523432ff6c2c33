"""What lies ahead of each account within the horizon: it reduces, maintains or increases (R5)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, numbers


@dataclass(frozen=True, eq=False)
class Outlook:
    """Chances per account, NaN where a model they need is missing.

    ``leave``, ``contract`` (stays and pays less) and ``increase`` (stays and pays more) exclude each other.
    """

    leave: Floats
    contract: Floats
    increase: Floats

    @property
    def reduce(self) -> Floats:
        """The account leaves, or stays and pays less."""
        return self.leave + self.contract

    @property
    def maintain(self) -> Floats:
        """What is left: the account stays and pays about the same."""
        return np.maximum(0.0, 1 - self.reduce - self.increase)


def outlook(p: Floats, contracts: Floats, expands: Floats) -> Outlook:
    """Return the outlook from P(churn), P(contraction | stays) and P(expansion | stays).

    ``increase = (1 - p) x q``. The last two come from models of their own; where they add up to more than
    one, contraction gives way, for nobody does both.

    Examples
    --------
    >>> ahead = outlook(np.array([0.2]), np.array([0.1]), np.array([0.25]))
    >>> ahead.reduce.round(2).item(), ahead.maintain.round(2).item(), ahead.increase.round(2).item()
    (0.28, 0.52, 0.2)
    """
    stays = 1 - p
    room = 1 - np.nan_to_num(expands)
    return Outlook(p, stays * np.minimum(contracts, room), stays * expands)


def outlook_of(scores: pd.DataFrame) -> Outlook:
    """Return the outlook of each scored account."""
    return outlook(
        numbers(scores, "churn_probability"),
        numbers(scores, "contraction_probability"),
        numbers(scores, "upsell_probability"),
    )
