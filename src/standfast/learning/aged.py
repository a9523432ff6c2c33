"""A model's level, order, spread and loss on labels that have matured since it learned, judged."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scipy.special import expit, logit, stdtrit

from standfast.learning.check import Check, Step
from standfast.learning.intervals import standard_steps
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.observed_expected import Level

FIGURES: Mapping[str, float] = {"level": 0.5, "order": 0.5, "slope": 0.5, "loss": 0.05}
"""How they share the false alarms. Order and slope mostly fail together, so they have one share in common."""
_RISES = 0.75
"""Share of the level's false alarms for more events than promised; fewer hurt less."""


class Measured(NamedTuple):
    """A figure and its standard error over accounts; NaN where the rows do not allow it."""

    value: float
    error: float


NOT_MEASURED = Measured(math.nan, math.nan)


@dataclass(frozen=True, kw_only=True)
class Aged:
    """A model on rows it had not learned from.

    Parameters
    ----------
    period
        The months looked at, in words.
    n_rarer
        Accounts of the rarer outcome.
    order
        AUC, its error on the log-odds scale.
    slope
        By how much log-odds really differ where the model's differ by one.
    loss
        Log loss less that of always saying the base rate learned.
    """

    model: str
    period: str
    n_rows: int
    n_accounts: int
    n_events: int
    n_rarer: int
    level: Level
    order: Measured = NOT_MEASURED
    slope: Measured = NOT_MEASURED
    loss: Measured = NOT_MEASURED


def surely_within(chance: float, n_rarer: int) -> float:
    """Give how many standard errors are passed with this chance, where so many accounts tell the error.

    >>> round(surely_within(0.05, 1000), 2), round(surely_within(0.05, 20), 2)
    (1.65, 1.73)
    """
    return float(stdtrit(max(n_rarer - 1, 1), 1 - chance))


def judge_aged(
    aged: Aged, *, trained_auc: Measured, n_periods: int, policy: MonitorPolicy
) -> tuple[Check, ...]:
    """Give what is to be said of level, order, slope and loss.

    Parameters
    ----------
    trained_auc
        AUC of the training's figures, its error on the log-odds scale.
    n_periods
        How many periods of all models are judged in this month: they share the false alarms.
    """
    chances = _Chances(
        policy.alarms_of("labels") / n_periods, policy.watches_of("labels") / n_periods, aged.n_rarer, policy
    )
    checks = [_level(aged, chances)]
    if aged.n_rarer < policy.least_events:
        return (*checks, _too_few(aged, policy))
    return (*checks, *_others(aged, trained_auc, chances))


@dataclass(frozen=True)
class _Chances:
    alarm: float
    watch: float
    n_rarer: int
    policy: MonitorPolicy

    def of(self, figure: str, *, alarm: bool) -> float:
        return FIGURES[figure] * (self.alarm if alarm else self.watch)

    def reach(self, figure: str, measured: Measured, *, alarm: bool) -> float:
        return surely_within(self.of(figure, alarm=alarm), self.n_rarer) * measured.error

    def shown(self, measured: Measured) -> float:
        return standard_steps(self.policy.confidence) * measured.error


def _level(aged: Aged, chances: _Chances) -> Check:
    policy, level = chances.policy, aged.level
    far = 1 + policy.level_off
    is_far = not 1 / far <= level.ratio <= far
    low, high = _ends(level, chances.of("level", alarm=True))
    watch_low, watch_high = _ends(level, chances.of("level", alarm=False))
    step: Step = "watch" if watch_low > 1 or watch_high < 1 else "nothing"
    if is_far and (low > 1 or high < 1):
        step = "retrain"
    shown = level.interval((1 - policy.confidence) / 2)
    return Check(
        kind="level", about=aged.model, step=step, value=level.ratio, low=shown[0], high=shown[1],
        threshold=far if level.ratio >= 1 else 1 / far,
        sentence=f"{_where(aged)}: {level.observed:,.0f} came where {level.expected:,.1f} were promised, "
        f"{_ratio(level.ratio, *shown)}{_bounded(step, 'surely', far)}",
    )  # fmt: skip


def _ends(level: Level, chance: float) -> tuple[float, float]:
    """Give the ends of the true ratio, the lower one beyond which with more of the chance."""
    return level.interval(_RISES * chance)[0], level.interval((1 - _RISES) * chance)[1]


def _others(aged: Aged, trained: Measured, chances: _Chances) -> Iterator[Check]:
    if not math.isnan(aged.order.value):
        yield _order(aged, trained, chances)
    if not math.isnan(aged.slope.value):
        yield _slope(aged, chances)
    if not math.isnan(aged.loss.value):
        yield _loss(aged, chances)


def _order(aged: Aged, trained: Measured, chances: _Chances) -> Check:
    """Say whether less of the order is left than the training promised, by more than may be lost."""
    own = Measured(float(logit(aged.order.value)), aged.order.error)
    both = Measured(own.value, math.hypot(own.error, trained.error))
    may = trained.value - chances.policy.auc_off
    surely, likely = (
        float(expit(own.value + chances.reach("order", both, alarm=alarm))) for alarm in (True, False)
    )
    step: Step = "watch" if likely < trained.value else "nothing"
    if surely < trained.value and aged.order.value < may:
        step = "retrain"
    low, high = (float(expit(own.value + sign * chances.shown(own))) for sign in (-1, 1))
    return Check(
        kind="order", about=aged.model, step=step, value=aged.order.value, low=low, high=high, threshold=may,
        sentence=f"{_where(aged)}: AUC {aged.order.value:.3f} ({low:.3f} to {high:.3f}), {trained.value:.3f} "
        f"when it was trained{_lost(step, may)}",
    )  # fmt: skip


def _slope(aged: Aged, chances: _Chances) -> Check:
    least = 1 - chances.policy.slope_off
    surely, likely = (
        aged.slope.value + chances.reach("slope", aged.slope, alarm=alarm) for alarm in (True, False)
    )
    step: Step = "watch" if likely < 1 else "nothing"
    if surely < 1 and aged.slope.value < least:
        step = "retrain"
    shown = chances.shown(aged.slope)
    low, high = aged.slope.value - shown, aged.slope.value + shown
    said = {"nothing": "", "watch": ": they are spread too far", "retrain": f": surely under {least:.2f}"}
    return Check(
        kind="slope", about=aged.model, step=step, value=aged.slope.value, low=low, high=high,
        threshold=least,
        sentence=f"{_where(aged)}: where log-odds differ by 1 they really differ by {aged.slope.value:.2f} "
        f"({low:.2f} to {high:.2f}){said[step]}",
    )  # fmt: skip


def _loss(aged: Aged, chances: _Chances) -> Check:
    surely = aged.loss.value - chances.reach("loss", aged.loss, alarm=True)
    step: Step = "retrain" if surely > 0 else "watch" if aged.loss.value > 0 else "nothing"
    shown = chances.shown(aged.loss)
    low, high = aged.loss.value - shown, aged.loss.value + shown
    said = {
        "nothing": "better than saying the base rate of everyone",
        "watch": "no better than saying the base rate of everyone",
        "retrain": "surely worse than saying the base rate of everyone",
    }[step]
    return Check(
        kind="loss", about=aged.model, step=step, value=aged.loss.value, low=low, high=high, threshold=0.0,
        sentence=f"{_where(aged)}: log loss {aged.loss.value:+.4f} ({low:+.4f} to {high:+.4f}) against the "
        f"base rate it learned: {said}",
    )  # fmt: skip


def _too_few(aged: Aged, policy: MonitorPolicy) -> Check:
    missing = policy.least_events - aged.n_rarer
    what = "only one outcome is met" if aged.n_rarer == 0 else f"{aged.n_rarer} accounts of the rarer outcome"
    return Check(
        kind="order", about=aged.model, step="nothing", is_judged=False,
        sentence=f"{_where(aged)}: {what}, so order, spread and loss are not judged yet; {missing} more are "
        "needed ([monitor] least_events)",
    )  # fmt: skip


def _where(aged: Aged) -> str:
    return f"{aged.model}, {aged.period}"


def _ratio(value: float, low: float, high: float) -> str:
    return f"{value:.2f} times ({low:.2f} to {high:.2f})"


def _bounded(step: Step, word: str, far: float) -> str:
    if step == "retrain":
        return f": {word} beyond {far:.2f} or {1 / far:.2f} times"
    return ": more than chance, not more than may be" if step == "watch" else ""


def _lost(step: Step, may: float) -> str:
    if step == "retrain":
        return f": surely under {may:.3f}"
    return ": less than then, not surely too little" if step == "watch" else ""
