"""The rows of two arms that are compared: adjusted, weighted, and with the accounts they belong to."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from standfast.learning.adjust import adjusted, codes_of_groups
from standfast.learning.arrays import Bools, Floats, Ints
from standfast.schema import ACCOUNT_ID


@dataclass(frozen=True, eq=False)
class Compared:
    """What is compared between arms, row by row, and what was known of it before.

    Parameters
    ----------
    values
        What came of each row; NaN where it is not known.
    expected
        What was expected of it, in one column or several.
    variance
        How far it was expected to vary; None where nobody can tell.
    planned
        The effect that the test is made to find; NaN where nobody can tell.
    """

    values: Floats
    expected: Floats
    variance: Floats | None
    planned: float

    def sum(self, mine: Bools) -> float:
        """Return the sum of what came of some rows."""
        return float(self.values[mine].sum())

    def among(self, mine: Bools) -> "Compared":
        """Return that of some rows."""
        variance = None if self.variance is None else self.variance[mine]
        return replace(self, values=self.values[mine], expected=self.expected[mine], variance=variance)


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows of an arm and of its control, adjusted by what was known before.

    Parameters
    ----------
    weights
        One through the chance of the arm each got; their mean is 1 in each arm.
    account
        A code per row of the account it belongs to.
    kept_variance
        Part of the variance within arms that adjusting left.
    expected_variance
        How far each row was expected to vary; None where nobody can tell.
    """

    values: Floats
    in_arm: Bools
    weights: Floats
    account: Ints
    kept_variance: float
    expected_variance: Floats | None

    @property
    def arms(self) -> tuple[Bools, Bools]:
        """Where the rows of the arm are, and those of its control."""
        return self.in_arm, ~self.in_arm

    @property
    def n_accounts(self) -> int:
        """Accounts, each once."""
        return len(np.unique(self.account))

    @property
    def spread(self) -> float:
        """Variance of the difference through that of as many accounts of which nothing was known before."""
        return self.kept_variance * self.clustering()

    def mean(self, mine: Bools) -> float:
        """Return the weighted mean of some rows."""
        return float(np.average(self.values[mine], weights=self.weights[mine]))

    def size(self, mine: Bools) -> float:
        """Return how many rows of equal weight some rows are worth (Kish 1965)."""
        own = self.weights[mine]
        return float(own.sum() ** 2 / (own**2).sum())

    def variance(self, mine: Bools) -> float:
        """Return how far the rows of one arm vary around their mean."""
        errors = self.values[mine] - self.mean(mine)
        return float(np.average(errors**2, weights=self.weights[mine]) * mine.sum() / (mine.sum() - 1))

    def clustering(self) -> float:
        """Return how much more the difference varies because accounts return; at least 1."""
        errors = np.zeros(len(self.values))
        for mine, sign in zip(self.arms, (1, -1), strict=True):
            own = self.weights[mine]
            errors[mine] = sign * own * (self.values[mine] - self.mean(mine)) / own.sum()
        apart, together = float(errors @ errors), np.bincount(self.account, weights=errors)
        return max(1.0, float(together @ together) / apart) if apart > 0 else 1.0


def draw_sample(rows: pd.DataFrame, measured: Compared, *, told: Bools, in_arm: Bools) -> Sample:
    """Return the rows of two arms, adjusted within strata and cycles by what was expected of them.

    Parameters
    ----------
    measured, in_arm
        Of the rows where ``told`` is true alone.
    """
    chance = rows["arm_probability"].to_numpy(dtype=np.float64)[told]
    weights = np.where(
        in_arm, 1 / chance / (1 / chance[in_arm]).mean(), 1 / chance / (1 / chance[~in_arm]).mean()
    )
    found = adjusted(
        measured.values, in_arm.astype(np.int64), weights, expected=measured.expected,
        groups=tuple(codes_of_groups(rows[name].to_numpy()[told]) for name in ("stratum", "cycle")),
    )  # fmt: skip
    account, _ = pd.factorize(rows[ACCOUNT_ID].to_numpy()[told])
    return Sample(
        found.values, in_arm, weights, account.astype(np.int64), found.kept_variance, measured.variance
    )
