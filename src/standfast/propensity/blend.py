"""The learned blend: how much each part counts, and the calibration."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from standfast.propensity.curve import Curve


@dataclass(frozen=True)
class Blend:
    """Log-odds = intercept + weights x log-odds of the parts, bent by the curve where there is one.

    No weight is negative.
    """

    intercept: float
    weights: tuple[float, ...]
    curve: Curve | None = None

    def score(self, parts: tuple[NDArray[np.float64], ...]) -> NDArray[np.float64]:
        """Calibrated log-odds of each row, from the parts' log-odds."""
        total = np.full(parts[0].shape, self.intercept)
        for weight, part in zip(self.weights, parts, strict=True):
            total += weight * part
        return total if self.curve is None else self.curve.apply(total)

    def share_out(self, base: float, contributions: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Give base and contributions of the weighted parts as they add up to the calibrated log-odds."""
        return (base, contributions) if self.curve is None else self.curve.share_out(base, contributions)

    def shifted(self, shift: float) -> "Blend":
        """Give the blend that says ``shift`` log-odds more of every row."""
        if self.curve is not None:
            return replace(self, curve=self.curve.shifted(shift))
        return replace(self, intercept=self.intercept + shift)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        curve = None if self.curve is None else self.curve.to_dict()
        return {"intercept": self.intercept, "weights": list(self.weights), "curve": curve}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Blend":
        """Read back what ``to_dict`` gave."""
        bent = values.get("curve")  # models of schema 1 had none
        curve = None if bent is None else Curve.from_dict(bent)
        return cls(values["intercept"], tuple(values["weights"]), curve)


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
