"""How good a propensity is: figures with intervals over accounts, by date, and the curves."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta

from standfast.errors import InputError
from standfast.propensity.bootstrap import account_weights, middle
from standfast.propensity.curves import Curve, all_curves
from standfast.propensity.ladder import count_events
from standfast.propensity.metrics import Floats, Sorted, auc, figures, row_losses, sort_rows
from standfast.propensity.noise import noise_floor

How = Literal["out of time", "out of fold"]


@dataclass(frozen=True)
class Estimate:
    """A figure and the ends of its interval; NaN where the rows do not allow it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class DateQuality:
    """Quality on one observation date."""

    date: str
    n_rows: int
    n_events: int
    event_rate: float
    mean_probability: float
    auc: float
    log_loss: float
    rate_low: float = math.nan
    """Ends of the 90 % interval of the event rate (Jeffreys, an account counting once)."""
    rate_high: float = math.nan
    ece: float = math.nan
    ece_noise: float = math.nan
    """Calibration error that true probabilities would stay below nineteen times in twenty."""


@dataclass(frozen=True)
class Evaluation:
    """Quality of one target's probabilities on rows that played no part in fitting them."""

    target: str
    how: How
    period: str
    n_rows: int
    n_accounts: int
    n_events: int
    n_rarer: int
    """Accounts of the rarer outcome: what the figures rest on."""
    base_rate: float
    metrics: Mapping[str, Estimate]
    gain_over_base: Estimate
    """Log loss less that of always saying the base rate: below zero is better."""
    dates: tuple[DateQuality, ...]
    curves: Mapping[str, Curve]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file; what is not a number becomes None."""
        plain: dict[str, Any] = without_nan(asdict(self))
        return plain

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Evaluation":
        """Read back what ``to_dict`` gave."""
        rest = {
            "metrics": {name: _estimate(value) for name, value in values["metrics"].items()},
            "gain_over_base": _estimate(values["gain_over_base"]),
            "dates": tuple(DateQuality(**_with_nan(date)) for date in values["dates"]),
            "curves": {
                name: {column: tuple(points) for column, points in curve.items()}
                for name, curve in values["curves"].items()
            },
        }
        return cls(**{**_with_nan(values), **rest})


def evaluate(
    y: ArrayLike,
    p: ArrayLike,
    groups: ArrayLike,
    *,
    target: str,
    how: How,
    seed: int,
    dates: ArrayLike | None = None,
    seen: ArrayLike | None = None,
    draws: int | None = None,
    level: float = 0.9,
) -> Evaluation:
    """Quality of the probabilities ``p`` of the outcomes ``y``.

    Parameters
    ----------
    groups
        Account of each row; intervals come from drawing accounts, not rows.
    dates
        Observation date of each row; gives the period and the table by date.
    seen
        True where the account was in the training rows too; adds ``auc_unseen`` on the others.
    draws, level
        Bootstrap draws (None: 300, fewer on large tables), and the coverage of the intervals.
    """
    labels, probability = _checked(y, p)
    _, account = np.unique(np.asarray(groups), return_inverse=True)
    rows = sort_rows(labels, probability, account)
    metrics = _estimates(
        rows,
        None if seen is None else ~np.asarray(seen, dtype=bool)[rows.order],
        draws=draws or _affordable_draws(len(labels)),
        seed=seed,
        level=level,
    )
    metrics["ece_noise"] = Estimate(*noise_floor(rows))
    return Evaluation(
        target=target,
        how=how,
        period=_period(dates),
        n_rows=len(labels),
        n_accounts=len(np.unique(account)),
        n_events=int(labels.sum()),
        n_rarer=count_events(labels, account),
        base_rate=float(labels.mean()),
        gain_over_base=metrics.pop("gain_over_base"),
        metrics=metrics,
        dates=_by_date(labels, probability, account, dates),
        curves=all_curves(rows),
    )  # fmt: skip


def _checked(y: ArrayLike, p: ArrayLike) -> tuple[Floats, Floats]:
    labels, probability = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if not len(labels) or len(labels) != len(probability):
        raise InputError(
            f"{len(labels)} outcomes and {len(probability)} probabilities: nothing to evaluate; "
            "give each row both"
        )
    if not ((probability >= 0) & (probability <= 1)).all():
        raise InputError("probabilities must lie between 0 and 1; score the rows with a propensity first")
    return labels, probability


def _affordable_draws(n_rows: int) -> int:
    """Fewer draws on large tables, whose intervals are narrow anyway."""
    return int(np.clip(9_000_000 // n_rows, 100, 300))


def _estimates(
    rows: Sorted, unseen: NDArray[np.bool_] | None, *, draws: int, seed: int, level: float
) -> dict[str, Estimate]:
    """Each figure of the rows, with the middle of what it is when accounts are drawn anew."""
    flat = _base_losses(rows.y)

    def of(weight: Floats) -> dict[str, float]:
        found = figures(rows, weight)
        found["gain_over_base"] = float((weight * (rows.row_loss - flat)).sum() / weight.sum())
        if unseen is not None and unseen.any():
            found["auc_unseen"] = auc(rows, weight * unseen)
        return found

    point = of(np.ones(len(rows.y)))
    drawn = [of(weight) for weight in account_weights(rows.account, draws=draws, seed=seed)]
    return {
        name: Estimate(value, *middle(np.array([draw[name] for draw in drawn]), level))
        for name, value in point.items()
    }


def _base_losses(y: Floats) -> Floats:
    """Log loss of each row when all rows get their own base rate."""
    return row_losses(y, np.full(len(y), y.mean()))


def _period(dates: ArrayLike | None) -> str:
    if dates is None:
        return ""
    known = pd.to_datetime(pd.Series(np.asarray(dates))).dropna()
    if known.empty:
        return ""
    first, last = f"{known.min():%Y-%m-%d}", f"{known.max():%Y-%m-%d}"
    return first if first == last else f"{first} to {last}"


def _by_date(
    y: Floats, p: Floats, account: NDArray[np.intp], dates: ArrayLike | None
) -> tuple[DateQuality, ...]:
    if dates is None:
        return ()
    known = pd.to_datetime(pd.Series(np.asarray(dates)))
    return tuple(
        _date_quality(str(date)[:10], sort_rows(y[mask], p[mask], account[mask]))
        for date in sorted(known.dropna().unique())
        for mask in [(known == date).to_numpy()]
    )


def _date_quality(date: str, rows: Sorted) -> DateQuality:
    found = figures(rows, np.ones(len(rows.y)))
    rate, n_accounts = float(rows.y.mean()), len(np.unique(rows.account))
    ends = np.asarray(beta.ppf([0.05, 0.95], 0.5 + rate * n_accounts, 0.5 + (1 - rate) * n_accounts))
    return DateQuality(
        date=date,
        n_rows=len(rows.y),
        n_events=int(rows.y.sum()),
        event_rate=rate,
        mean_probability=float(rows.p.mean()),
        auc=found["auc"],
        log_loss=found["log_loss"],
        rate_low=float(ends[0]),
        rate_high=float(ends[1]),
        ece=found["ece"],
        ece_noise=noise_floor(rows)[2],
    )


def without_nan(value: Any) -> Any:
    """Give plain values for JSON, with None for what is not a number."""
    if isinstance(value, Mapping):
        return {name: without_nan(inner) for name, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _with_nan(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float("nan") if value is None else value for name, value in values.items()}


def _estimate(values: Mapping[str, Any]) -> Estimate:
    return Estimate(**_with_nan(values))
