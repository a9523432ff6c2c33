"""What a full dose does to each account, where that was learned: two columns beside the scores."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, numbers

SAVE_EFFECT, EXPAND_EFFECT = "save_effect", "expand_effect"


class Effects(NamedTuple):
    """Log-odds of churn that a full dose takes from each account, and of expansion that it adds."""

    save: Floats
    expand: Floats


def known_effects(scores: pd.DataFrame, *, save_effect: float, expand_effect: float) -> Effects | None:
    """Return each account's own effects, those given where a cell is empty; None without such columns.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["a", "b"], "save_effect": [0.2, None]})
    >>> effects = known_effects(book, save_effect=0.5, expand_effect=0.5)
    >>> effects.save.tolist(), effects.expand.tolist()
    ([0.2, 0.5], [0.5, 0.5])
    """
    if SAVE_EFFECT not in scores and EXPAND_EFFECT not in scores:
        return None
    save, expand = numbers(scores, SAVE_EFFECT), numbers(scores, EXPAND_EFFECT)
    return Effects(
        np.where(np.isnan(save), save_effect, save), np.where(np.isnan(expand), expand_effect, expand)
    )
