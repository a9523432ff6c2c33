"""What an experiment has shown so far: the effect of each arm against its control, and what is lacking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from standfast.learning.as_done import by_what_was_done
from standfast.learning.effect import Effect, effect_of
from standfast.learning.enough import Lack, lacking
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.intervals import Interval
from standfast.learning.outcomes import OUTCOMES, OutcomeName, expected_before
from standfast.learning.tally import Tally, comparable, refuse_odd_assignments, tally
from standfast.many_tests import holm
from standfast.schema import HOLDOUT

Finding = Literal["helps", "hurts", "alike", "too small"]
Looks = Literal["once", "often"]
READ: tuple[OutcomeName, ...] = ("churned", "expanded", "revenue", "complained")


@dataclass(frozen=True)
class Comparison:
    """One arm against its control on one outcome, judged.

    Parameters
    ----------
    is_primary
        Whether this is what the experiment was made to show; all others are secondary.
    corrected_p
        The p-value, of a secondary one corrected for how many there are (Holm 1979).
    finding
        By the interval that holds at all looks, or by that of one look where only one was agreed. A
        secondary one is found only if it also stands after the correction. alike: surely less than an effect
        worth knowing.
    lack
        What it takes until an effect worth knowing would show; None for money.
    """

    effect: Effect
    is_primary: bool
    corrected_p: float
    finding: Finding
    judged_by: Interval
    lack: Lack | None


@dataclass(frozen=True)
class ReadOut:
    """What an experiment has shown.

    Parameters
    ----------
    by_chance
        By the arm that chance gave each account (intention to treat): the only fair comparison.
    by_deed
        By what was recorded as done: who is contacted is chosen by people, so this is no effect. Kept apart.
    """

    experiment: str
    control: str
    primary: OutcomeName
    looks: Looks
    confidence: float
    tally: Tally
    by_chance: tuple[Comparison, ...]
    by_deed: tuple[Effect, ...]

    @property
    def decisive(self) -> tuple[Comparison, ...]:
        """What the experiment was made to show, one for each arm."""
        return tuple(one for one in self.by_chance if one.is_primary)


def read_out(
    rows: pd.DataFrame,
    *,
    control: str,
    policy: ExperimentPolicy,
    primary: OutcomeName = "churned",
    looks: Looks = "often",
    arms: Sequence[str] = (),
    days_per_cycle: float = 90.0,
) -> ReadOut:
    """Return what one experiment has shown, from rows of ASSIGNMENT_COLUMNS.

    Parameters
    ----------
    control
        The arm that all others are compared with.
    primary
        The outcome that was named before it began.
    looks
        once: it is read at the time that was settled beforehand; often: whenever somebody looks.
    arms
        All arms that were drawn from, also those that nobody has got yet; those of the rows by default.

    Raises
    ------
    InputError
        A column is missing, or a chance is none.
    """
    refuse_odd_assignments(rows)
    name = str(rows["experiment"].iloc[0]) if len(rows) else HOLDOUT
    all_arms = tuple(dict.fromkeys([control, *arms, *sorted(rows["arm"].unique())]))
    read = comparable(rows)
    done = by_what_was_done(read, is_holdout=name == HOLDOUT)
    effects = _effects(read, all_arms[1:], control=control, policy=policy)
    per_cycle = len(rows) / max(1, rows["cycle"].nunique())
    return ReadOut(
        experiment=name,
        control=control,
        primary=primary,
        looks=looks,
        confidence=policy.confidence,
        tally=tally(rows, all_arms),
        by_chance=_judged(
            effects, read, primary=primary, looks=looks, policy=policy, per_cycle=per_cycle,
            days_per_cycle=days_per_cycle,
        ),
        by_deed=_effects(done, all_arms[1:], control=control, policy=policy),
    )  # fmt: skip


def _effects(
    read: pd.DataFrame, arms: Sequence[str], *, control: str, policy: ExperimentPolicy
) -> tuple[Effect, ...]:
    wanted: list[OutcomeName] = [name for name in READ if name != "complained" or "complained" in read]
    found = [
        effect_of(
            read, outcome, arm=arm, control=control, confidence=policy.confidence,
            relative_reduction=policy.relative_reduction,
        )
        for arm in arms for outcome in wanted
    ]  # fmt: skip
    return tuple(one for one in found if one is not None)


def _judged(
    effects: tuple[Effect, ...], read: pd.DataFrame, *, primary: OutcomeName, looks: Looks,
    policy: ExperimentPolicy, per_cycle: float, days_per_cycle: float,
) -> tuple[Comparison, ...]:  # fmt: skip
    second = [one.outcome != primary for one in effects]
    corrected = iter(
        holm([e.estimate.p_value for e, is_second in zip(effects, second, strict=True) if is_second])
    )
    found = []
    for one, is_second in zip(effects, second, strict=True):
        p = next(corrected) if is_second else one.estimate.p_value
        judged_by = one.gain if looks == "once" else one.always_gain
        expected = float(expected_before(read, one.outcome).mean())
        lack = None
        if OUTCOMES[one.outcome].is_share and one.outcome != "complained":
            lack = lacking(
                one, expected_rate=expected, per_cycle=per_cycle, days_per_cycle=days_per_cycle, policy=policy
            )
        stands = not is_second or p < policy.alpha
        finding = _finding(one, judged_by, policy=policy, stands=stands)
        found.append(Comparison(one, not is_second, p, finding, judged_by, lack))
    return tuple(found)


def _finding(effect: Effect, gain: Interval, *, policy: ExperimentPolicy, stands: bool) -> Finding:
    if gain.excludes_zero and stands:
        return "helps" if gain.low > 0 else "hurts"
    worth_knowing = policy.relative_reduction * effect.control_rate
    is_share = OUTCOMES[effect.outcome].is_share
    if is_share and worth_knowing > 0 and -worth_knowing < gain.low and gain.high < worth_knowing:
        return "alike"
    return "too small"
