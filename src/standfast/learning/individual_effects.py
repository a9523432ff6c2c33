"""Effects on churn account by account, around what was learned of all: for many rows, and after a win."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from standfast.learning.arrays import Bools, Floats
from standfast.learning.holdout import HELD_OUT
from standfast.learning.individual import IndividualVerdict, Order, may_be_individual, x_learner
from standfast.learning.modifiers import PROBABILITIES
from standfast.learning.off_policy import Logged
from standfast.learning.outcomes import column
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import Doses, log_odds
from standfast.learning.sleepers import SIGNS
from standfast.schema import ACCOUNT_ID

ALWAYS = (*sorted(PROBABILITIES), SIGNS)
"""What is known of every account that is drawn, beside the modifiers that the settings name."""
_LATER = 1 / 3
"""Share of the cycles, the newest, on which a learner must win."""
_FARTHEST = 1.0
"""Log-odds beyond which no account is believed to differ from the others."""
_EDGE = 1e-3


@dataclass(frozen=True, eq=False)
class IndividualEffects:
    """A learner of how much more likely an account stays if it is contacted, in log-odds for a full dose.

    ``centre`` is the mean over the rows it learned from, so that only differences between accounts are told.
    """

    names: tuple[str, ...]
    order: Order
    dose: float
    centre: float = 0.0

    def beyond_mean(self, accounts: pd.DataFrame) -> Floats:
        """Return what a full dose takes from the log-odds of churn beyond that of the mean account."""
        p = column(accounts, "churn_probability")
        found = self._in_log_odds(accounts, np.nan_to_num(p, nan=0.5)) - self.centre
        return np.where(np.isnan(p), 0.0, np.clip(found, -_FARTHEST, _FARTHEST))

    def _in_log_odds(self, accounts: pd.DataFrame, p: Floats) -> Floats:
        after = np.clip(p - self.order(feature_values(accounts, self.names)), _EDGE, 1 - _EDGE)
        return np.asarray((log_odds(np.clip(p, _EDGE, 1 - _EDGE)) - log_odds(after)) / self.dose)

    def centred(self, accounts: pd.DataFrame) -> "IndividualEffects":
        """Return the same around the mean of these accounts."""
        told = self._in_log_odds(accounts, column(accounts, "churn_probability"))
        return IndividualEffects(self.names, self.order, self.dose, float(told.mean()))


def learn_individual(
    frame: pd.DataFrame, doses: Doses, usual: Floats, *, policy: LearningPolicy
) -> tuple[IndividualVerdict, IndividualEffects | None]:
    """Return whether effects may differ by account, and a learner of them where they may.

    An X-learner learns from the older cycles and must put the accounts of the newest third in a better order
    than the response that stands does. Only if it wins does it learn from all of them.

    Parameters
    ----------
    frame
        Randomised rows of ASSIGNMENT_COLUMNS, with what was known of the accounts at the draw.
    usual
        The effect on churn of each row by the response that stands, in log-odds for a full dose.
    """
    known = frame["churn_probability"].notna().to_numpy(dtype=bool)
    frame, doses, usual = frame[known], doses.take(known), usual[known]
    later = _newest(frame)
    n_learned = int((~later).sum())
    if n_learned < policy.individual_rows or not later.any():
        nothing = Logged(np.zeros(0, dtype=bool), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
        few = min(n_learned, policy.individual_rows - 1)
        return may_be_individual(usual[:0], usual[:0], nothing, n_learned=few, policy=policy), None
    names = tuple(dict.fromkeys((*ALWAYS, *policy.modifiers)))
    treated = (frame["arm"] != HELD_OUT).to_numpy(dtype=bool)
    older = _fit(frame[~later], treated[~later], names)
    p = column(frame, "churn_probability")
    reached = expit(log_odds(p) - usual * doses.dose)
    logged = Logged(
        treated[later], column(frame[later], "arm_probability"), 1 - column(frame[later], "churned"),
        pd.factorize(frame.loc[later, ACCOUNT_ID].astype("str"))[0], if_left=1 - p[later],
        if_treated=1 - reached[later],
    )  # fmt: skip
    verdict = may_be_individual(
        older(feature_values(frame[later], names)), (p - reached)[later], logged, n_learned=n_learned,
        policy=policy,
    )  # fmt: skip
    if not verdict.is_taken:
        return verdict, None
    found = IndividualEffects(names, _fit(frame, treated, names), float(doses.dose.mean()))
    return verdict, found.centred(frame)


def feature_values(accounts: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Return the columns that a learner reads, NaN where one is missing."""
    return np.column_stack([column(accounts, name) for name in names])


def _newest(frame: pd.DataFrame) -> Bools:
    """Return which rows are of the newest third of the cycles; none where there is one cycle alone."""
    place = pd.factorize(frame["cycle"], sort=True)[0]
    n_cycles = int(place.max()) + 1 if len(place) else 0
    n_later = int(np.ceil(_LATER * n_cycles)) if n_cycles > 1 else 0
    return np.asarray(place >= n_cycles - n_later)


def _fit(frame: pd.DataFrame, treated: Bools, names: Sequence[str]) -> Order:
    return x_learner(feature_values(frame, names), treated, 1 - column(frame, "churned"))
