"""One account's row of the matrix without a frame around it: for answers in milliseconds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.cells import as_category, as_days, as_number
from standfast.features.encode import UNSEEN, Encoding

PLAIN = (str, bool, int, float, np.integer, np.floating, np.bool_)
"""Kinds of cells that are read here; whatever else a cell may hold is left to the reader of tables."""

_READ = {"number": as_number, "date": as_days}


@dataclass(frozen=True)
class RowReader:
    """Reads one account as ``encode`` reads a table of one row."""

    encoding: Encoding

    def read(self, cells: Mapping[str, Any]) -> NDArray[np.float64] | None:
        """Give the matrix of one row; None where a cell is missing, unreadable or of an unusual kind."""
        row = np.empty((1, len(self.encoding.features)))
        for place, feature in enumerate(self.encoding.features):
            cell = cells.get(feature.name, _ABSENT)
            if is_blank(cell):
                row[0, place] = math.nan
                continue
            if not isinstance(cell, PLAIN):
                return None
            row[0, place] = _READ[feature.kind](cell) if feature.kind in _READ else self._code(place, cell)
        return None if np.isinf(row).any() else row

    def _code(self, place: int, cell: object) -> float:
        text = as_category(cell)
        return math.nan if text is None else self._codes[place].get(text, UNSEEN)

    @cached_property
    def _codes(self) -> tuple[dict[str, float], ...]:
        return tuple(
            {text: float(code) for code, text in enumerate(feature.categories)}
            for feature in self.encoding.features
        )


_ABSENT = object()
_FILLED = frozenset({str, int, bool})


def is_blank(cell: object) -> bool:
    """Say whether a cell holds nothing, in any of the ways a cell can."""
    if type(cell) in _FILLED:
        return False
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return True
    return isinstance(cell, (float, np.floating)) and math.isnan(cell)
