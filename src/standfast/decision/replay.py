"""Rule against rule over past dates: figures with intervals, and how far ours is ahead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt
from annotated_types import Interval as Within
from typing_extensions import Doc

from standfast.decision.columns import Floats
from standfast.decision.hindsight import TOP_SHARES, PastDate, contributions, list_of, reached
from standfast.decision.response import Response
from standfast.decision.rules import PLAN

CURVE_POINTS = 41


@dataclass(frozen=True, kw_only=True)
class BacktestPolicy:
    """Which past dates are replayed, and how sure the figures must be."""

    n_dates: Annotated[
        int, Ge(1), Doc("past dates to replay, the newest whose outcomes are known and back")
    ] = 4
    step_days: Annotated[
        int | None,
        Gt(0),
        Doc("days between them at least; the horizon by default, so that no outcome counts twice"),
    ] = None
    n_draws: Annotated[int, Ge(1), Doc("draws of accounts behind the intervals")] = 500
    level: Annotated[float, Within(gt=0, lt=1), Doc("coverage of the intervals")] = 0.9
    first_calls: Annotated[tuple[int, ...], Doc("how right the first so many calls were")] = (10, 50, 100)


class Interval(NamedTuple):
    """A figure and the ends of its interval; NaN where nothing can be said."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class RuleReplay:
    """What one rule's lists found over all dates.

    ``ahead`` is ours less this rule's, with the same accounts drawn. ``median_place`` is the share of its
    list that stood above the middle leaver. ``curve`` is churned revenue reached from no hours to all.
    """

    rule: str
    figures: Mapping[str, Interval]
    ahead: Mapping[str, Interval]
    median_place: float
    curve: tuple[float, ...]


RATIOS = {
    **{f"in_first_{share:.0%}".rstrip("%"): (f"left_in_{share}", "left") for share in TOP_SHARES},
    "leavers_reached": ("left_reached", "left"),
    "revenue_share_reached": ("revenue_reached", "left_revenue"),
    "precision_reached": ("left_reached", "reached"),
}
SUMS = ("revenue_reached", "conservative_value", "expected_value")


def replay(
    dates: Sequence[PastDate],
    weights: Iterable[Floats],
    *,
    response: Response,
    first_calls: Sequence[int],
    level: float,
) -> list[RuleReplay]:
    """Return each rule's figures over all dates, ours first, with intervals from drawing accounts.

    Parameters
    ----------
    weights
        Per draw, how often each account was drawn; accounts in the order of ``accounts_of``.
    level
        Coverage of the intervals.
    """
    accounts, rules = accounts_of(dates), _rules_of_all(dates)
    added = {
        rule: _by_account(dates, rule, accounts, response=response, first_calls=first_calls) for rule in rules
    }
    names = [str(name) for name in added[PLAN]]
    stacked = np.hstack([added[rule].to_numpy() for rule in rules])
    totals = np.vstack([np.ones(len(accounts)) @ stacked, *(weight @ stacked for weight in weights)])
    figures = {
        rule: _figures(dict(zip(names, part.T, strict=True)), first_calls=first_calls)
        for rule, part in zip(rules, np.split(totals, len(rules), axis=1), strict=True)
    }
    return [
        RuleReplay(
            rule=rule,
            figures={name: _interval(values, level) for name, values in figures[rule].items()},
            ahead={
                name: _interval(figures[PLAN][name] - values, level)
                for name, values in figures[rule].items()
                if rule != PLAN
            },
            median_place=_median_place(dates, rule),
            curve=_curve(dates, rule),
        )
        for rule in rules
    ]


def accounts_of(dates: Sequence[PastDate]) -> pd.Index:
    """Return every account of the dates once, in order."""
    found: pd.Index = pd.Index(sorted({name for date in dates for name in date.account_id}))
    return found


def _rules_of_all(dates: Sequence[PastDate]) -> list[str]:
    """Return the rules that had a list on every date, for only they used the same hours."""
    made = [{one.rule for one in date.lists} for date in dates]
    return [one.rule for one in dates[0].lists if all(one.rule in rules for rules in made)]


def _by_account(
    dates: Sequence[PastDate],
    rule: str,
    accounts: pd.Index,
    *,
    response: Response,
    first_calls: Sequence[int],
) -> pd.DataFrame:
    parts = [
        contributions(date, list_of(date, rule), response=response, first_calls=first_calls) for date in dates
    ]
    return pd.concat(parts).groupby(level=0).sum().reindex(accounts)


def _figures(totals: Mapping[str, Floats], *, first_calls: Sequence[int]) -> dict[str, Floats]:
    """Return each figure per draw; the first entry is that of the book itself."""
    ratios = {**RATIOS, **{f"precision_first_{n}": (f"left_in_first_{n}", f"first_{n}") for n in first_calls}}
    shares = {
        name: np.divide(
            totals[part], totals[whole], out=np.full(len(totals[part]), np.nan), where=totals[whole] > 0
        )
        for name, (part, whole) in ratios.items()
    }
    return {**shares, **{name: totals[name] for name in SUMS}}


def _interval(values: Floats, level: float) -> Interval:
    """Return the first value with the middle share of the others."""
    drawn = values[1:][np.isfinite(values[1:])]
    if not len(drawn):
        return Interval(float(values[0]), np.nan, np.nan)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(values[0]), float(low), float(high))


def _median_place(dates: Sequence[PastDate], rule: str) -> float:
    """Return where the middle leaver stood, as the share of its list that stood above it."""
    stood = [(list_of(date, rule).place[date.left] - 1) / len(date.left) for date in dates]
    return float(np.median(np.concatenate(stood))) if any(len(places) for places in stood) else np.nan


def _curve(dates: Sequence[PastDate], rule: str) -> tuple[float, ...]:
    """Return churned revenue reached with equal parts of each date's hours, from none to all."""
    return tuple(
        sum(
            float((reached(list_of(date, rule), hours=part * date.hours) * date.left) @ date.revenue)
            for date in dates
        )
        for part in np.linspace(0, 1, CURVE_POINTS)
    )
