"""Outcomes that can be learned from."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from standfast.errors import InputError


def checked_labels(n_rows: int, y: ArrayLike) -> NDArray[np.float64]:
    """Give the outcomes as 0 and 1, one per row.

    Raises
    ------
    InputError
        Where they do not match the rows, are something else, or are all the same.
    """
    labels = np.asarray(y, dtype=np.float64)
    if len(labels) != n_rows:
        raise InputError(f"{n_rows} rows but {len(labels)} outcomes; pass the outcome of every row")
    values = np.unique(labels)
    if not set(values.tolist()) <= {0.0, 1.0}:
        raise InputError(
            f"outcomes must be 0 or 1, found {values[:5].tolist()}; drop rows without an outcome"
        )
    if len(values) < 2:
        said = "no rows" if not len(values) else f"every one of {len(labels)} rows is {int(values[0])}"
        raise InputError(f"the outcome has one class only ({said}); nothing can be learned from it")
    return labels
