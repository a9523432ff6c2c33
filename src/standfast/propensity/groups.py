"""How good a propensity is in each part of the book that has events enough to tell."""

from dataclasses import dataclass

from standfast.propensity.criteria import Evidence
from standfast.propensity.evaluation import Estimate
from standfast.propensity.gate_policy import GatePolicy
from standfast.propensity.metrics import auc, sort_rows
from standfast.propensity.money import judged_groups
from standfast.propensity.paired import estimate


@dataclass(frozen=True)
class GroupQuality:
    """Quality in one part of the book: what came, what was promised, and how well accounts were ordered."""

    group: str
    n_rows: int
    n_events: int
    event_rate: float
    mean_probability: float
    auc: Estimate


def quality_by_group(evidence: Evidence, *, policy: GatePolicy) -> list[GroupQuality]:
    """Give the quality in each value tier and industry with enough accounts of either outcome."""
    parts = judged_groups(evidence, least=policy.group_events)
    return [_quality(name, part, policy) for name, part in parts.items()]


def _quality(name: str, part: Evidence, policy: GatePolicy) -> GroupQuality:
    rows = sort_rows(part.label, part.probability, part.account)
    found = estimate(
        lambda weight: auc(rows, weight[rows.order]), part.account, draws=policy.n_draws, level=policy.level
    )
    return GroupQuality(
        name, len(part.label), int(part.label.sum()), float(part.label.mean()),
        float(part.probability.mean()), found,
    )  # fmt: skip
