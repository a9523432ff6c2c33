"""What a plan says of its fixed work and of the plain cadence beside it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from standfast.report.wording import counted, hours, money

if TYPE_CHECKING:
    from standfast.decision.fixed_use import FixedUse
    from standfast.decision.outreach import PlanSummary

_WORK = {
    "onboarding": "onboarding", "renewal": "renewals", "alert": "alert calls", "yearly_call": "yearly calls",
    "reward": "thanks to the best accounts",
}  # fmt: skip


def fixed_work_lines(uses: "Sequence[FixedUse]") -> list[str]:
    """Say what fixed work takes, kind by kind; nothing where there is none."""
    planned = [
        f"{_WORK[use.kind]} {hours(use.hours)} ({counted(use.n_accounts, 'account')})"
        for use in uses
        if use.n_touches
    ]
    return [f"fixed work, planned first: {', '.join(planned)}"] if planned else []


def cadence_lines(summary: "PlanSummary", currency: str) -> list[str]:
    """Say what the plain cadence table would be worth; nothing where it was not asked for."""
    if summary.by == "cadence" or summary.cadence_value is None:
        return []
    cautious = money(summary.cadence_conservative_value, currency)
    return [
        (
            "a fixed cadence per cell in the same hours would be worth "
            f"{money(summary.cadence_value, currency)} as planned, {cautious} if one leaver in ten is saved"
        )
    ]


def next_hour(summary: "PlanSummary", currency: str) -> str:
    """Say what one more hour would be worth; a cadence does not know."""
    return (
        ""
        if summary.by == "cadence"
        else f"; one more hour would be worth {money(summary.lambda_, currency)}"
    )
