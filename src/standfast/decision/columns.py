"""Columns of a scores frame as plain arrays: numbers with NaN for empty, flags with what is known."""

from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.errors import InputError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_TRUE = {"true", "yes", "1", "1.0", "y", "t"}
_FALSE = {"false", "no", "0", "0.0", "n", "f"}


def numbers(scores: pd.DataFrame, name: str) -> Floats:
    """Return the column as floats, NaN where a cell is empty or the column is missing."""
    if name not in scores:
        return np.full(len(scores), np.nan)
    try:
        column = pd.to_numeric(scores[name])
    except (ValueError, TypeError):
        readable = pd.to_numeric(scores[name], errors="coerce")
        met = scores.loc[readable.isna() & scores[name].notna(), name].astype(str).unique()[:3].tolist()
        raise InputError(f"column {name!r} holds {met}; it must hold numbers or be empty") from None
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def order_of_ids(ids: pd.Series) -> Ints:
    """Return the places of the ids in their order as text."""
    return np.argsort(ids.astype(str).to_numpy(dtype=object), kind="stable")


def in_order_of_ids(scores: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """Return the rows in order of their ids, and the place each had; rows in order are not copied."""
    order = order_of_ids(scores["account_id"])
    is_in_order = (np.diff(order) > 0).all()
    return (scores if is_in_order else scores.iloc[order]), order


def flags(scores: pd.DataFrame, name: str) -> tuple[Bools, Bools]:
    """Return where the flag is true and where it is known; a missing column is known nowhere."""
    if name not in scores:
        nowhere = np.zeros(len(scores), dtype=bool)
        return nowhere, nowhere
    column = scores[name]
    if isinstance(column.dtype, np.dtype) and column.dtype == bool:
        return column.to_numpy(dtype=bool), np.ones(len(scores), dtype=bool)
    codes, words = pd.factorize(column)
    meaning = np.array([_meaning(word, name) for word in words], dtype=np.int8)
    meant = np.append(meaning, np.int8(-1))[codes]
    return meant == 1, meant >= 0


def _meaning(word: object, name: str) -> int:
    """Return 1 for true, 0 for false."""
    said = str(word).strip().lower()
    if said in _TRUE | _FALSE:
        return int(said in _TRUE)
    raise InputError(f"column {name!r} holds {word!r}; it must hold true/false, yes/no, 1/0, or be empty")


def texts(words: tuple[str, ...], codes: npt.NDArray[np.integer], index: pd.Index) -> pd.Series:
    """Return a text column that takes its words by code; -1 is an empty cell."""
    column = pd.array(list(words), dtype="str").take(codes, allow_fill=True)
    return pd.Series(column, index=index)


def codes_of(scores: pd.DataFrame, name: str, words: tuple[str, ...]) -> Ints:
    """Return each cell's place in ``words``, -1 where it is empty; any other word is an error."""
    column = scores[name]
    codes = cast("Ints", pd.Index(words).get_indexer(pd.Index(column)).astype(np.int64))
    strange = (codes < 0) & column.notna().to_numpy()
    if strange.any():
        met = sorted({str(word) for word in column[strange].unique()})[:3]
        raise InputError(f"column {name!r} holds {met}; it must hold one of {list(words)}, or be empty")
    return codes
