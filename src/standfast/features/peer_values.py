"""What is usual among an account's peers: medians learned with the models and kept beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.cells import as_category, values_and_codes
from standfast.features.encode import Encoding, encode
from standfast.features.one_row import is_blank
from standfast.features.peers import COMPARED, FEWEST_PEERS, PEER_COLUMNS

MOST_GROUPS = 1_000
"""Groups kept at most, the largest; the others are compared with the whole book."""

WHOLE_BOOK = -1
"""Place of a row whose own group is small, or not known."""

Key = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PeerValues:
    """Medians of the numbers that the models see, by group of peers and of the whole book.

    They are those of the accounts that training saw, so what is said of a row never depends on the rows
    beside it.

    Parameters
    ----------
    columns
        Columns whose values make a group; empty where the book has none of them.
    names
        The numbers, but for those that are comparisons with peers already; the arrays have one column for
        each, NaN where too few accounts have it.
    sizes
        Accounts of each group, by its values.
    book
        Of the whole book, in three rows: where the lowest tenth ends, the median, where the highest begins.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    sizes: Mapping[Key, int]
    medians: NDArray[np.float64]
    book: NDArray[np.float64]
    n_accounts: int

    def place(self, rows: pd.DataFrame) -> NDArray[np.intp]:
        """Give the number of each row's group, ``WHOLE_BOOK`` where there is none."""
        if not self.columns or not set(self.columns) <= set(rows.columns):
            return np.full(len(rows), WHOLE_BOOK)
        number = {key: i for i, key in enumerate(self.sizes)}
        codes, keys = _keys(rows, self.columns)
        found = np.array([number.get(key, WHOLE_BOOK) if key else WHOLE_BOOK for key in keys], dtype=np.intp)
        return found[codes]

    def group_of(self, cells: Mapping[str, Any]) -> int:
        """Give the number of one account's group, as ``place`` gives it for a row of these plain cells."""
        values = [cells.get(column) for column in self.columns]
        if not values or any(is_blank(value) for value in values):
            return WHOLE_BOOK
        return self._numbers.get(tuple(as_category(value) or "" for value in values), WHOLE_BOOK)

    @cached_property
    def _numbers(self) -> Mapping[Key, int]:
        return {key: i for i, key in enumerate(self.sizes)}

    def usual(self, name: str) -> NDArray[np.float64]:
        """Give what is usual of a number by group, the whole book's at the end; NaN where it is not known."""
        if name not in self.names:
            return np.full(len(self.sizes) + 1, np.nan)
        column = self.names.index(name)
        return np.append(self.medians[:, column], self.book[1, column])

    def tenths(self, name: str) -> tuple[float, float]:
        """Give where the book's lowest tenth ends and its highest begins; NaN where that is not known."""
        if name not in self.names:
            return np.nan, np.nan
        low, _, high = self.book[:, self.names.index(name)]
        return float(low), float(high)

    def words(self, group: int) -> str:
        """Say who the peers of a group are: their number, and what they share."""
        if group == WHOLE_BOOK:
            return f"all {self.n_accounts:,} accounts of the book"
        key, size = list(self.sizes.items())[group]
        return f"{size:,} accounts of {', '.join(key)}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {
            "columns": list(self.columns),
            "names": list(self.names),
            "n_accounts": self.n_accounts,
            "book": _plain(self.book),
            "groups": [
                {"of": list(key), "n_accounts": size, "medians": medians}
                for (key, size), medians in zip(self.sizes.items(), _plain(self.medians), strict=True)
            ],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "PeerValues":
        """Read back what ``to_dict`` gave."""
        groups, names = values["groups"], tuple(values["names"])
        medians = np.array([group["medians"] for group in groups], dtype=np.float64)
        return cls(
            columns=tuple(values["columns"]),
            names=names,
            sizes={tuple(group["of"]): group["n_accounts"] for group in groups},
            medians=medians.reshape(len(groups), len(names)),
            book=np.array(values["book"], dtype=np.float64).reshape(3, len(names)),
            n_accounts=values["n_accounts"],
        )


def learn_peer_values(accounts: pd.DataFrame, encoding: Encoding) -> PeerValues:
    """Give what is usual among accounts, one row for each, as they stand when the models learn."""
    columns = tuple(name for name in PEER_COLUMNS if name in accounts)
    numbers = Encoding(tuple(f for f in encoding.features if f.kind == "number" and f.name not in COMPARED))
    names = list(numbers.names)
    values = pd.DataFrame(encode(accounts, numbers).matrix, columns=names)
    codes, keys = _keys(accounts, columns) if columns else (np.zeros(len(accounts), dtype=np.intp), [()])
    counts = np.bincount(codes[codes >= 0], minlength=len(keys))
    largest = sorted((-counts[i], key, i) for i, key in enumerate(keys) if key and counts[i] >= FEWEST_PEERS)
    kept = [(key, i) for _, key, i in sorted(largest[:MOST_GROUPS], key=lambda group: group[1])]
    grouped = values.groupby(codes)
    medians = grouped.median().where(grouped.count() >= FEWEST_PEERS).reindex([i for _, i in kept])
    book = values.quantile([0.1, 0.5, 0.9])
    book.loc[:, values.count() < FEWEST_PEERS] = np.nan
    return PeerValues(
        columns,
        tuple(names),
        {key: int(counts[i]) for key, i in kept},
        _rounded(medians.to_numpy()),
        _rounded(book.to_numpy()),
        len(accounts),
    )


def _keys(rows: pd.DataFrame, columns: Sequence[str]) -> tuple[NDArray[np.intp], list[Key | None]]:
    """Give which group each row is in, and the values of each group; None where one of them is blank."""
    codes, seen = np.zeros(len(rows), dtype=np.intp), [()]
    keys: list[Key | None] = list(seen)
    for column in columns:
        own, values = values_and_codes(rows[column])
        texts = [*(as_category(value) for value in values), None]
        pairs, codes = np.unique(
            codes * len(texts) + np.where(own < 0, len(values), own), return_inverse=True
        )
        places = [divmod(int(pair), len(texts)) for pair in pairs]
        keys = [_longer(keys[before], texts[last]) for before, last in places]
    return codes, keys


def _longer(key: Key | None, text: str | None) -> Key | None:
    return None if key is None or text is None else (*key, text)


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to six digits: medians are told, not computed with, and a file of them should be short."""
    size = np.floor(np.log10(np.abs(np.where(values == 0, 1.0, values))))
    scale = 10.0 ** (5 - np.nan_to_num(size))
    return np.asarray(np.round(values * scale) / scale, dtype=np.float64)


def _plain(values: NDArray[np.float64]) -> list[list[float | None]]:
    return [[None if np.isnan(value) else float(value) for value in row] for row in values]
