"""What the gate looks at: rows of whose outcomes a champion had learned nothing, as far as there are any."""

import numpy as np
import pandas as pd

from standfast.features.matrix_rows import as_rows
from standfast.features.policy import LabelPolicy
from standfast.pipelines.gate_evidence import _fresh_rows
from standfast.pipelines.target_rows import TargetRows

LAST = pd.Timestamp("2026-01-01")


def rows_dated(*days_later):
    """Two rows a date, of which one is an event."""
    dates = pd.Series(np.repeat([LAST + pd.Timedelta(days=days) for days in days_later], 2))
    n = len(dates)
    return TargetRows(
        target="churned", position=np.arange(n), matrix=as_rows(np.empty((n, 0))), label=np.arange(n) % 2.0,
        groups=np.arange(n), dates=dates,
    )  # fmt: skip


def fresh(rows):
    chosen, is_new = _fresh_rows(rows, LAST, policy=LabelPolicy(allowed_gap_days=0))
    return sorted({(day - LAST).days for day in rows.dates[chosen]}), is_new


def test_rows_are_new_to_a_champion_when_their_label_windows_begin_where_the_last_it_learned_from_ends():
    assert fresh(rows_dated(0, 30, 89, 90, 120)) == ([90, 120], True)


def test_where_no_such_rows_have_matured_later_ones_must_do_and_are_not_called_new():
    assert fresh(rows_dated(0, 30, 60)) == ([30, 60], False)


def test_new_rows_of_a_single_outcome_tell_nothing_so_later_ones_must_do():
    rows = rows_dated(30, 90)
    assert fresh(rows.take(np.array([True, True, True, False]))) == ([30, 90], False)
