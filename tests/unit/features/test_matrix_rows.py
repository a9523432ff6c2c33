"""Rows of a matrix are places until somebody asks for their cells."""

import numpy as np
import pytest

from standfast.features import matrix_rows
from standfast.features.matrix_rows import MatrixRows, as_rows

WHOLE = np.asfortranarray(np.arange(24.0).reshape(8, 3))
KINDS = pytest.mark.parametrize(
    "rows", [as_rows(WHOLE), MatrixRows(WHOLE, np.array([6, 1, 1, 4]))], ids=["all rows", "some rows"]
)


def test_parts_of_parts_hold_the_cells_that_indexing_twice_would_give():
    part = as_rows(WHOLE).take(np.array([7, 2, 5, 0])).take(np.array([3, 1, 1]))
    assert part.read().tolist() == WHOLE[[0, 2, 2]].tolist()
    assert part.whole is WHOLE


@KINDS
def test_cells_come_column_by_column_in_memory(rows):
    assert rows.read().flags.f_contiguous
    assert rows.copy().flags.f_contiguous
    assert rows.read().shape == (len(rows), rows.n_columns)


@KINDS
def test_what_a_model_writes_into_its_copy_stays_there(rows):
    before = WHOLE.copy()
    rows.copy()[:] = -1.0
    assert (before == WHOLE).all()


@KINDS
def test_columns_and_blocks_hold_the_same_cells_as_the_whole(rows, monkeypatch):
    monkeypatch.setattr(matrix_rows, "BLOCK_ROWS", 3)
    columns = np.column_stack([rows.column(place) for place in range(rows.n_columns)])
    assert columns.tolist() == rows.read().tolist()
    assert np.concatenate(list(rows.blocks())).tolist() == rows.read().tolist()
    assert max(len(block) for block in rows.blocks()) == 3


def test_no_rows_are_one_block_without_any():
    assert [block.shape for block in as_rows(WHOLE).take(np.array([], dtype=np.intp)).blocks()] == [(0, 3)]


def test_rows_of_a_matrix_are_taken_as_they_are():
    rows = MatrixRows(WHOLE, np.array([2]))
    assert as_rows(rows) is rows
