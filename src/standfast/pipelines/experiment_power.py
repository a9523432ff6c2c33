"""What a test would take, before one begins."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from standfast.errors import InputError
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.outlook import Outlook, outlook, outlook_of
from standfast.pipelines.experiment_eligible import eligible_accounts
from standfast.pipelines.observe import refuse_no_book
from standfast.pipelines.to_plan import read_to_plan
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True)
class PlannedPower:
    """What a test takes at a rate, and who was left out where the book told it.

    Parameters
    ----------
    n_cycles
        Cycles until a test that begins now would end.
    """

    outlook: Outlook
    policy: ExperimentPolicy
    horizon_days: int
    n_cycles: int
    left_out: Mapping[str, int]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {
            **asdict(self.outlook), "relative_reduction": self.policy.relative_reduction,
            "wanted_power": self.policy.power, "confidence": self.policy.confidence,
            "horizon_days": self.horizon_days, "n_cycles": self.n_cycles, "left_out": self.left_out,
        }  # fmt: skip


def plan_power(
    settings: Settings,
    *,
    rate: float | None = None,
    accounts: int | None = None,
    reduction: float | None = None,
    segment: str | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> PlannedPower:
    """Give what a test takes: at a rate that is told, or among the book's accounts that may take part.

    Raises
    ------
    InputError
        A rate or a reduction is impossible, or the expression cannot be read.
    StateError
        The rate is not told, and there is no champion of this book.
    """
    policy = settings.experiments
    if reduction is not None:
        if not 0 < reduction < 1:
            raise InputError(f"--reduction {reduction:g} is impossible; give a part such as 0.25")
        policy = replace(policy, relative_reduction=reduction)
    if rate is not None and not 0 < rate < 1:
        raise InputError(f"--rate {rate:g} is impossible; give a share such as 0.08")
    horizon = settings.horizon.horizon_days
    n_cycles = max(1, policy.days // horizon)
    if rate is not None:
        found = outlook_of(
            rate, n_eligible=accounts or 0, horizon_days=horizon, n_cycles=n_cycles, policy=policy
        )
        return PlannedPower(found, policy, horizon, n_cycles, {})
    refuse_no_book(settings)
    say(f"reading book {settings.book_name!r}")
    given = read_to_plan(settings, scores_file=None, as_of=as_of)
    eligible = eligible_accounts(given, settings, segment=segment)
    told = outlook(eligible.rows, outcome="churned", horizon_days=horizon, n_cycles=n_cycles, policy=policy)
    if accounts is not None:
        told = outlook_of(
            told.base_rate, n_eligible=accounts, horizon_days=horizon, n_cycles=n_cycles, policy=policy
        )
    return PlannedPower(told, policy, horizon, n_cycles, eligible.left_out)
