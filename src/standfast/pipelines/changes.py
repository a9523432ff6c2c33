"""What would change an account's outlook: the touches planned, and reasons that were like the average's."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, numbers
from standfast.decision.effects import known_effects
from standfast.decision.outlook import outlook
from standfast.decision.response import CHANNELS, Response, shifted, shifts

N_CHANGES = 3


@dataclass(frozen=True)
class Change:
    """What might be otherwise, and the chances to leave, reduce, maintain and increase then."""

    words: str
    leave: float
    reduce: float
    maintain: float
    increase: float


def what_would_change(
    scores: pd.DataFrame,
    reasons: Sequence[Mapping[str, Any]],
    line: pd.Series | None,
    *,
    response: Response,
) -> list[Change]:
    """Give what moves the outlook of one scored account, the planned touches first.

    Reasons are those of churn, the strongest that raise it; without a churn model there is nothing to say.
    """
    p, q = numbers(scores, "churn_probability"), numbers(scores, "upsell_probability")
    if np.isnan(p).any():
        return []
    contracts = numbers(scores, "contraction_probability")
    found = []
    if line is not None:
        touches = [line[f"n_{channel}"] for channel in CHANNELS]
        if sum(touches) > 0:
            own = known_effects(
                scores, save_effect=response.save_effect, expand_effect=response.expand_effect
            )
            churn, expansion = shifts(touches, response=response, effects=own)
            words = f"the touches planned, at the response {'assumed' if own is None else 'learned'}"
            found.append(_change(words, shifted(p, churn), contracts, shifted(q, expansion)))
    raising = [reason for reason in reasons if reason["effect"] > 0][:N_CHANGES]
    for reason in raising:
        words = f"{reason['feature']} as in the average account"
        found.append(_change(words, shifted(p, math.exp(-reason["effect"])), contracts, q))
    return found


def _change(words: str, p: Floats, contracts: Floats, q: Floats) -> Change:
    ahead = outlook(p, contracts, q)
    parts = (ahead.leave, ahead.reduce, ahead.maintain, ahead.increase)
    return Change(words, *(float(chance[0]) for chance in parts))
