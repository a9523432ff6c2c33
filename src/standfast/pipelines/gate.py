"""The gate: every criterion is asked of every model, and the answers are told whatever they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from standfast.features.findings import Finding
from standfast.pipelines.fit import TrainedTarget
from standfast.pipelines.gate_evidence import evidence_of
from standfast.pipelines.judge import FAVOURED, ChampionWords, Promotion
from standfast.pipelines.plan import team_capacity
from standfast.propensity.criteria import (
    Answer,
    Criterion,
    Evidence,
    calibration_criteria,
    champion_criteria,
    forgive,
    rule_criteria,
)
from standfast.propensity.gate import refusing
from standfast.propensity.gate_policy import CRITERIA, GatePolicy
from standfast.propensity.money import money_criterion, money_rules_criterion, segment_criterion
from standfast.settings import Settings

LEAVING = "churned"
"""The model that rules and money are asked of: the others have no rule that people use."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One model's evidence, and what can be asked of it without a champion."""

    one: TrainedTarget
    evidence: Evidence
    alone: tuple[Criterion, ...]


def ask_alone(
    kept: Sequence[TrainedTarget],
    snapshots: pd.DataFrame,
    *,
    findings: Sequence[Finding],
    columns: Sequence[str],
    settings: Settings,
) -> list[Asked]:
    """Ask each model what needs no champion: the same answers for the same training."""
    hours = _hours(settings)
    asked = []
    for one in kept:
        evidence = evidence_of(one, snapshots, tiers=settings.tiers)
        alone = [_base_rate(one), _leakage(one, findings, columns, settings)]
        alone += calibration_criteria(evidence, policy=settings.gate)
        if one.target == LEAVING:
            alone += rule_criteria(evidence, policy=settings.gate)
            alone.append(money_rules_criterion(evidence, hours=hours, policy=settings.gate))
        asked.append(Asked(one, evidence, tuple(alone)))
    return asked


def ask_beside_champion(
    asked: Sequence[Asked],
    *,
    champion_words: Mapping[str, ChampionWords],
    has_champion: bool,
    settings: Settings,
) -> tuple[Criterion, ...]:
    """Give every answer: those that stand alone, and those beside the champion of the same book."""
    hours = _hours(settings)
    answers: list[Criterion] = []
    for each in asked:
        words = champion_words.get(each.one.target)
        evidence = replace(each.evidence, champion=words.probability if words else None)
        answers += (
            [forgive(criterion, evidence, policy=settings.gate) for criterion in each.alone]
            if has_champion
            else each.alone
        )
        beside = champion_criteria(evidence, policy=settings.gate)
        beside.append(segment_criterion(evidence, policy=settings.gate))
        if each.one.target == LEAVING:
            beside.append(money_criterion(evidence, hours=hours, policy=settings.gate))
        answers += beside if words is None or words.is_new else map(_favoured, beside)
    order = list(CRITERIA)
    return tuple(sorted(answers, key=lambda one: order.index(one.name)))


def settle(
    promotion: Promotion,
    criteria: Sequence[Criterion],
    *,
    is_new: bool,
    has_champion: bool,
    policy: GatePolicy,
) -> Promotion:
    """Give the verdict: what the comparison says, unless a criterion stands in the way.

    Models that are in use already (``is_new`` false) are not judged again: only their settings changed.
    """
    if not promotion.promoted or not is_new:
        return promotion
    against = refusing(criteria, has_champion=has_champion, policy=policy)
    if against:
        told = "; ".join(f"{one.model}: {one.question}? No: {one.sentence}" for one in against)
        kept = "; the champion stays" if has_champion else ", so it does not become champion"
        return Promotion(promoted=False, sentence=f"refused at the gate{kept} ({told})")
    if has_champion and policy.needs_certainty and not any(map(_surely_better, criteria)):
        told = "the log loss is not lower beyond chance, as [gate] needs_certainty asks; the champion stays"
        return Promotion(promoted=False, sentence=f"{told} ({promotion.sentence})")
    return promotion


def told_of(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    """Give the answers as plain values."""
    return [one.to_dict() for one in criteria]


def _surely_better(criterion: Criterion) -> bool:
    return criterion.name == "log_loss" and criterion.figure is not None and criterion.figure.high < 0


def _favoured(criterion: Criterion) -> Criterion:
    """Hold nothing against a challenger where the champion had learned a part of what came of the rows."""
    if criterion.answer != "fail":
        return criterion
    return replace(criterion, answer="cannot tell", sentence=f"{criterion.sentence}, {FAVOURED}")


def _hours(settings: Settings) -> float:
    capacity = team_capacity(settings)
    return float(max(capacity.hours, capacity.owned_hours))


def _base_rate(one: TrainedTarget) -> Criterion:
    answer: Answer = "pass" if one.verdict.passed else "fail"
    told = one.verdict.sentence.removeprefix(f"{one.target}: ")
    return Criterion("base_rate", one.word, answer, told, one.verdict.difference)


def _leakage(
    one: TrainedTarget, findings: Sequence[Finding], columns: Sequence[str], settings: Settings
) -> Criterion:
    """Fail where a column that knows the answer was learned from, or a suspect made too good a model."""
    open_ones = [
        finding
        for finding in findings
        if finding.column in columns
        and finding.name.split(":")[0] in {"leak", "suspect"}
        and not finding.sets_aside
        and finding.name not in settings.check.accept
    ]
    order = one.evaluation.metrics["auc"].value
    too_good = bool(np.isfinite(order)) and order >= settings.check.suspect_auc
    if not open_ones:
        return Criterion("leakage", one.word, "pass", "no column it learned from is suspected")
    names = ", ".join(dict.fromkeys(finding.name for finding in open_ones))
    if too_good or any(finding.is_leak for finding in open_ones):
        told = f"{names}, and an AUC of {order:.3f}: take the column out, or name it under [check] accept"
        return Criterion("leakage", one.word, "fail", told)
    told = f"{names}, but the model is not too good to be true (AUC {order:.3f})"
    return Criterion("leakage", one.word, "cannot tell", told)
