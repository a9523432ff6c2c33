"""What another plan would have brought to the accounts that chance decided on, from what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, numbers
from standfast.decision.response import CHANNELS, Response, kept_value, shifted, shifts
from standfast.learning.clusters import Figure
from standfast.learning.holdout import HELD_OUT
from standfast.learning.off_policy import Logged, effective_rows, gain_over, weights
from standfast.learning.response import LearnedResponse, account_effects
from standfast.learning.response_rows import in_order, randomised
from standfast.pipelines.assignments import assigned_accounts
from standfast.pipelines.learned_response import learn_from
from standfast.report.wording import money
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

CONFIDENCE = 0.95
CAPACITIES = (0.5, 0.75)
"""Shares of the hours that other plans are tried with."""
_FEWEST = 30.0
"""Rows an estimate must be worth to be told."""


@dataclass(frozen=True)
class OtherPlan:
    """One plan against none: what it would have done per account and cycle.

    ``churn`` is the change of the share that leaves, ``value`` money net of the cost of the touches;
    ``n_effective`` is how many equal rows the estimate is worth.
    """

    name: str
    share: float
    churn: Figure
    value: Figure
    n_effective: float


@dataclass(frozen=True)
class OtherPlans:
    """What other plans would have brought, in figures and in sentences."""

    n_rows: int
    plans: tuple[OtherPlan, ...]
    sentences: tuple[str, ...]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return asdict(self)


def other_plans(
    assignments: pd.DataFrame, *, settings: Settings, learned: LearnedResponse | None = None
) -> OtherPlans:
    """Give what contacting all, fewer, or others of the accounts at the margin would have brought.

    Only accounts that chance decided on can tell: it says nothing of those that were always contacted, or
    never. Estimates are doubly robust, their weights winsorised, their intervals over accounts.

    Parameters
    ----------
    assignments
        Rows of ASSIGNMENT_COLUMNS with what came of them.
    learned
        A response to plan by in place of the default one, as a further plan.
    """
    kept = assignments.iloc[in_order(assignments)]
    kept = kept[randomised(kept)]
    kept = kept[kept[["churn_probability", "annual_revenue"]].notna().all(axis=1).to_numpy(dtype=bool)]
    if kept.empty:
        return OtherPlans(0, (), ("no account that chance decided on has matured; ask again next horizon",))
    logs = _Logs.of(kept, settings=settings)
    plans = tuple(
        _judged(name, wanted, logs, settings=settings)
        for name, wanted in _candidates(kept, logs, learned, settings)
    )
    told = (
        f"chance decided on {len(kept):,} accounts x cycles that have matured; per account and cycle, "
        "against no outreach to them:"
    )
    return OtherPlans(len(kept), plans, (told, *(_told(one, settings) for one in plans)))


def judge_other_plans(settings: Settings, *, as_of: date | None = None) -> OtherPlans:
    """Give what other plans would have brought, by the assignments that the ledger holds.

    Raises
    ------
    InputError
        The book's tables cannot be read.
    StateError
        The ledger cannot be read.
    """
    rows = assigned_accounts(settings, as_of=as_of).rows
    return other_plans(rows, settings=settings, learned=learn_from(rows, settings=settings))


@dataclass(frozen=True, eq=False)
class _Odds:
    """What is believed of each row before anything came of it, and what staying and growing are worth."""

    p: Floats
    q: Floats
    kept: Floats
    added: Floats
    touches: Floats

    @classmethod
    def of(cls, rows: pd.DataFrame, settings: Settings) -> "_Odds":
        margin, p = settings.economics.gross_margin, numbers(rows, "churn_probability")
        paid = margin * numbers(rows, "annual_revenue")
        return cls(
            p, np.nan_to_num(numbers(rows, "upsell_probability")),
            kept_value(p, paid, horizon_days=settings.horizon.horizon_days),
            margin * np.nan_to_num(numbers(rows, "upsell_value")),
            rows[[f"n_{channel}" for channel in CHANNELS]].to_numpy(dtype=np.float64),
        )  # fmt: skip

    def reached(self, response: Response, effects: tuple[Floats, Floats] | None = None) -> "_Odds":
        """Return the odds after the touches of each row."""
        leaving, growing = shifts(self.touches, response=response, effects=effects)
        return replace(self, p=shifted(self.p, leaving), q=shifted(self.q, growing))

    @property
    def money(self) -> Floats:
        """What is expected to be lost by churn and won by expansion."""
        return -self.kept * self.p + self.added * (1 - self.p) * self.q


@dataclass(frozen=True, eq=False)
class _Logs:
    """The rows as logs of churn and of money, and what outreach takes and is believed to bring net."""

    churn: Logged
    value: Logged
    odds: _Odds
    cost: Floats
    hours: Floats
    net: Floats

    @classmethod
    def of(cls, rows: pd.DataFrame, *, settings: Settings) -> "_Logs":
        left = _Odds.of(rows, settings)
        reached, (hours, cost) = left.reached(settings.response), _taken(left.touches, settings)
        churned = numbers(rows, "churned")
        came = -left.kept * churned + left.added * (1 - churned) * np.nan_to_num(numbers(rows, "expanded"))
        arm = (rows["arm"] != HELD_OUT).to_numpy(dtype=bool), numbers(rows, "arm_probability")
        account = pd.factorize(rows[ACCOUNT_ID].astype("str"))[0]
        return cls(
            Logged(*arm, churned, account, if_left=left.p, if_treated=reached.p),
            Logged(*arm, came, account, if_left=left.money, if_treated=reached.money),
            left, cost, hours, reached.money - left.money - cost,
        )  # fmt: skip


def _taken(touches: Floats, settings: Settings) -> tuple[Floats, Floats]:
    """Give the hours and the cost of the bundles; a meeting counts as a visit, a call as a long one."""
    channels = [getattr(settings.channels, name) for name in CHANNELS]
    hours = touches @ np.array([channel.minutes for channel in channels]) / 60
    direct = touches @ np.array([channel.direct_cost for channel in channels])
    return hours, hours * settings.capacity.hourly_cost + direct


def _candidates(
    rows: pd.DataFrame, logs: _Logs, learned: LearnedResponse | None, settings: Settings
) -> Sequence[tuple[str, Floats]]:
    """Give the plans to judge: all, the best by hours, those that pay, those that pay by what was learned."""
    best_first = np.argsort(-logs.net / np.maximum(logs.hours, 1e-9), kind="stable")
    spent = np.cumsum(logs.hours[best_first])
    found = [("outreach to all of them", np.ones(len(rows)))]
    for share in CAPACITIES:
        within = np.zeros(len(rows))
        within[best_first[spent <= share * spent[-1]]] = 1.0
        found.append((f"the best of them in {share:.0%} of the hours", within))
    if learned is not None and not learned.is_default:
        reached = logs.odds.reached(settings.response, account_effects(learned, rows))
        pays = reached.money - logs.odds.money > logs.cost
        found.append(("those that pay by the learned response", pays.astype(np.float64)))
    return found


def _judged(name: str, wanted: Floats, logs: _Logs, *, settings: Settings) -> OtherPlan:
    nobody, most = np.zeros(len(wanted)), settings.learning.most_weight
    churn = gain_over(logs.churn, wanted, nobody, confidence=CONFIDENCE, most=most)
    value = gain_over(logs.value, wanted, nobody, confidence=CONFIDENCE, most=most)
    cost = float((wanted * logs.cost).mean())
    net = Figure(value.value - cost, value.low - cost, value.high - cost, value.error)
    return OtherPlan(name, float(wanted.mean()), churn, net, effective_rows(weights(logs.churn, wanted)))


def _told(one: OtherPlan, settings: Settings) -> str:
    if one.n_effective < _FEWEST:
        return f"{one.name}: too small to tell ({one.n_effective:.0f} rows' worth, {_FEWEST:.0f} are needed)"
    low, value, high = (
        money(amount, settings.units.currency) for amount in (one.value.low, one.value.value, one.value.high)
    )
    return (
        f"{one.name} ({one.share:.0%}): churn {100 * one.churn.value:+.1f} points "
        f"({100 * one.churn.low:+.1f} to {100 * one.churn.high:+.1f}), net value {value} ({low} to {high})"
    )
