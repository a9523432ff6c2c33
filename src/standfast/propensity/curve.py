"""The bend in the calibration, where the inner folds show one: a rising curve from log-odds to log-odds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from standfast.propensity.ladder import count_events
from standfast.propensity.recipe import Recipe

Floats = NDArray[np.float64]

_FLATTEST = 0.05
"""Slope of a piece at least: the curve rises everywhere, so that it changes no rank."""

_NEAR = 1e-7
"""Log-odds from the base below which a row's slope is read this far from it."""


@dataclass(frozen=True)
class Curve:
    """Calibrated log-odds at a few log-odds: straight between them, beyond them parallel to the input."""

    at: tuple[float, ...]
    to: tuple[float, ...]

    def apply(self, log_odds: Floats) -> Floats:
        """Calibrated log-odds of each row; they rise with the log-odds."""
        inside = np.minimum(np.maximum(log_odds, self.at[0]), self.at[-1])
        return np.interp(inside, *self._line) + (log_odds - inside)

    @cached_property
    def _line(self) -> tuple[Floats, Floats]:
        return np.array(self.at), np.array(self.to)

    def share_out(self, base: float, contributions: Floats) -> tuple[float, Floats]:
        """Give base and contributions that add up to the calibrated log-odds, each row's in proportion.

        A row's contributions are all scaled by the mean slope between the base and the row, which is never
        negative: no reason changes its sign or its rank.
        """
        off = contributions.sum(axis=1)
        step = np.where(np.abs(off) < _NEAR, _NEAR, off)
        new_base = float(self.apply(np.array([base]))[0])
        slope = (self.apply(base + step) - new_base) / step
        return new_base, contributions * slope[:, None]

    def shifted(self, shift: float) -> "Curve":
        """Give the curve that says ``shift`` log-odds more everywhere."""
        return Curve(self.at, tuple(value + shift for value in self.to))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {"at": list(self.at), "to": list(self.to)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Curve":
        """Read back what ``to_dict`` gave."""
        return cls(tuple(values["at"]), tuple(values["to"]))


def choose_curve(
    log_odds: Floats,
    y: Floats,
    groups: NDArray[np.int64],
    folds: NDArray[np.int64],
    *,
    recipe: Recipe,
) -> Curve | None:
    """Curve on the out-of-fold log-odds; None unless curves from other folds lower the log loss for sure.

    For sure is by more than one standard error of the difference over accounts. Snapshots of an account
    count as one row of knowledge.
    """
    n_pieces = min(recipe.curve_pieces, count_events(y, groups) // recipe.interval_events)
    if n_pieces < 2:
        return None
    rows = np.linspace(0, len(y) - 1, min(len(y), recipe.max_additive_rows)).astype(np.intp)
    score, label, fold_of = log_odds[rows], y[rows], folds[rows]
    accounts, account = np.unique(groups[rows], return_inverse=True)
    pulls = [pull * len(rows) / len(accounts) for pull in recipe.curve_pulls]

    def held_out(pull: float) -> Floats:
        found = score.copy()
        for fold in np.unique(fold_of):
            held = fold_of == fold
            found[held] = _fit(score[~held], label[~held], n_pieces=n_pieces, pull=pull).apply(score[held])
        return found

    gains = [_losses(score, label) - _losses(held_out(pull), label) for pull in pulls]
    best = int(np.argmax([gain.sum() for gain in gains]))
    by_account = np.bincount(account, weights=gains[best])
    if by_account.sum() <= np.sqrt((by_account**2).sum()):
        return None
    return _fit(score, label, n_pieces=n_pieces, pull=pulls[best])


def _fit(score: Floats, y: Floats, *, n_pieces: int, pull: float) -> Curve:
    """Curve of least log loss, its pieces' slopes pulled to one."""
    at = np.unique(np.quantile(score, np.linspace(0, 1, n_pieces + 1)))
    if len(at) < 2:
        return Curve((float(at[0]),), (float(at[0]),))
    width = np.diff(at)
    climbed = np.column_stack([np.clip(score - low, 0, w) for low, w in zip(at[:-1], width, strict=True)])

    def loss(values: Floats) -> tuple[float, Floats]:
        found = at[0] + values[0] + (climbed * values[1:]).sum(axis=1)
        off = values[1:] - 1
        residual = expit(found) - y
        slope = (climbed * residual[:, None]).sum(axis=0) + pull * off
        value = _losses(found, y).sum() + 0.5 * pull * (off**2).sum()
        return float(value) / len(y), np.concatenate([[residual.sum()], slope]) / len(y)

    start = np.append(0.0, np.ones(len(width)))
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None)] + [(_FLATTEST, None)] * len(width),
        options={"ftol": 1e-12, "gtol": 1e-8},
    ).x
    to = at[0] + found[0] + np.append(0.0, np.cumsum(found[1:] * width))
    return Curve(tuple(at.tolist()), tuple(to.tolist()))


def _losses(log_odds: Floats, y: Floats) -> Floats:
    return np.logaddexp(0.0, log_odds) - y * log_odds
