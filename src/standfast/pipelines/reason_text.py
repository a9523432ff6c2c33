"""The strongest reasons of each row as JSON, put together column by column."""

import json
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from standfast.features.catalogue import FeatureMeaning, describe
from standfast.features.encode import Encoding, Feature
from standfast.features.peer_values import PeerValues

DIGITS = 4
"""Decimals of what a reason tells."""

Floats = NDArray[np.float64]


def reasons_as_json(
    rows: pd.DataFrame,
    matrix: Floats,
    effects: Floats,
    *,
    encoding: Encoding,
    own: Mapping[str, FeatureMeaning],
    peers: PeerValues | None,
    n_reasons: int,
) -> pd.Series:
    """Give each row's strongest reasons as a JSON list of {feature, value, effect, family, peers}.

    ``peers`` is what is usual among the account's peers, null where that is not known; the key is absent
    where the bundle knows no peers.

    Parameters
    ----------
    matrix, effects
        The rows as the models see them, and what each column adds to the log-odds: shape
        (n_rows, n_columns). A number is told as it was read, whether its cell held a number or text.
    """
    names = encoding.names
    top = strongest(effects, n_reasons)
    if not top.size:
        return pd.Series("[]", index=rows.index, dtype="str")
    which = top.ravel()
    row_of = np.repeat(np.arange(len(rows)), top.shape[1])
    meanings = [describe(name, own) for name in names]
    parts = [
        _taken([f'{{"feature": {_json(m.label)}, "value": ' for m in meanings], which),
        _by_column(
            which,
            lambda j, at: (
                _numbers(matrix[row_of[at], j])
                if is_told_as_number(encoding.features[j], rows)
                else _texts(rows[names[j]].iloc[row_of[at]])
            ),
        ),
        _word(', "effect": '),
        _numbers(np.take_along_axis(effects, top, axis=1).ravel()),
        _taken([f', "family": "{m.family}"' for m in meanings], which),
    ]
    if peers is not None:
        groups = peers.place(rows)[row_of] % (len(peers.sizes) + 1)  # the whole book stands last
        parts += [
            _word(', "peers": '),
            _by_column(which, lambda j, at: _numbers(peers.usual(names[j])).take(pa.array(groups[at]))),
        ]
    items = pc.binary_join_element_wise(*parts, _word("}"), _word(""))
    return pd.Series(_lists(items, top.shape[1]).to_pandas(), dtype="str").set_axis(rows.index)


def strongest(effects: Floats, n: int) -> NDArray[np.intp]:
    """Give the columns of the largest effects of each row, the first of equal ones first."""
    left = np.abs(np.ascontiguousarray(effects))
    found = np.empty((len(left), min(n, left.shape[1])), dtype=np.intp)
    every = np.arange(len(left))
    for place in range(found.shape[1]):
        found[:, place] = left.argmax(axis=1)
        left[every, found[:, place]] = -1.0
    return found


def is_told_as_number(feature: Feature, rows: pd.DataFrame) -> bool:
    """Whether a column's values are told as the models see them: numbers are, but for flags."""
    return feature.kind == "number" and not pd.api.types.is_bool_dtype(rows[feature.name].dtype)


def plain_value(value: object) -> object:
    """Give a cell as JSON holds it: None where nothing is known, whole numbers whole."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124  (NaN)
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        number = float(value)
        return int(number) if number.is_integer() else round(number, DIGITS)
    return str(value)


def _by_column(which: NDArray[np.intp], text_of: Callable[[int, NDArray[np.intp]], pa.Array]) -> pa.Array:
    """Ask for the texts of each column at once, and give them in the order of ``which``."""
    order = np.argsort(which, kind="stable")
    columns, starts = np.unique(which[order], return_index=True)
    chunks = [text_of(int(j), at) for j, at in zip(columns, np.split(order, starts[1:]), strict=True)]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return pa.chunked_array(chunks, type=pa.large_string()).combine_chunks().take(pa.array(back))


def _texts(cells: pd.Series) -> pa.Array:
    """Give cells as JSON, once per distinct value."""
    if cells.dtype == object:  # True and 1 are told apart
        return pa.array(cells.map(lambda cell: _json(plain_value(cell))), type=pa.large_string())
    codes, values = pd.factorize(cells)
    return _taken([*(_json(plain_value(value)) for value in values), "null"], codes)


def _numbers(values: Floats) -> pa.Array:
    known = np.isfinite(values)
    rounded = np.round(np.where(known, values, 0.0), DIGITS) + 0.0
    texts = pc.cast(pa.array(rounded), pa.large_string())
    return pc.if_else(pa.array(known), texts, _word("null"))


def _taken(texts: list[str], places: NDArray[np.integer]) -> pa.Array:
    return pa.array(texts, type=pa.large_string()).take(
        pa.array(np.where(places < 0, len(texts) - 1, places))
    )


def _lists(items: pa.Array, n: int) -> pa.Array:
    offsets = pa.array(np.arange(0, len(items) + 1, n))
    joined = pc.binary_join(pa.LargeListArray.from_arrays(offsets, items), _word(", "))
    return pc.binary_join_element_wise(_word("["), joined, _word("]"), _word(""))


def _word(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
