"""Each model on the labels that matured since it learned, judged by month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standfast.learning.aged import NOT_MEASURED, Aged, Measured, judge_aged
from standfast.learning.check import Check
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.observed_expected import measure_level
from standfast.propensity.aged import AgedFigures, measure_aged
from standfast.propensity.metrics import Floats


@dataclass(frozen=True, eq=False)
class MaturedRows:
    """What a model said of rows whose outcome came after it had learned, and what came.

    Parameters
    ----------
    day
        Observation date of each row, as text.
    trained_auc
        AUC of the training's figures, its error on the log-odds scale.
    spread
        Standard deviation of a month's true ratio of events to promised ones.
    """

    model: str
    y: Floats
    p: Floats
    account: NDArray[np.int64]
    day: NDArray[np.str_]
    base_rate: float
    trained_auc: Measured
    spread: float = 0.0


def judge_matured(models: Sequence[MaturedRows], *, policy: MonitorPolicy) -> tuple[Check, ...]:
    """Give what is to be said of each model in its newest matured month, and in the newest few together."""
    parts = [(rows, *part) for rows in models for part in _periods(rows, policy)]
    return tuple(
        check
        for rows, period, chosen in parts
        for check in judge_aged(
            _aged(rows, period, chosen), trained_auc=rows.trained_auc, n_periods=len(parts), policy=policy
        )
    )


def _periods(rows: MaturedRows, policy: MonitorPolicy) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    days = np.unique(rows.day)
    if not len(days):
        return
    yield str(days[-1]), rows.day == days[-1]
    if len(days) > 1 and policy.months > 1:
        first = days[-policy.months :][0]
        yield f"{first} to {days[-1]}", rows.day >= first


def _aged(rows: MaturedRows, period: str, chosen: NDArray[np.bool_]) -> Aged:
    found = measure_aged(rows.y[chosen], rows.p[chosen], rows.account[chosen], base_rate=rows.base_rate)
    return Aged(
        model=rows.model, period=period, n_rows=found.n_rows, n_accounts=found.n_accounts,
        n_events=found.n_events, n_rarer=found.n_rarer,
        level=measure_level(found.observed, found.expected, design=found.design, spread=rows.spread),
        order=_pair(found, "order"), slope=_pair(found, "slope"), loss=_pair(found, "loss"),
    )  # fmt: skip


def _pair(found: AgedFigures, name: str) -> Measured:
    told = getattr(found, name)
    return NOT_MEASURED if told is None else Measured(*told)
