"""A handful of unit-weight signals for books with too few events to fit anything (Dawes)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from scipy.stats import rankdata

from standfast.features.encode import Encoding
from standfast.propensity.additive import Additive, CategoryTable, NumberTable
from standfast.propensity.recipe import Recipe
from standfast.propensity.target_encoding import fit_target_encoding, slots


@dataclass(frozen=True)
class ScorecardFit:
    """Scorecard as additive tables, and each training row's log-odds from folds without its account."""

    additive: Additive
    out_of_fold: NDArray[np.float64]
    signals: tuple[str, ...]


@dataclass(frozen=True)
class _Signal:
    column: int
    strength: float
    table: NumberTable | CategoryTable
    """One point in the risky half, none in the other, a half when missing."""


def fit_scorecard(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    encoding: Encoding,
    recipe: Recipe,
    signs: Mapping[str, float] | None = None,
) -> ScorecardFit:
    """Points for the strongest few columns, worth what points were worth on held-out accounts.

    Parameters
    ----------
    signs
        Points known beforehand per column: above zero where more of it makes the event likelier, below where
        less; 0 leaves it out. A column named here comes before one that the few events would have to tell of.
    """
    points = np.zeros(len(y))
    for fold in np.unique(folds):
        held = folds == fold
        chosen = _choose(X[~held], y[~held], encoding=encoding, recipe=recipe, signs=signs or {})
        points[held] = _points(X[held], chosen)
    chosen = _choose(X, y, encoding=encoding, recipe=recipe, signs=signs or {})
    worth = _worth_of_a_point(points - points.mean(), y, prior=recipe.point_prior)
    own = _points(X, chosen)
    base = _base_log_odds(y)
    return ScorecardFit(
        _as_tables(chosen, X, worth=worth, base=base),
        base + worth * (points - points.mean() if len(np.unique(folds)) > 1 else own - own.mean()),
        tuple(encoding.names[signal.column] for signal in chosen),
    )


def _choose(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    encoding: Encoding,
    recipe: Recipe,
    signs: Mapping[str, float],
) -> list[_Signal]:
    """Strongest signals first, those of a known direction before the others; ties by column order."""
    found = []
    for column, feature in enumerate(encoding.features):
        sign = signs.get(feature.name)
        if sign == 0:
            continue
        if feature.kind == "category":
            signal = _category_signal(
                X[:, column],
                y,
                column,
                len(feature.categories),
                recipe.encoding_rows,
                points=abs(sign or 1.0),
            )
        else:
            signal = _number_signal(X[:, column], y, column, sign)
        if signal is not None:
            found.append((sign is None, -signal.strength, column, signal))
    most = max(recipe.n_signals, sum(bool(signs.get(name)) for name in encoding.names))
    return [signal for *_, signal in sorted(found, key=lambda item: item[:3])[:most]]


def _number_signal(
    values: NDArray[np.float64], y: NDArray[np.float64], column: int, sign: float | None
) -> _Signal | None:
    present = ~np.isnan(values)
    if len(np.unique(values[present])) < 2:
        return None
    correlation = _correlation(rankdata(values[present]), y[present])
    direction = sign or (1.0 if correlation > 0 else -1.0)
    if sign is None and correlation == 0:
        return None
    middle = float(np.median(values[present]))
    if middle == values[present].max():  # "above the median" would hold for no one
        middle = float(np.nextafter(middle, -np.inf))
    above = float(np.nextafter(middle, np.inf))
    points = abs(sign) if sign else 1.0
    steps = (0.0, points) if direction > 0 else (points, 0.0)
    return _Signal(column, abs(correlation), NumberTable((middle, above), steps, points / 2))


def _category_signal(
    codes: NDArray[np.float64],
    y: NDArray[np.float64],
    column: int,
    n_codes: int,
    prior_rows: float,
    *,
    points: float,
) -> _Signal | None:
    present = ~np.isnan(codes)
    encoding = fit_target_encoding(
        codes[present, None], y[present], n_codes={0: n_codes}, prior_rows=prior_rows
    ) if present.any() else None  # fmt: skip
    if encoding is None or n_codes < 2:
        return None
    rates = np.array(encoding.rates[0])
    risky = (rates > y[present].mean()).astype(np.float64)
    on_rows = risky[slots(codes[present])]
    if on_rows.min() == on_rows.max():
        return None
    risky[:2] = 0.5
    # Categories pick their own risky half, which flatters them: half the strength of a number.
    strength = abs(_correlation(on_rows, y[present])) / 2
    return _Signal(column, strength, CategoryTable(tuple((points * risky).tolist())))


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    spread = float(x.std() * y.std())
    return float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread > 0 else 0.0


def _points(X: NDArray[np.float64], signals: list[_Signal]) -> NDArray[np.float64]:
    total = np.zeros(len(X))
    for signal in signals:
        total += signal.table.look_up(X[:, signal.column])
    return total


def _base_log_odds(y: NDArray[np.float64]) -> float:
    return float(logit((y.sum() + 0.5) / (len(y) + 1)))


def _worth_of_a_point(points: NDArray[np.float64], y: NDArray[np.float64], *, prior: float) -> float:
    """Log-odds per point, never negative: the mode under a normal prior around zero."""
    base = _base_log_odds(y)

    def loss(worth: float) -> float:
        score = base + worth * points
        return float(np.logaddexp(0.0, score).sum() - (y * score).sum() + 0.5 * (worth / prior) ** 2)

    return float(minimize_scalar(loss, bounds=(0.0, 2.0), method="bounded").x)


def _as_tables(signals: list[_Signal], X: NDArray[np.float64], *, worth: float, base: float) -> Additive:
    """Centred tables, and an intercept with which the average probability is the base rate."""
    tables: list[NumberTable | CategoryTable] = [NumberTable((0.0,), (0.0,), 0.0)] * X.shape[1]
    for signal in signals:
        table = signal.table
        average = float(table.look_up(X[:, signal.column]).mean())
        values = tuple(worth * (value - average) for value in table.values)
        if isinstance(table, NumberTable):
            tables[signal.column] = NumberTable(table.knots, values, worth * (table.missing - average))
        else:
            tables[signal.column] = CategoryTable(values)
    raw = Additive(0.0, tuple(tables)).score(X)
    return Additive(_matching_intercept(raw, float(expit(base))), tuple(tables))


def _matching_intercept(raw: NDArray[np.float64], rate: float) -> float:
    found = minimize_scalar(
        lambda a: (float(expit(raw + a).mean()) - rate) ** 2, bounds=(-25, 25), method="bounded"
    )
    return float(found.x)
