"""Turn what models know of themselves into what the report and the plots read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from standfast.features.catalogue import FeatureMeaning, describe
from standfast.propensity.evaluation import Evaluation
from standfast.propensity.gate import honest_grade
from standfast.propensity.gate_policy import GatePolicy
from standfast.propensity.model import Propensity
from standfast.report.content import EvaluationView
from standfast.schema import TARGETS

N_FEATURES = 12


def evaluation_view(evaluation: Evaluation) -> EvaluationView:
    """Give an evaluation in the report's words."""
    return EvaluationView(
        target=TARGETS[evaluation.target],
        how=evaluation.how,
        period=evaluation.period,
        n_rows=evaluation.n_rows,
        n_accounts=evaluation.n_accounts,
        n_events=evaluation.n_events,
        base_rate=evaluation.base_rate,
        metrics={name: (one.value, one.low, one.high) for name, one in evaluation.metrics.items()},
        curves=evaluation.curves,
        by_date=[
            {
                "date": one.date,
                "n": one.n_rows,
                "events": one.n_events,
                "event_rate": one.event_rate,
                "rate_low": one.rate_low,
                "rate_high": one.rate_high,
                "mean_probability": one.mean_probability,
                "ece": one.ece,
                "ece_noise": one.ece_noise,
                "auc": one.auc,
                "log_loss": one.log_loss,
            }
            for one in evaluation.dates
        ],
    )


def top_features(propensity: Propensity, *, own: Mapping[str, FeatureMeaning]) -> Sequence[tuple[str, float]]:
    """Give the features that carry most of a model's decisions, in words, with their share."""
    shares = list(propensity.importance().items())[:N_FEATURES]
    return [(describe(name, own).label, share) for name, share in shares]


def model_view(
    target: str,
    propensity: Propensity,
    evaluation: Evaluation,
    *,
    own: Mapping[str, FeatureMeaning],
    gate: GatePolicy,
    fitness: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give what the report says of one model; ``fitness`` is what its bundle says of groups."""
    letter, sentence = honest_grade(evaluation, gate)
    return {
        "target": TARGETS[target],
        "rung": propensity.rung,
        "n_events": propensity.n_events,
        "base_rate": propensity.base_rate,
        "grade": letter,
        "grade_sentence": sentence,
        "warnings": list(propensity.warnings),
        "top_features": top_features(propensity, own=own),
        "metrics": {name: asdict(one) for name, one in evaluation.metrics.items()},
        "how": evaluation.how,
        "fitness": fitness,
    }
