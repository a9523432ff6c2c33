"""Some rows of an encoded matrix, kept as places until their cells are asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK_ROWS = 65_536
"""Rows copied at a time where each is only looked at once."""


@dataclass(frozen=True, eq=False)
class MatrixRows:
    """Rows of a matrix at ``places``, all of them where None.

    Learning parts its rows again and again: by date, by account, by fold. Parts of parts are places in the
    one matrix; its cells, by far the most there is to hold, are copied only where a model learns from them.
    """

    whole: NDArray[np.float64]
    places: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.whole) if self.places is None else len(self.places)

    @property
    def n_columns(self) -> int:
        """Count the columns."""
        return int(self.whole.shape[1])

    def take(self, rows: NDArray[np.intp]) -> "MatrixRows":
        """Give some of these rows, in the order asked for; no cell is copied."""
        return MatrixRows(self.whole, rows if self.places is None else self.places[rows])

    def read(self) -> NDArray[np.float64]:
        """Give the cells, one column after the other in memory; not to be written to."""
        return self.whole if self.places is None else take_rows(self.whole, self.places)

    def copy(self) -> NDArray[np.float64]:
        """Give the cells as the caller's own."""
        return self.whole.copy(order="K") if self.places is None else self.read()

    def column(self, place: int) -> NDArray[np.float64]:
        """Give the cells of one column."""
        cells = self.whole[:, place]
        return cells if self.places is None else cells[self.places]

    def by_block(self, say: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> NDArray[np.float64]:
        """Give what a function says of each row, asked about some rows at a time."""
        return np.concatenate([say(block) for block in self.blocks()])

    def blocks(self) -> Iterator[NDArray[np.float64]]:
        """Yield the cells of some rows after the other; of no rows one block without any."""
        for start in range(0, max(1, len(self)), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            yield self.whole[block] if self.places is None else take_rows(self.whole, self.places[block])


def as_rows(matrix: "NDArray[np.float64] | MatrixRows") -> MatrixRows:
    """Give all rows of a matrix; rows stay what they are."""
    return matrix if isinstance(matrix, MatrixRows) else MatrixRows(matrix)


def take_rows(matrix: NDArray[np.float64], rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Give a copy of some rows, one column after the other in memory as ``encode`` lays them."""
    return np.take(matrix.T, rows, axis=1).T
