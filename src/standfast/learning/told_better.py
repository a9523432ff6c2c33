"""Overrides scored against what happened (U3): the person's word and the model's."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.learning.check import Check

_SURE = 1.645
_EDGE = 0.01
"""Nobody is scored for having been sure: a word of 0 or 1 counts as 1 % or 99 %."""


@dataclass(frozen=True, eq=False)
class ToldBetter:
    """Overrides whose outcome is known, and those whose is not yet.

    Parameters
    ----------
    scored
        One row per override: override_id, account_id, field, said, model_said, happened, and the squared
        errors ``said_error`` and ``model_error``. No person is named.
    """

    scored: pd.DataFrame
    n_open: int
    n_not_scored: int

    @property
    def n(self) -> int:
        """How many could be scored."""
        return len(self.scored)


def score_overrides(overrides: pd.DataFrame) -> ToldBetter:
    """Give overrides with their errors.

    Parameters
    ----------
    overrides
        override_id, account_id, field, said, model_said (numbers; NaN where it is a cell or a segment, or the
        model had said nothing), happened (NaN until it has matured).
    """
    both = overrides["said"].notna() & overrides["model_said"].notna()
    known = overrides[both & overrides["happened"].notna()]
    y = known["happened"].to_numpy(dtype=np.float64)
    errors = {
        f"{who}_error": (known[column].to_numpy(dtype=np.float64).clip(_EDGE, 1 - _EDGE) - y) ** 2
        for who, column in (("said", "said"), ("model", "model_said"))
    }
    return ToldBetter(
        known.assign(**errors).reset_index(drop=True),
        n_open=int((both & overrides["happened"].isna()).sum()),
        n_not_scored=int((~both).sum()),
    )


def judge_overrides(told: ToldBetter) -> Check:
    """Say whose word was nearer to what happened."""
    rest = (
        f"{told.n_open} wait for their outcome, {told.n_not_scored} speak of a cell or without a model's word"
    )
    if told.n < 2:
        return Check(
            kind="overrides", about="all", step="nothing", is_judged=False,
            sentence=f"overrides: {told.n} can be scored yet ({rest})",
        )  # fmt: skip
    gain = (told.scored["model_error"] - told.scored["said_error"]).to_numpy()
    value, error = float(gain.mean()), float(gain.std(ddof=1) / math.sqrt(len(gain)))
    low, high = value - _SURE * error, value + _SURE * error
    nearer = int((gain > 0).sum())
    said, model = (float(told.scored[name].mean()) for name in ("said_error", "model_error"))
    verdict = (
        "people know something the model does not: ask what, and give it as a column"
        if low > 0
        else "the model was nearer: ask why before overriding it"
        if high < 0
        else "neither is surely nearer"
    )
    return Check(
        kind="overrides", about="all", step="watch" if low > 0 or high < 0 else "nothing",
        value=value, low=low, high=high, threshold=0.0,
        sentence=f"overrides: in {nearer} of {told.n} the person was nearer to what happened; Brier score "
        f"{said:.3f} against the model's {model:.3f} (lower by {value:+.3f}, {low:+.3f} to {high:+.3f}): "
        f"{verdict} ({rest})",
    )  # fmt: skip
