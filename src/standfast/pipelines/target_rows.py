"""The rows that teach one target: whose label is known, and what they hold."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.errors import InputError
from standfast.features.matrix_rows import MatrixRows
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TargetRows:
    """The rows that teach one target; ``position`` points into the snapshots they come from."""

    target: str
    position: NDArray[np.int64]
    matrix: MatrixRows
    label: Floats
    groups: NDArray[np.int64]
    dates: pd.Series | None

    def take(self, chosen: Flags) -> "TargetRows":
        """Give some of the rows."""
        return replace(
            self,
            position=self.position[chosen],
            matrix=self.matrix.take(np.flatnonzero(chosen)),
            label=self.label[chosen],
            groups=self.groups[chosen],
            dates=None if self.dates is None else self.dates[chosen],
        )

    def without_matrix(self) -> "TargetRows":
        """Give the rows for who asks what they were and what came of them, no longer what they hold."""
        return replace(self, matrix=MatrixRows(np.empty((len(self.label), 0))))

    @property
    def has_both_classes(self) -> bool:
        """Whether there is something to learn."""
        return bool(0 < self.label.sum() < len(self.label))


def known_rows(snapshots: pd.DataFrame, target: str) -> Flags:
    """Say which rows teach this target: its label is known and, but for churn, the account stayed."""
    if target not in snapshots:
        return np.zeros(len(snapshots), dtype=bool)
    known = snapshots[target].notna()
    if target != "churned" and "churned" in snapshots:
        known &= ~snapshots["churned"].fillna(value=False).astype(bool)
    return known.to_numpy(dtype=bool)


def target_rows(snapshots: pd.DataFrame, matrix: Floats, target: str) -> TargetRows:
    """Give the rows that teach this target.

    Raises
    ------
    InputError
        Only one of the label's two values is met: there is nothing to learn.
    """
    position = np.flatnonzero(known_rows(snapshots, target))
    asked = [name for name in (ACCOUNT_ID, OBSERVATION_DATE, target) if name in snapshots]
    rows = snapshots[asked].iloc[position]
    dated = OBSERVATION_DATE in rows and rows[OBSERVATION_DATE].notna().all() and len(rows) > 0
    taught = TargetRows(
        target=target,
        position=position,
        matrix=MatrixRows(matrix, None if len(position) == len(matrix) else position),
        label=rows[target].to_numpy(dtype=np.float64),
        groups=pd.factorize(rows[ACCOUNT_ID], sort=True)[0],
        dates=pd.to_datetime(rows[OBSERVATION_DATE]).reset_index(drop=True) if dated else None,
    )
    if not taught.has_both_classes:
        n_events = int(taught.label.sum())
        met = (
            f"all {len(rows)} rows say {'yes' if n_events else 'no'}"
            if len(rows)
            else "it is known of no row"
        )
        raise InputError(
            f"label {target!r} has a single class: {met}; a model needs accounts of both kinds "
            "(check [columns] and [labels] in the settings, or take in more history)"
        )
    return taught
