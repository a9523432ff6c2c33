"""What became of the columns since the models were trained, column by column."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.catalogue import describe
from standfast.features.encode import UNSEEN, Encoding, Feature, read_cells
from standfast.features.findings import percent, some
from standfast.schema import CALENDAR_DATES, NOT_FEATURES

Flags = NDArray[np.bool_]

MOST_CELLS = 0.5
"""Share of a column's filled cells from which it no longer is what training met."""

_MET = {"number": "a number", "date": "a date", "category": "a kind of thing"}


def missing_columns(columns: Collection[str], encoding: Encoding) -> tuple[str, ...]:
    """Say of each column that the models need and the table lacks what it was in training."""
    absent = [feature for feature in encoding.features if feature.name not in columns]
    return tuple(
        f"{_spelled(feature)}: {_MET[feature.kind]} in training, not there now" for feature in absent
    )


def changed_columns(
    rows: pd.DataFrame, matrix: NDArray[np.float64], *, encoding: Encoding, seen: Collection[str]
) -> tuple[str, ...]:
    """Say of each column that is no longer what it was in training how it differs; most often nothing is.

    Parameters
    ----------
    matrix
        What ``encode`` made of the rows.
    seen
        Every column that the table had in training, features or not; empty where that is not known.
    """
    if rows.empty:
        return ()
    told = [
        sentence
        for position, feature in enumerate(encoding.features)
        for sentence in _changes(rows[feature.name], matrix[:, position], feature)
    ]
    return (*told, *new_columns(rows.columns, seen=seen))


def new_columns(columns: Iterable[str], *, seen: Collection[str]) -> tuple[str, ...]:
    """Say which columns training did not meet, so that they have no part in the scores."""
    apart = {*NOT_FEATURES, *CALENDAR_DATES}
    new = [name for name in columns if seen and name not in seen and name not in apart]
    return (f"not known in training, so no part in the scores: {some(new, most=20)}",) if new else ()


def _changes(cells: pd.Series, numbers: NDArray[np.float64], feature: Feature) -> Iterator[str]:
    """Say whether a column fell silent, or holds cells of another kind or values never met."""
    if feature.kind == "category" and not feature.categories:
        return
    filled, strange = _cells(cells, numbers, feature)
    if not filled.any():
        yield f"{_spelled(feature)}: {_MET[feature.kind]} in training, blank in all rows now"
        return
    share = float(strange.sum() / filled.sum())
    if share >= MOST_CELLS:
        is_new = feature.kind == "category"
        what = "values that training did not meet" if is_new else f"something else than {_MET[feature.kind]}"
        examples = some(map(repr, _first(cells[strange])), most=3)
        yield f"{_spelled(feature)}: {percent(share)} of its cells hold {what} ({examples})"


def _cells(cells: pd.Series, numbers: NDArray[np.float64], feature: Feature) -> tuple[Flags, Flags]:
    """Tell which cells hold anything, and which of them hold what training did not know."""
    known = ~np.isnan(numbers)
    if feature.kind == "category":
        return known, numbers == UNSEEN
    # Cells are read a second time only where many were not understood.
    if known.sum() > (1 - MOST_CELLS) * len(known):
        return known, np.zeros_like(known)
    _, readable = read_cells(cells, feature.kind)
    return known | ~readable, ~readable


def _first(cells: pd.Series) -> Sequence[str]:
    return [str(value) for value in cells.head(1000).drop_duplicates().head(3)]


def _spelled(feature: Feature) -> str:
    label = describe(feature.name).label
    return feature.name if label == feature.name else f"{feature.name} ({label})"
