"""The learner's recipe with two things that it has not: a weight per row, and signs that columns are held to.

What is on trial stays out of the product until it pays. With weights of one and no signs this is
``fit_propensity`` of a book of events with a hundred events or more; the benches print how far it is off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import lightgbm as lgb
import numpy as np
from joblib import Parallel, delayed
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.special import expit
from threadpoolctl import threadpool_limits

from standfast.features.encode import Encoding
from standfast.propensity.basis import learn_basis
from standfast.propensity.curve import choose_curve
from standfast.propensity.inner import InnerFolds, choose_inner_folds
from standfast.propensity.recipe import Recipe
from standfast.propensity.target_encoding import (
    TargetEncoding,
    category_columns,
    cross_fit,
    fit_target_encoding,
)
from standfast.propensity.tree_fit import tree_parameters

Floats = np.ndarray


@dataclass(frozen=True, eq=False)
class Part:
    """Log-odds a part of the blend gave its own rows while they were held out, and gives new rows."""

    held_out: Floats
    asked: Floats


@dataclass(frozen=True, eq=False)
class Trial:
    """Rows to learn from, an account's side by side, and new rows that are asked about."""

    X: Floats
    y: Floats
    accounts: Floats
    asked: Floats
    encoding: Encoding
    recipe: Recipe

    @cached_property
    def folds(self) -> InnerFolds:
        return choose_inner_folds(self.y, self.accounts, self.recipe)

    def of(self, rows: Floats) -> "Trial":
        """Give the trial that learns from some of the rows."""
        return replace(self, X=self.X[rows], y=self.y[rows], accounts=self.accounts[rows])

    def logistic(self, weight: Floats) -> tuple[Part, ...]:
        """Both logistic parts, bent and straight, each at the ridge that was best for rows held out."""
        lines = self._designs[2]
        with threadpool_limits(limits=1, user_api="blas"):
            return tuple(self._logistic(used, weight) for used in (np.ones_like(lines), lines))

    def trees(self, weight: Floats, signs: Mapping[str, int] | None = None, method: str = "basic") -> Part:
        """Free trees, as many as were best for rows held out; ``signs`` holds columns to rise or to fall."""
        parameters = {**tree_parameters(self.recipe, seed=self.recipe.seed), "num_threads": 1}
        if signs:
            constraints = [signs.get(name, 0) for name in self.encoding.names]
            parameters |= {"monotone_constraints": constraints, "monotone_constraints_method": method}
        runs = Parallel(n_jobs=2, prefer="threads")(
            delayed(self._grow)(fold, weight, parameters) for fold in self.folds.asked
        )
        n_trees = max(1, round(float(np.mean([max(1, run.best_iteration) for run in runs]))))
        held_out = np.empty(len(self.y))
        for fold, run in zip(self.folds.asked, runs, strict=True):
            held = self.folds.of_row == fold
            new = self._rates(~held).apply(self.X[held])
            held_out[held] = run.predict(new, raw_score=True, num_iteration=n_trees)
        every = np.ones(len(self.y), dtype=bool)
        train = lgb.Dataset(self._filled(every), self.y, weight=weight, params=parameters)
        whole = lgb.train(parameters, train, n_trees)
        return Part(held_out, whole.predict(self._rates(every).apply(self.asked), raw_score=True))

    def blend(self, parts: Sequence[Part], weight: Floats, *, bend: bool = False) -> Part:
        """Learned blend of parts; ``bend``: with the calibration curve where rows held out ask for it."""
        found = _blend(
            np.column_stack([part.held_out for part in parts]), self.y, weight, self.recipe.blend_ridge
        )
        held_out, asked = (
            found[0] + np.column_stack(rows) @ found[1:]
            for rows in zip(*((part.held_out, part.asked) for part in parts), strict=True)
        )
        curve = None
        if bend:
            curve = choose_curve(held_out, self.y, self.accounts, self.folds.of_row, recipe=self.recipe)
        return Part(held_out, asked) if curve is None else Part(curve.apply(held_out), curve.apply(asked))

    def _grow(self, fold: int, weight: Floats, parameters: Mapping[str, object]) -> lgb.Booster:
        held = self.folds.of_row == fold
        train = lgb.Dataset(self._filled(~held), self.y[~held], weight=weight[~held], params=parameters)
        asked = self._rates(~held).apply(self.X[held])
        judge = train.create_valid(asked, self.y[held], weight=weight[held], params=parameters)
        stop = lgb.early_stopping(self.recipe.patience, verbose=False)
        return lgb.train(parameters, train, self.recipe.max_trees, valid_sets=[judge], callbacks=[stop])

    def _rates(self, rows: Floats) -> TargetEncoding:
        return fit_target_encoding(
            self.X[rows], self.y[rows],
            n_codes=category_columns(self.encoding), prior_rows=self.recipe.encoding_rows,
        )  # fmt: skip

    def _filled(self, rows: Floats) -> Floats:
        return cross_fit(
            self.X[rows], self.y[rows], self.folds.of_row[rows],
            n_codes=category_columns(self.encoding), prior_rows=self.recipe.encoding_rows,
        )  # fmt: skip

    @cached_property
    def _designs(self) -> tuple[Floats, Floats, Floats]:
        """Design of the rows and of the new ones, ones first, and which of its columns never bend."""
        recipe, n_columns = self.recipe, self.X.shape[1]
        n_knots = max(2, min(recipe.n_knots, recipe.max_coefficients // max(1, n_columns)))
        bases = [
            learn_basis(self.X[:, place], feature, n_knots=n_knots, min_rows=recipe.min_category_rows)
            for place, feature in enumerate(self.encoding.features)
        ]
        taught, asked = (
            np.hstack([np.ones((len(X), 1)), *(basis.design(X[:, at]) for at, basis in enumerate(bases))])
            for X in (self.X, self.asked)
        )
        return taught, asked, np.concatenate([[True], *(~basis.bends for basis in bases)]).astype(bool)

    def _logistic(self, used: Floats, weight: Floats) -> Part:
        taught, asked, _ = self._designs
        Z, strengths = taught[:, used], sorted(self.recipe.ridge_strengths, reverse=True)
        scores = np.empty((len(self.y), len(strengths)))

        def hold_out(fold: int) -> None:
            held = self.folds.of_row == fold
            scores[held] = Z[held] @ _ridge_path(Z[~held], self.y[~held], weight[~held], strengths)

        Parallel(n_jobs=2, prefer="threads")(delayed(hold_out)(fold) for fold in self.folds.asked)
        best = int(np.argmin(weight @ (np.logaddexp(0.0, scores) - self.y[:, None] * scores)))
        whole = _ridge_path(Z, self.y, weight, strengths[: best + 1])[:, -1]
        return Part(scores[:, best], asked[:, used] @ whole)


def _ridge_path(Z: Floats, y: Floats, weight: Floats, strengths: Sequence[float]) -> Floats:
    """Coefficients per strength, one column each, by Newton's method; the first coefficient is not ridged."""
    share = float(weight @ y) / weight.sum()
    beta = np.zeros(Z.shape[1])
    beta[0] = np.log(share / (1 - share))
    found = []
    for strength in strengths:
        ridge = np.full(len(beta), strength)
        ridge[0] = 0.0

        def loss(at: Floats, ridge: Floats = ridge) -> float:
            score = Z @ at
            return float(weight @ (np.logaddexp(0.0, score) - y * score) + 0.5 * ridge @ at**2)

        factor = None
        for n_steps in range(60):
            p = expit(Z @ beta)
            slope = (weight * (p - y)) @ Z + ridge * beta
            if np.abs(slope).max() <= 1e-5 * len(y):
                break
            if n_steps % 4 == 0:
                half = Z * np.sqrt(weight * p * (1 - p))[:, None]
                factor = cho_factor(half.T @ half + np.diag(ridge + 1e-9))
            step, size = cho_solve(factor, slope), 1.0
            before = loss(beta)
            while loss(beta - size * step) > before and size > 1e-3:
                size /= 2
            beta = beta - size * step
        found.append(beta)
    return np.column_stack(found)


def _blend(Z: Floats, y: Floats, weight: Floats, ridge: float) -> Floats:
    """Intercept and weights of the parts, none below zero, pulled to equal shares."""
    equal = 1 / Z.shape[1]

    def loss(values: Floats) -> tuple[float, Floats]:
        score, off = values[0] + Z @ values[1:], values[1:] - equal
        value = weight @ (np.logaddexp(0.0, score) - y * score) + 0.5 * ridge * off @ off
        residual = weight * (expit(score) - y)
        slope = np.append(residual.sum(), residual @ Z + ridge * off)
        return value / len(y), slope / len(y)

    bounds = [(None, None)] + [(0.0, None)] * Z.shape[1]
    start = np.append(0.0, np.full(Z.shape[1], equal))
    options = {"ftol": 1e-13, "gtol": 1e-9}
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
