"""Judge each model in groups of accounts, on the rows it was judged on and had not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.dimensions import DIMENSIONS, available_dimensions
from standfast.many_tests import benjamini_hochberg
from standfast.pipelines.fit import TrainedTarget
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.typed_rows import typed_rows
from standfast.pipelines.worth import group_rows
from standfast.propensity.evaluation import without_nan
from standfast.propensity.fitness import FitnessPolicy, GroupFitness, measure_groups
from standfast.propensity.learning_curve import LearningCurve
from standfast.report.fitness_words import fitness_line, group_warning
from standfast.schema import TARGETS
from standfast.settings import Settings

TOO_FEW = "too few"
MOST_WARNINGS = 5


@dataclass(frozen=True, kw_only=True)
class Fitness:
    """How fit one model is for each group: its figures, and how many comparisons were corrected for."""

    target: str
    groups: tuple[GroupFitness, ...]
    n_tests: int
    confidence: float
    least_events: int
    absent: tuple[str, ...] = ()
    curve: LearningCurve | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say of each group where the model errs more than elsewhere, the surest first."""
        wrong = [one for one in self.groups if set(one.findings) - {TOO_FEW}]
        surest = sorted(wrong, key=lambda one: np.nanmin([one.level_p, one.order_p]))
        return tuple(f"{TARGETS[self.target]}: {group_warning(asdict(one))}" for one in surest)

    @property
    def line(self) -> str:
        """Say in one sentence what was judged and what came of it."""
        return f"{TARGETS[self.target]}: {fitness_line(self.to_dict())}"

    @property
    def notes(self) -> list[str]:
        """The line, the first warnings, and what more data would bring."""
        more = len(self.warnings) - MOST_WARNINGS
        told = [f"{TARGETS[self.target]}: {self.curve.sentence}"] if self.curve else []
        rest = [f"{TARGETS[self.target]}: {more} more groups differ, see the report"] if more > 0 else []
        return [self.line, *self.warnings[:MOST_WARNINGS], *rest, *told]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        plain: dict[str, Any] = without_nan(asdict(self))
        return {**plain, "curve": self.curve.to_dict() if self.curve else None}


def fitness_groups(
    snapshots: pd.DataFrame, observed: ObservedBook, *, settings: Settings
) -> dict[str, pd.Series]:
    """Give the group of each snapshot in each dimension asked for that the book has.

    Raises
    ------
    InputError
        ``[fitness] by`` names neither a dimension nor a column of the book.
    """
    rows = typed_rows(snapshots)
    known = {*available_dimensions(rows), *(name for name in settings.fitness.by if name not in DIMENSIONS)}
    wanted = [name for name in dict.fromkeys(settings.fitness.by) if name in known]
    return {name: group_rows(rows, name, observed, settings) for name in wanted}


def judge_fitness(one: TrainedTarget, groups: Mapping[str, pd.Series], *, policy: FitnessPolicy) -> Fitness:
    """Give how fit a model is for each group of its unseen rows, corrected for how many were tried.

    Few of the differences called so are chance (Benjamini and Hochberg), over levels and orders alike.
    """
    unseen = one.unseen
    measured = [
        group
        for name, group_of in groups.items()
        if len(group_of.iloc[unseen.position].dropna().unique()) > 1
        for group in measure_groups(
            unseen.label, one.probability, unseen.groups,
            group_of.iloc[unseen.position].to_numpy(dtype=object), dimension=name, policy=policy,
        )
    ]  # fmt: skip
    raw = [value for group in measured for value in (group.level_p, group.order_p)]
    corrected = benjamini_hochberg(raw)
    judged = tuple(
        _judged(group, level_p, order_p, policy=policy)
        for group, level_p, order_p in zip(measured, corrected[::2], corrected[1::2], strict=True)
    )
    return Fitness(
        target=one.target,
        groups=judged,
        n_tests=int((~np.isnan(raw)).sum()),
        confidence=policy.confidence,
        least_events=policy.least_events,
        curve=one.curve,
        absent=tuple(name for name in policy.by if name not in groups),
    )


def _judged(group: GroupFitness, level_p: float, order_p: float, *, policy: FitnessPolicy) -> GroupFitness:
    chance = 1 - policy.confidence
    findings = []
    if np.isnan(level_p) and np.isnan(order_p):
        findings.append(TOO_FEW)
    if level_p < chance and (group.level.low > 0 or group.level.high < 0):
        findings.append("promises too little" if group.level.value > 0 else "promises too much")
    if order_p < chance and group.auc.value < group.auc_of_rest:
        findings.append("orders worse")
    return replace(group, level_p=level_p, order_p=order_p, findings=tuple(findings))


def fitness_of(fitness: Sequence[Fitness]) -> dict[str, dict[str, Any]]:
    """Give plain values by target, as the bundle and ``--json`` hold them."""
    return {one.target: one.to_dict() for one in fitness}
