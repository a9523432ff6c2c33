"""What the models see: one float matrix, numbers as they are and categories as codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.errors import InputError
from standfast.features.cells import (
    as_category,
    as_days,
    as_number,
    as_numbers,
    is_date_dtype,
    is_number_dtype,
    values_and_codes,
)

UNSEEN = -1.0
"""Code of a category that training never met (or met too rarely to keep); a missing value is NaN."""

MAX_CATEGORIES = 255
"""Categories kept per column where the caller does not say."""

READABLE_SHARE = 0.99
"""A column of numbers with a stray word in it stays one: that row is rejected, with its reason."""

_WORDS = {"number": "a number", "date": "a date"}


@dataclass(frozen=True)
class Feature:
    """One column the models see; ``categories`` are the values met in training, in code order."""

    name: str
    kind: Literal["number", "category", "date"]
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Encoding:
    """The columns the models see, in matrix order."""

    features: tuple[Feature, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in matrix order."""
        return tuple(feature.name for feature in self.features)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {
            "features": [
                {"name": f.name, "kind": f.kind, "categories": list(f.categories)} for f in self.features
            ]
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Encoding":
        """Read back what ``to_dict`` gave."""
        return cls(tuple(Feature(f["name"], f["kind"], tuple(f["categories"])) for f in values["features"]))


@dataclass(frozen=True)
class Encoded:
    """The matrix of a table, and why rows of it cannot be scored.

    ``matrix`` has shape (n_rows, n_features); ``rejected`` maps a row's position to its reason. A rejected
    row stays in the matrix with NaN in the unreadable cells, so positions match the table.
    """

    matrix: NDArray[np.float64]
    rejected: dict[int, str]

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """True where the row can be scored."""
        mask = np.ones(len(self.matrix), dtype=bool)
        mask[list(self.rejected)] = False
        return mask


def learn_encoding(
    frame: pd.DataFrame,
    *,
    columns: Sequence[str],
    max_categories: int = MAX_CATEGORIES,
    categorical: Sequence[str] = (),
) -> Encoding:
    """Kind and categories of each column, from its values alone (labels play no part).

    A column is a number where its type is, or where at least 99 % of its cells read as numbers or are blank;
    the same for dates; anything else, and what ``categorical`` names, is a category. A column without any
    value is a category without categories, so whatever it holds later rejects no row.
    """
    _require(frame, columns)
    return Encoding(
        tuple(
            _learn_feature(frame[name], max_categories=max_categories, as_categories=name in categorical)
            for name in columns
        )
    )


def encode(frame: pd.DataFrame, encoding: Encoding) -> Encoded:
    """Matrix of ``frame``, the same for a value whether it came as text, whole number, float or decimal.

    Raises
    ------
    InputError
        Where columns the model was trained on are missing.
    """
    _require(frame, encoding.names)
    # One column after the other in memory: filling and reading by column is what costs.
    matrix = np.empty((len(encoding.features), len(frame)), dtype=np.float64).T
    reasons: dict[int, list[str]] = {}
    for position, feature in enumerate(encoding.features):
        column = frame[feature.name]
        if feature.kind == "category":
            matrix[:, position] = _codes(column, feature.categories)
            continue
        numbers, readable = read_cells(column, feature.kind)
        matrix[:, position] = numbers
        for row in np.flatnonzero(~readable):
            reasons.setdefault(int(row), []).append(
                f"{feature.name}: {_show(column.iloc[row])} is not {_WORDS[feature.kind]}"
            )
    return Encoded(matrix, {row: "; ".join(parts) for row, parts in sorted(reasons.items())})


def _require(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError(
            f"the table lacks columns {missing} that the model uses; "
            "add them, or map them under [columns] in the settings file"
        )


def _learn_feature(column: pd.Series, *, max_categories: int, as_categories: bool) -> Feature:
    name = str(column.name)
    if not column.notna().any():
        return Feature(name, "category")
    if not as_categories:
        for kind in ("number", "date"):
            if _kind_fits(column, kind):
                return Feature(name, kind)
    codes, values = values_and_codes(column)
    texts = pd.Series([as_category(value) for value in values], dtype=object)
    counts = pd.Series(texts.reindex(codes[codes >= 0]).to_numpy()).value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:max_categories]
    return Feature(name, "category", tuple(sorted(str(text) for text, _ in ranked)))


def _kind_fits(column: pd.Series, kind: str) -> bool:
    if is_number_dtype(column.dtype):
        return kind == "number"
    if is_date_dtype(column.dtype):
        return kind == "date"
    numbers, readable = read_cells(column, kind)
    return bool(readable.mean() >= READABLE_SHARE and np.isfinite(numbers).any())


def read_cells(column: pd.Series, kind: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give the numbers of a column (NaN = missing), and whether each cell could be read at all."""
    if kind == "number" and is_number_dtype(column.dtype):
        numbers = as_numbers(column)
        return np.where(np.isinf(numbers), np.nan, numbers), ~np.isinf(numbers)
    codes, values = values_and_codes(column)
    read = as_number if kind == "number" else as_days
    found = np.array([read(value) for value in values] + [np.nan], dtype=np.float64)
    numbers = found[codes]
    return np.where(np.isinf(numbers), np.nan, numbers), ~np.isinf(numbers)


def _codes(column: pd.Series, categories: tuple[str, ...]) -> NDArray[np.float64]:
    codes, values = values_and_codes(column)
    code_of = {text: float(code) for code, text in enumerate(categories)}
    texts = [as_category(value) for value in values]
    found = [np.nan if text is None else code_of.get(text, UNSEEN) for text in texts]
    return np.array([*found, np.nan], dtype=np.float64)[codes]


def _show(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)
