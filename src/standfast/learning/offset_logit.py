"""A logistic model whose answer is known before any data: an offset, a prior, and what evidence adds."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from standfast.errors import InputError
from standfast.learning.arrays import Bools, Floats

_STEPS, _HALVINGS, _STILL = 60, 40, 1e-12


@dataclass(frozen=True, eq=False)
class Normal:
    """What is thought of parameters: their means and covariance; one without variance is held fast."""

    mean: Floats
    covariance: Floats

    @property
    def free(self) -> Bools:
        """Which parameters evidence may move."""
        return np.asarray(np.diag(self.covariance) > 0)


def learn_logit(design: Floats, offset: Floats, outcome: Floats, *, prior: Normal) -> Normal:
    """Return the posterior mode of ``logit P = offset + design @ parameters``, and the covariance there.

    Newton's method on a strictly concave function. Without rows the prior comes back as it was, and a
    parameter whose prior has no variance stays where it is.

    Parameters
    ----------
    design, offset, outcome
        Of shape (rows, parameters), (rows,), (rows,); outcomes are 0 or 1.

    Examples
    --------
    >>> prior = Normal(np.array([0.5]), np.array([[0.04]]))
    >>> learn_logit(np.empty((0, 1)), np.empty(0), np.empty(0), prior=prior).mean.tolist()
    [0.5]
    >>> rows = np.ones((400, 1))
    >>> learn_logit(rows, np.zeros(400), np.zeros(400), prior=prior).mean.round(2).tolist()
    [-1.79]
    """
    free = prior.free
    if not (np.isfinite(design).all() and np.isfinite(offset).all()):
        raise InputError("the rows to learn the response from hold numbers without end; leave those rows out")
    if not len(outcome) or not free.any():
        return prior
    base = offset + design[:, ~free] @ prior.mean[~free]
    precision = np.asarray(np.linalg.inv(prior.covariance[np.ix_(free, free)]), dtype=np.float64)
    mode, curvature = _mode(design[:, free], base, outcome, centre=prior.mean[free], precision=precision)
    mean, covariance = prior.mean.copy(), np.zeros_like(prior.covariance)
    mean[free] = mode
    covariance[np.ix_(free, free)] = np.linalg.inv(curvature)
    return Normal(mean, covariance)


def log_evidence(design: Floats, offset: Floats, outcome: Floats, *, prior: Normal, found: Normal) -> float:
    """Return the log of how likely the outcomes were before any was seen, by Laplace's approximation.

    Parameters
    ----------
    found
        What ``learn_logit`` found in these rows.

    Examples
    --------
    >>> sure = Normal(np.zeros(1), np.zeros((1, 1)))
    >>> came = np.array([0.0, 1, 0, 1])
    >>> round(log_evidence(np.ones((4, 1)), np.zeros(4), came, prior=sure, found=sure), 3)
    -2.773
    """
    fit = -float(log_losses(offset + design @ found.mean, outcome).sum())
    free = prior.free
    if not len(outcome) or not free.any():
        return fit
    before, after = (one.covariance[np.ix_(free, free)] for one in (prior, found))
    off = (found.mean - prior.mean)[free]
    narrower = float(np.linalg.slogdet(after)[1] - np.linalg.slogdet(before)[1])
    return fit - float(off @ np.linalg.solve(before, off)) / 2 + narrower / 2


def log_losses(eta: Floats, outcome: Floats) -> Floats:
    """Return the log loss of each row at its log-odds."""
    return np.asarray(-np.where(outcome > 0, log_expit(eta), log_expit(-eta)))


def _mode(
    design: Floats, base: Floats, outcome: Floats, *, centre: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    """Return where the posterior is highest, and its curvature there."""

    def height_at(at: Floats) -> float:
        off = at - centre
        return float(-log_losses(base + design @ at, outcome).sum() - off @ precision @ off / 2)

    here, height = centre.copy(), height_at(centre)
    for _ in range(_STEPS):
        p = expit(base + design @ here)
        slope = design.T @ (outcome - p) - precision @ (here - centre)
        step = np.linalg.solve(_curvature(design, p, precision), slope)
        if float(slope @ step) < _STILL * (1 + abs(height)):
            here = here + step
            break
        for _ in range(_HALVINGS):
            ahead = height_at(here + step)
            if ahead >= height:
                here, height = here + step, ahead
                break
            step = step / 2
        else:
            break
    return here, _curvature(design, expit(base + design @ here), precision)


def _curvature(design: Floats, p: Floats, precision: Floats) -> Floats:
    return np.asarray((design.T * (p * (1 - p))) @ design + precision)
