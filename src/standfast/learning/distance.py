"""How far two months lie apart: the share of accounts that would have to hold another value."""

from dataclasses import dataclass

import numpy as np

from standfast.learning.arrays import Floats, Places

_POINTS = 256
"""Values at which distributions are compared; between two of them lies at most that part of the rows."""


@dataclass(frozen=True, eq=False)
class Profile:
    """What one input held in each month.

    Parameters
    ----------
    shares
        Shape (months, points): of ordered values the share of accounts up to each point, of categories the
        share of each code. A month without a value is NaN.
    blank
        Share of blank cells by month.
    """

    shares: Floats
    blank: Floats
    is_ordered: bool

    def moved(self, before: Places, after: Places, *, n_before: int = 1) -> Floats:
        """Give the share of accounts that lie elsewhere, for each pair of months.

        A month is compared with the mean of the ``n_before`` months that end with ``before``.

        Ordered values: the largest distance between the distributions (Kolmogorov). Categories: half the sum
        of the differences of their shares (total variation). Blank cells are another matter.
        """
        gap = np.abs(self.shares[after] - _mean_until(self.shares, before, n_before))
        return np.asarray(gap.max(axis=1) if self.is_ordered else gap.sum(axis=1) / 2, dtype=np.float64)

    def blanker(self, before: Places, after: Places, *, n_before: int = 1) -> Floats:
        """Give by how much the share of blank cells changed, for each pair of months."""
        usual = _mean_until(self.blank, before, n_before)
        return np.asarray(np.abs(self.blank[after] - usual), dtype=np.float64)


def _mean_until(values: Floats, last: Places, n: int) -> Floats:
    """Return the mean of ``n`` months until each of these, of those that hold anything."""
    months = np.stack([values[last - back] for back in range(n)])
    known = ~np.isnan(months)
    with np.errstate(invalid="ignore"):
        mean = np.where(known, months, 0.0).sum(axis=0) / known.sum(axis=0)
    return np.asarray(mean, dtype=np.float64)


def profile(values: Floats, month: Places, *, n_months: int, is_ordered: bool) -> Profile:
    """Give what an input held in each month.

    Examples
    --------
    >>> months = profile(np.array([1.0, 2, 3, 4, 1, 2, 3, 9]), np.array([0] * 4 + [1] * 4),
    ...                  n_months=2, is_ordered=True)
    >>> months.moved(np.array([0]), np.array([1]))
    array([0.25])
    """
    is_known = ~np.isnan(values)
    n_rows = np.bincount(month, minlength=n_months)
    known, where = values[is_known], month[is_known]
    n_known = np.bincount(where, minlength=n_months)
    points = np.unique(known)
    if is_ordered and len(points) > _POINTS:
        points = np.unique(np.quantile(known, np.linspace(0, 1, _POINTS), method="lower"))
    place = np.searchsorted(points, known)
    n_points = max(len(points), 1)
    cells = where * n_points + np.minimum(place, n_points - 1)
    counts = np.bincount(cells, minlength=n_months * n_points).reshape(n_months, n_points)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = counts / np.where(n_known > 0, n_known, np.nan)[:, None]
        blank = 1 - n_known / np.where(n_rows > 0, n_rows, np.nan)
    return Profile(shares.cumsum(axis=1) if is_ordered else shares, blank, is_ordered)
