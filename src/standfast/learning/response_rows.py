"""What chance assigned, as rows that a response can be learned from: odds as believed, dose, what came."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from standfast.learning.arrays import Bools, Floats, Ints
from standfast.learning.holdout import HELD_OUT
from standfast.learning.outcomes import column
from standfast.schema import ACCOUNT_ID, HOLDOUT

_SUREST = 1e-6
"""Probabilities are kept so far from 0 and 1, where no outcome could move them."""


@dataclass(frozen=True, eq=False)
class Doses:
    """What the bundle each row was assigned is believed to do: dose G, fatigue F, and dG by channel weight.

    ``slopes``, (rows, channels), is how the dose grows where a channel's weight grows by its own size.
    """

    dose: Floats
    tired: Floats
    slopes: Floats

    def take(self, rows: npt.NDArray[np.integer] | Bools) -> "Doses":
        """Return the doses of these rows."""
        return Doses(self.dose[rows], self.tired[rows], self.slopes[rows])


@dataclass(frozen=True, eq=False)
class ResponseRows:
    """Both questions in one table: did it churn, and, where it stayed, did it expand.

    ``sign`` is -1 for churn, which outreach should lower, and +1 for expansion; ``treated`` is 0 for whom was
    held out, ``dose`` what an account gets that is not. ``odds`` are the log-odds believed, ``offset`` those
    after the fatigue of the touches; ``modifiers`` are in standard deviations from their centre. ``day`` is
    the cycle's, in days.
    """

    account: Ints
    day: Ints
    sign: Floats
    outcome: Floats
    offset: Floats
    odds: Floats
    treated: Floats
    dose: Floats
    slopes: Floats
    modifiers: Floats

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.outcome)

    def take(self, rows: Bools) -> "ResponseRows":
        """Return the rows that a mask keeps."""
        return ResponseRows(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def randomised(assignments: pd.DataFrame, *, experiment: str = HOLDOUT) -> Bools:
    """Return which rows of ASSIGNMENT_COLUMNS tell of outreach against none, and have matured.

    An account drawn with certainty tells nothing: there was no chance that it might have been otherwise.
    """
    chance = assignments["arm_probability"].to_numpy(dtype=np.float64, na_value=np.nan)
    matured = assignments["is_matured"].fillna(value=False).to_numpy(dtype=bool)
    ours = (assignments["experiment"] == experiment).to_numpy(dtype=bool)
    known = assignments["churned"].notna().to_numpy(dtype=bool)
    return np.asarray(ours & matured & known & (chance > 0) & (chance < 1))


def in_order(assignments: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Return the places of the rows by account, cycle and experiment, whatever order they come in."""
    account, cycle, experiment = (
        pd.factorize(assignments[name].astype("str"), sort=True)[0]
        for name in (ACCOUNT_ID, "cycle", "experiment")
    )
    return np.lexsort((experiment, cycle, account))


def response_rows(assignments: pd.DataFrame, doses: Doses, modifiers: Floats) -> ResponseRows:
    """Return one row per account, cycle and question.

    Outreach counts as assigned, done or not: that is what a plan can decide (intention to treat). Rows whose
    probability is not known are left out of that question.
    """
    account, _ = pd.factorize(assignments[ACCOUNT_ID].astype("str"))
    day = pd.to_datetime(assignments["cycle"]).to_numpy(dtype="datetime64[D]").astype(np.int64)
    treated = np.asarray(assignments["arm"] != HELD_OUT, dtype=np.float64)
    churned, expanded = column(assignments, "churned"), column(assignments, "expanded")
    p, q = column(assignments, "churn_probability"), column(assignments, "upsell_probability")
    asked = (~np.isnan(churned) & ~np.isnan(p), (churned == 0) & ~np.isnan(expanded) & ~np.isnan(q))
    parts = [
        ResponseRows(
            account=account.astype(np.int64)[rows],
            day=day[rows],
            sign=np.full(int(rows.sum()), sign),
            outcome=outcome[rows],
            offset=(log_odds(chance) - sign * treated * doses.tired)[rows],
            odds=log_odds(chance)[rows],
            treated=treated[rows],
            dose=doses.dose[rows],
            slopes=doses.slopes[rows],
            modifiers=modifiers[rows],
        )
        for sign, rows, outcome, chance in ((-1.0, asked[0], churned, p), (1.0, asked[1], expanded, q))
    ]
    names = ResponseRows.__dataclass_fields__
    return ResponseRows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def log_odds(probability: Floats) -> Floats:
    """Return the log-odds of probabilities, none surer than one in a million."""
    return np.asarray(logit(np.clip(probability, _SUREST, 1 - _SUREST)))
