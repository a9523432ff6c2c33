"""The size of a normal month: what a distance is compared with, instead of a number from a book."""

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtri

from standfast.learning.arrays import Floats

_SHARED = 6.0
"""As how many distances of its own an input's unevenness counts what all inputs have in common."""
_FEW = 8.0
"""Few distances show less unevenness than there is, by about this over their number."""
_UNEVEN, _CAUTION = 2.0, 3.0
"""Three more inputs are thought of, as uneven as one square: where few inputs are known that matters."""
_CLIP = 5.0
_LEAST, _MOST = 1.0, 20.0


@dataclass(frozen=True, eq=False)
class Yardstick:
    """Normal distances of many inputs.

    Parameters
    ----------
    size
        Root of the mean square of the distances between past months, by input; NaN where there are none.
    degrees
        How many independent squares a squared distance is like: one where months move the whole input to and
        fro, many where only chance moves it.
    n
        How many distances are as good as independent.
    """

    size: Floats
    degrees: Floats
    n: float

    def bound(self, chance: float | Floats) -> Floats:
        """Give the distance that a normal month goes beyond with this chance.

        Squared distances are taken as scaled chi-squares, so that a new one over the mean of those known
        follows Fisher's F.
        """
        known = fdtri(self.degrees, self.degrees * max(self.n, 1.0), 1 - chance)
        return np.asarray(self.size * np.sqrt(known), dtype=np.float64)


def measure_normal(distances: Floats, *, n_accounts: int, overlap: int = 1) -> Yardstick:
    """Give the size of a normal month from distances between past months.

    A month that was unlike all others (a break in an export) is clipped, so that it does not become the
    measure; how uneven the distances of an input are is drawn to what is usual among all inputs.

    Parameters
    ----------
    distances
        Shape (pairs of months, inputs).
    n_accounts
        In a month; no distance counts as smaller than half an account.
    overlap
        How many months a pair spans: pairs that overlap tell less than their number, taken as its root less.
    """
    known = ~np.isnan(distances).all(axis=0)
    size, degrees = np.full(distances.shape[1], np.nan), np.full(distances.shape[1], _LEAST)
    if known.any():
        far = np.maximum(distances[:, known], 0.5 / max(n_accounts, 1))
        squares = np.minimum(far, _CLIP * np.nanmedian(far, axis=0)) ** 2
        size[known] = np.sqrt(np.nanmean(squares, axis=0))
        degrees[known] = _degrees(squares)
    return Yardstick(size, degrees, len(distances) / np.sqrt(overlap))


def _degrees(squares: Floats) -> Floats:
    """Give the degrees of freedom by the method of moments: twice the squared mean over the variance.

    An input's own unevenness counts where it is more than what inputs have in common.
    """
    n = len(squares)
    own = np.nanvar(squares, axis=0) / np.nanmean(squares, axis=0) ** 2 * (1 + _FEW / n)
    usual = (own.sum() + _CAUTION * _UNEVEN) / (len(own) + _CAUTION)
    shared = (n * own + _SHARED * usual) / (n + _SHARED)
    return np.asarray(np.clip(2 / np.maximum(own, shared), _LEAST, _MOST), dtype=np.float64)
