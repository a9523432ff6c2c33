"""How large a calibration error chance alone makes: what lies below it is no error to mend."""

import numpy as np
from scipy.special import ndtri

from standfast.propensity.metrics import Floats, Sorted


def noise_floor(rows: Sorted, *, level: float = 0.9) -> tuple[float, float, float]:
    """Give the calibration error that true probabilities would show on these rows: expected, low, high.

    In a bin, promised less happened varies by ``design x sum p (1 - p)``; of a normal, the size is
    ``sqrt(2 / pi)`` times that spread on average. ``design`` says how much more an account's rows vary
    together than rows that were independent.
    """
    spread = rows.p * (1 - rows.p)
    variance = design_effect(rows) * np.add.reduceat(spread, rows.bin_starts)
    expected = float(np.sqrt(variance * 2 / np.pi).sum()) / len(rows.y)
    reach = float(ndtri((1 + level) / 2) * np.sqrt((variance * (1 - 2 / np.pi)).sum())) / len(rows.y)
    return expected, max(0.0, expected - reach), expected + reach


def design_effect(rows: Sorted) -> float:
    """Give how many times more the outcomes of an account's rows in a bin vary than independent ones."""
    sizes = np.diff(np.append(rows.bin_starts, len(rows.y)))
    bins = np.repeat(np.arange(len(sizes)), sizes)
    gaps = rows.y - rows.p
    own = gaps - (np.add.reduceat(gaps, rows.bin_starts) / sizes)[bins]
    together = _sums(own, rows.account * len(sizes) + bins)
    spread = float((rows.p * (1 - rows.p)).sum())
    return max(1.0, float((together**2).sum()) / spread) if spread > 0 else 1.0


def _sums(values: Floats, keys: np.ndarray) -> Floats:
    """Add up the values of each key."""
    _, place = np.unique(keys, return_inverse=True)
    return np.asarray(np.bincount(place, weights=values), dtype=np.float64)
