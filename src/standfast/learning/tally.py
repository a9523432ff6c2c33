"""What was drawn, what has matured, what nobody recorded: counted before anything is compared."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.errors import InputError
from standfast.learning.arrays import Bools
from standfast.learning.done import PERSONAL
from standfast.learning.holdout import HELD_OUT
from standfast.learning.outcomes import column
from standfast.schema import ACCOUNT_ID, ASSIGNMENT_COLUMNS


@dataclass(frozen=True)
class ArmTally:
    """One arm: rows drawn, matured, with a record, contacted by a person; who left and who grew.

    ``n_contacted`` is among the matured rows for whose owner something was recorded, which ``n_recorded``
    counts.
    """

    arm: str
    n_drawn: int
    n_matured: int
    n_recorded: int
    n_contacted: int
    n_churned: int
    n_expanded: int


@dataclass(frozen=True)
class Tally:
    """The rows of one experiment.

    Parameters
    ----------
    n_rows, n_accounts, n_cycles
        What was drawn: rows, accounts (each once) and cycles.
    n_open
        Rows whose horizon has not ended: left out, also where the end is known already.
    n_unknown
        Rows that matured and of which nobody knows whether they churned: left out.
    n_unrecorded
        Matured rows for whose owner nothing was recorded at all: what was done there is not known.
    n_twice
        Rows of accounts that are in more than one arm of a cycle: left out.
    n_crossed
        Matured rows that were held out and contacted by a person all the same; they stay in their arm.
    """

    n_rows: int
    n_accounts: int
    n_cycles: int
    n_open: int
    n_unknown: int
    n_unrecorded: int
    n_twice: int
    n_crossed: int
    arms: tuple[ArmTally, ...]

    @property
    def n_read(self) -> int:
        """Rows that are compared."""
        return sum(arm.n_matured for arm in self.arms)


def tally(rows: pd.DataFrame, arms: tuple[str, ...]) -> Tally:
    """Return what the rows of one experiment hold; see ``comparable`` for those that are compared."""
    twice, open_ = in_several_arms(rows), ~matured(rows)
    unknown = ~open_ & np.isnan(column(rows, "churned"))
    kept = ~(twice | open_ | unknown)
    recorded = column(rows, "is_recorded") == 1
    crossed = kept & recorded & (rows["arm"] == HELD_OUT).to_numpy() & contacted(rows)
    return Tally(
        n_rows=len(rows),
        n_accounts=int(rows[ACCOUNT_ID].nunique()),
        n_cycles=int(rows["cycle"].nunique()),
        n_open=int((open_ & ~twice).sum()),
        n_unknown=int((unknown & ~twice).sum()),
        n_unrecorded=int((kept & ~recorded).sum()),
        n_twice=int(twice.sum()),
        n_crossed=int(crossed.sum()),
        arms=tuple(_arm(rows, name, kept=kept, recorded=recorded) for name in arms),
    )


def _arm(rows: pd.DataFrame, name: str, *, kept: Bools, recorded: Bools) -> ArmTally:
    mine = (rows["arm"] == name).to_numpy()
    seen = mine & kept
    return ArmTally(
        arm=name,
        n_drawn=int(mine.sum()),
        n_matured=int(seen.sum()),
        n_recorded=int((seen & recorded).sum()),
        n_contacted=int((seen & recorded & contacted(rows)).sum()),
        n_churned=int(np.nansum(column(rows, "churned")[seen])),
        n_expanded=int(np.nansum(column(rows, "expanded")[seen])),
    )


def comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are compared: matured, with a known end, in one arm of their cycle."""
    known = np.isfinite(column(rows, "churned"))
    return rows[matured(rows) & known & ~in_several_arms(rows)].reset_index(drop=True)


def matured(rows: pd.DataFrame) -> Bools:
    """Say which rows' horizon has ended; who left early is not read before the others."""
    return np.asarray(column(rows, "is_matured") == 1)


def contacted(rows: pd.DataFrame) -> Bools:
    """Say which rows a person contacted, as far as that is recorded."""
    done = np.column_stack([np.nan_to_num(column(rows, name)) for name in PERSONAL])
    return np.asarray(done.sum(axis=1) > 0)


def in_several_arms(rows: pd.DataFrame) -> Bools:
    """Say which rows are of an account that is in more than one arm of a cycle."""
    return rows.duplicated(["cycle", ACCOUNT_ID], keep=False).to_numpy()


def refuse_odd_assignments(rows: pd.DataFrame) -> None:
    """Refuse a frame that no draw can have made.

    Raises
    ------
    InputError
        A column is missing, or a chance is none.
    """
    if lacking := [name for name in ASSIGNMENT_COLUMNS if name not in rows]:
        raise InputError(f"assignments lack columns {lacking}; they have {', '.join(ASSIGNMENT_COLUMNS)}")
    chance = column(rows, "arm_probability")
    odd = ~((chance > 0) & (chance <= 1))
    if odd.any():
        met = rows["arm_probability"][odd].iloc[0]
        raise InputError(
            f"arm_probability holds {met!r}; the chance of the arm an account got is above 0 and at most 1"
        )
