"""The learned blend: how much each part counts, which is also the calibration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit


@dataclass(frozen=True)
class Blend:
    """Log-odds = intercept + weights x log-odds of the parts; no weight is negative."""

    intercept: float
    weights: tuple[float, ...]

    def score(self, parts: tuple[NDArray[np.float64], ...]) -> NDArray[np.float64]:
        """Calibrated log-odds of each row, from the parts' log-odds."""
        total = np.full(parts[0].shape, self.intercept)
        for weight, part in zip(self.weights, parts, strict=True):
            total += weight * part
        return total

    def shifted(self, shift: float) -> "Blend":
        """Give the blend that says ``shift`` log-odds more of every row."""
        return Blend(self.intercept + shift, self.weights)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {"intercept": self.intercept, "weights": list(self.weights)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Blend":
        """Read back what ``to_dict`` gave."""
        return cls(values["intercept"], tuple(values["weights"]))


def fit_blend(parts: tuple[NDArray[np.float64], ...], y: NDArray[np.float64], *, ridge: float) -> Blend:
    """Intercept and weights of least log loss on out-of-fold log-odds, pulled gently to equal shares.

    ``ridge`` counts rows of prior knowledge that each part deserves the same weight and all together one.
    """
    Z = np.column_stack(parts)
    equal = np.full(Z.shape[1], 1.0 / Z.shape[1])

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = values[0] + (Z * values[1:]).sum(axis=1)
        off = values[1:] - equal
        value = float(np.logaddexp(0.0, score).sum() - (y * score).sum() + 0.5 * ridge * (off**2).sum())
        residual = expit(score) - y
        slope = (Z * residual[:, None]).sum(axis=0) + ridge * off
        return value / len(y), np.concatenate([[residual.sum()], slope]) / len(y)

    found = minimize(
        loss,
        np.concatenate([[0.0], equal]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None)] + [(0.0, None)] * Z.shape[1],
        options={"ftol": 1e-13, "gtol": 1e-9},
    )
    return Blend(float(found.x[0]), tuple(float(weight) for weight in found.x[1:]))
