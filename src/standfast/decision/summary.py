"""What a plan amounts to: hours against capacity, money, what was cut, and how much rests on assumptions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from standfast.decision.fixed_use import FixedUse
from standfast.decision.forecast import BookForecast
from standfast.decision.held_out import HeldOut
from standfast.decision.response_used import ResponseUsed


@dataclass(frozen=True, kw_only=True)
class PoolUse:
    """One owner's hours (or the team's, or the shared pool's) and what they earn.

    ``capacity``, ``used`` and ``fixed`` are hours: all there are, those of outreach and those of fixed work,
    which comes first. ``lambda_`` is what one more hour would earn; ``bound`` is the dual bound, which no
    plan's value can pass; ``gap`` is the share of it that the best plan might still be ahead, 0 where the
    plan is the best one.
    """

    owner: str
    capacity: float
    used: float
    lambda_: float
    n_accounts: int
    n_planned: int
    expected_value: float
    conservative_value: float
    bound: float
    gap: float
    is_exact: bool
    fixed: float = 0.0

    @property
    def left(self) -> float:
        """Hours that nothing is planned for: capacity = fixed + used + left."""
        return self.capacity - self.fixed - self.used


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What a segment would get without a limit of hours, and what it gets."""

    segment: str
    n_wanted: int
    n_planned: int
    hours_wanted: float
    hours_planned: float


@dataclass(frozen=True, kw_only=True)
class OneMoreCsm:
    """What one more CSM would earn in a horizon, in the pool of hours where that is most.

    ``value`` is before the cost of the hours, which is ``cost`` for all of them, used or not.
    """

    hours: float
    owner: str
    hours_used: float
    value: float
    cost: float


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What the same plan earns if outreach works half or twice as well, and the save rate that pays its cost.

    ``break_even_save_rate`` is empty where no touch costs anything.
    """

    value_at_half_response: float
    value_at_twice_response: float
    break_even_save_rate: float | None


@dataclass(frozen=True, kw_only=True)
class PlanSummary:
    """The figures of a plan; money is an estimate under the planning response.

    Parameters
    ----------
    lambda_
        What one more hour would earn where it earns most.
    gap
        Share of the dual bound that the best plan might still be ahead.
    digital_value
        The part of ``expected_value`` that accounts with automated messages alone bring, at no hours.
    conservative_value
        Value of the planned hours if outreach keeps only ``save_rate`` of leaving accounts.
    left
        Accounts without a person's time, by reason.
    revenue_reached
        Annual revenue of the accounts that get a person's time.
    one_more_csm
        What one more person would earn; None where there is nobody to plan for.
    hours_used, hours_fixed
        Hours of outreach, and of fixed work; with those left they add up to ``hours_capacity``.
    fixed
        Fixed work by kind: onboarding, renewals, alert calls, yearly calls.
    by
        What hours went by: "value", what touches are worth, or "cadence", the table of each cell.
    cadence_value, cadence_conservative_value
        What a fixed cadence per cell in the same hours would be worth; None where it was not asked for.
    response
        By which response the plan was made, and what that moved; None where nothing could be learned.
    forecast
        Revenue retention with and without the plan; None where it was not asked for or cannot be told.
    held_out
        Who is left alone by chance, and what that costs and teaches; None where nobody is.
    """

    horizon_days: int
    n_accounts: int
    n_planned: int
    n_digital_only: int
    n_email_only: int
    hours_capacity: float
    hours_used: float
    lambda_: float
    gap: float
    expected_value: float
    digital_value: float
    conservative_value: float
    save_rate: float
    cost: float
    revenue_reached: float
    left: Mapping[str, int]
    by_owner: tuple[PoolUse, ...]
    cut: tuple[Cut, ...]
    sensitivity: Sensitivity
    notes: tuple[str, ...]
    forecast: BookForecast | None = None
    one_more_csm: OneMoreCsm | None = None
    hours_fixed: float = 0.0
    fixed: tuple[FixedUse, ...] = ()
    by: str = "value"
    cadence_value: float | None = None
    cadence_conservative_value: float | None = None
    held_out: HeldOut | None = None
    response: ResponseUsed | None = None

    @property
    def hours_left(self) -> float:
        """Hours that nothing is planned for."""
        return self.hours_capacity - self.hours_fixed - self.hours_used

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file or a report."""
        return asdict(self)
