"""Ways to calibrate on the five clean sets: what each would take off the log loss of rows held out.

The blend of the parts is a sigmoid calibration already: intercept and weights are learned on rows held out.
Asked here is what bends on top of it, learned from out-of-fold log-odds of four folds, judged on the fifth.
Run ``python -m bench calibration``. Reads ../shared/data; prints nothing where that is missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from bench.quality import DATA, SETS, folds_of, why_not
from standfast.features.encode import encode, learn_encoding
from standfast.propensity.curve import choose_curve
from standfast.propensity.outer import out_of_fold_probability
from standfast.propensity.recipe import Recipe
from standfast.propensity.split import grouped_folds

Floats = np.ndarray
NEVER = 10**9
"""No book has so many events: without it the recipe would bend its calibration itself."""
GRID = 60
"""Places at which the two isotonic fits of Venn-Abers are made; between them its answer is interpolated."""


def curve(score: Floats, y: Floats, asked: Floats) -> Floats:
    """Bend as standfast does: pieces, pulled straight, and only where other folds gain surely."""
    groups = np.arange(len(y))
    folds = grouped_folds(y, groups, 5, 1)
    found = choose_curve(score, y, groups, folds, recipe=Recipe())
    return expit(asked if found is None else found.apply(asked))


def sigmoid(score: Floats, y: Floats, asked: Floats) -> Floats:
    """Platt 1999."""
    return LogisticRegression(C=np.inf).fit(score[:, None], y).predict_proba(asked[:, None])[:, 1]


def beta(score: Floats, y: Floats, asked: Floats) -> Floats:
    """Kull, Silva Filho and Flach 2017: a weight of its own for the log of either probability."""

    def logs(log_odds: Floats) -> Floats:
        return np.column_stack([-np.logaddexp(0, -log_odds), np.logaddexp(0, log_odds)])

    return LogisticRegression(C=np.inf).fit(logs(score), y).predict_proba(logs(asked))[:, 1]


def isotonic(score: Floats, y: Floats, asked: Floats) -> Floats:
    """Zadrozny and Elkan 2002, half an event kept from either end."""
    least = 0.5 / len(y)
    fitted = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip").fit(score, y)
    return fitted.predict(asked)


def venn_abers(score: Floats, y: Floats, asked: Floats) -> Floats:
    """Vovk and Petej 2014, both answers joined as they say for log loss."""
    grid = np.quantile(score, np.linspace(0, 1, GRID))
    ends = []
    for label in (0.0, 1.0):
        fits = (IsotonicRegression().fit(np.append(score, at), np.append(y, label)) for at in grid)
        ends.append(np.array([fit.predict([at])[0] for fit, at in zip(fits, grid, strict=True)]))
    joined = ends[1] / (1 - ends[0] + ends[1])
    return np.interp(asked, grid, joined)


WAYS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "standfast's curve": curve,
    "sigmoid": sigmoid,
    "beta": beta,
    "isotonic": isotonic,
    "Venn-Abers": venn_abers,
}


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, figure and bound of each way on each set: log loss less that of the blend alone."""
    if why_not() is not None:
        return
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    for name in SETS:
        score, y, folds = _held_out(name)
        alone = _losses(expit(score), y)
        for way, calibrate in WAYS.items():
            said = np.empty(len(y))
            for fold in np.unique(folds):
                held = folds == fold
                said[held] = calibrate(score[~held], y[~held], score[held])
            off = _losses(said, y) - alone
            taken[way].append(float(off.mean()))
            error = off.std(ddof=1) / np.sqrt(len(off))
            yield f"{name}, log loss by {way}", f"{off.mean():+.5f} +/- {error:.5f}", "below 0 helps"
    for way, values in taken.items():
        yield f"five sets, log loss by {way}, mean", f"{np.mean(values):+.5f}", "below 0 helps"


def _held_out(name: str) -> tuple[Floats, Floats, Floats]:
    """Out-of-fold log-odds of the blend without a curve, outcomes and folds."""
    book = pd.read_csv(DATA / name / f"{name}_clean.csv")
    encoding = learn_encoding(book, columns=[str(c) for c in book if c not in {"account_id", "churned"}])
    X, y = encode(book, encoding).matrix, book["churned"].to_numpy(dtype=float)
    folds = folds_of(name)
    recipe = replace(Recipe(), interval_events=NEVER, symmetric_rows=0)
    p = out_of_fold_probability(X, y, book["account_id"], encoding=encoding, recipe=recipe, folds=folds)
    return logit(np.clip(p, 1e-12, 1 - 1e-12)), y, folds


def _losses(p: Floats, y: Floats) -> Floats:
    kept = np.clip(p, 1e-9, 1 - 1e-9)
    return -(y * np.log(kept) + (1 - y) * np.log(1 - kept))
