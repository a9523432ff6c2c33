"""What may change the response from account to account: a few columns, named before outcomes are seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from standfast.learning.arrays import Floats
from standfast.learning.outcomes import column
from standfast.learning.response_rows import log_odds

PROBABILITIES = frozenset({"churn_probability", "upsell_probability"})
"""Taken as log-odds."""
_FARTHEST = 2.0
"""Standard deviations from the centre beyond which nothing is believed to change further."""


@dataclass(frozen=True)
class Modifier:
    """A column, its centre and spread where chance decided, and what a spread adds to the effects."""

    name: str
    centre: float
    spread: float
    save: float = 0.0
    expand: float = 0.0

    def moved(self, save: float, expand: float) -> "Modifier":
        """Return the modifier with what was learned of it."""
        return replace(self, save=save, expand=expand)


def fit_modifiers(frame: pd.DataFrame, names: Sequence[str]) -> tuple[Modifier, ...]:
    """Return the modifiers that the rows hold and that vary there; the others can teach nothing."""
    found = []
    for name in names:
        values = _values(frame, name)
        known = values[~np.isnan(values)]
        if len(known) and float(known.std()) > 0:
            found.append(Modifier(name, float(known.mean()), float(known.std())))
    return tuple(found)


def modifier_values(frame: pd.DataFrame, modifiers: Sequence[Modifier]) -> Floats:
    """Return each account's modifiers in spreads from the centre, two at most; 0 where unknown."""
    columns = [(_values(frame, one.name) - one.centre) / one.spread for one in modifiers]
    values = np.column_stack(columns) if columns else np.empty((len(frame), 0))
    return np.clip(np.nan_to_num(values), -_FARTHEST, _FARTHEST)


def _values(frame: pd.DataFrame, name: str) -> Floats:
    """Return a modifier's column as numbers, NaN where it is missing or empty."""
    values = column(frame, name)
    return log_odds(values) if name in PROBABILITIES else values
