"""Record a training in MLflow, so that a person sees at a glance which run is better and why."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.adapters.artifacts import MANIFEST
from standfast.adapters.tracking import ModelToRegister, Recorded, TrainingRecord, record_training
from standfast.decision.forecast import Retention
from standfast.decision.outreach import Plan, PlanSummary
from standfast.features.catalogue import FeatureMeaning
from standfast.features.encode import encode
from standfast.pipelines.backtest_record import (
    backtest_figures,
    backtest_metrics,
    backtest_series,
    backtest_texts,
    dates_told,
)
from standfast.pipelines.card import CARD
from standfast.pipelines.data_facts import data_facts
from standfast.pipelines.fit import TrainedTarget
from standfast.pipelines.gate import told_of
from standfast.pipelines.record_parts import child_runs, fold_figures
from standfast.pipelines.report import matrix_with_tiers
from standfast.pipelines.scoring import probabilities_of, scorer_from
from standfast.pipelines.train import Training
from standfast.pipelines.views import evaluation_view, top_features
from standfast.propensity.gate import honest_grade
from standfast.report.curve_plot import plot_learning_curve
from standfast.report.data_view import data_markdown
from standfast.report.fitness_words import fitness_csv, fitness_markdown
from standfast.report.gate_plot import drawable, plot_gate
from standfast.report.gate_view import gate_markdown
from standfast.report.plots import (
    plot_calibration,
    plot_gain,
    plot_hours,
    plot_importance,
    plot_matrix,
    plot_metric_by_date,
    plot_precision_recall,
    plot_roc,
)
from standfast.schema import TARGETS
from standfast.settings import Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SERVED_MODEL = Path(__file__).with_name("served_model.py")
EXAMPLE_ROWS = 5


def record(
    training: Training,
    scores: pd.DataFrame | None,
    plan: Plan | None,
    page: str,
    *,
    settings: Settings,
    backtest: Mapping[str, Any] | None = None,
) -> Recorded:
    """Write the run: settings, data, figures, plots, report and, where it passed the gate, the model."""
    rows = training.learnable.snapshots
    name = training.bundle.version if training.bundle else f"{settings.book_name}-refused"
    experiment = TrainingRecord(
        experiment=settings.book_name,
        name=name,
        description=_description(training, settings),
        params=_params(training, settings),
        tags=_tags(training, settings),
        metrics=_metrics(training, plan),
        series=_series(training),
        figures=_figures(training, scores, plan, settings=settings),
        texts=_texts(training, page, settings=settings),
        children=child_runs(training, settings=settings),
        training_rows=rows,
        training_source=settings.book.accounts or "",
        training_digest=training.bundle.manifest["data"]["fingerprint"] if training.bundle else None,
    )
    if backtest:
        experiment = _with_backtest(experiment, backtest)
    return record_training(experiment, mlruns=Path(settings.paths.mlruns), model=_model(training, settings))


def _with_backtest(record: TrainingRecord, told: Mapping[str, Any]) -> TrainingRecord:
    """Add what a replay of the past found to the record of the training it came with."""
    return replace(
        record,
        tags={**record.tags, "backtest": dates_told(told)},
        metrics={**record.metrics, **backtest_metrics(told)},
        series={**record.series, **backtest_series(told)},
        figures={**record.figures, **backtest_figures(told)},
        texts={**record.texts, **backtest_texts(told)},
    )


def _model(training: Training, settings: Settings) -> ModelToRegister | None:
    if training.bundle is None:
        return None
    names = list(training.learnable.encoding.names)
    example = _typed_example(training.learnable.snapshots[names].head(EXAMPLE_ROWS), training)
    return ModelToRegister(
        bundle=training.bundle.folder,
        code=SERVED_MODEL,
        example=example,
        answer=probabilities_of(
            encode(example, training.learnable.encoding), scorer=scorer_from(training.bundle)
        ),
        is_champion=training.promotion.promoted,
        description=training.bundle.files[CARD],
        tags={
            "gate": "promoted" if training.promotion.promoted else "refused",
            "gate_reason": training.promotion.sentence[:4000],
            **{f"{one.word}.grade": honest_grade(one.evaluation, settings.gate)[0] for one in training.kept},
        },
    )


def _typed_example(rows: pd.DataFrame, training: Training) -> pd.DataFrame:
    """Numbers as floats and the rest as text: whole numbers would refuse a missing value later."""
    encoding = training.learnable.encoding
    numbers = encode(rows, encoding).matrix
    return pd.DataFrame(
        {
            feature.name: numbers[:, position]
            if feature.kind == "number"
            else rows[feature.name].astype(object).map(lambda cell: "" if pd.isna(cell) else str(cell))
            for position, feature in enumerate(encoding.features)
        }
    )


def _description(training: Training, settings: Settings) -> str:
    lines = [
        f"**{training.promotion.sentence}**",
        "",
        "| model | AUC | log loss | base rate's | grade |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in training.trained:
        metrics = one.evaluation.metrics
        lines.append(
            f"| {one.word} ({one.evaluation.how}) | {_spelled(metrics['auc'])} "
            f"| {_spelled(metrics['log_loss'])} | {metrics['base_log_loss'].value:.4f} "
            f"| {honest_grade(one.evaluation, settings.gate)[1]} |"
        )
    return "\n".join([*lines, "", *(f"- {note}" for note in training.notes)])


def _spelled(estimate: Any) -> str:
    return f"{estimate.value:.4f} ({estimate.low:.4f} to {estimate.high:.4f})"


def _params(training: Training, settings: Settings) -> dict[str, Any]:
    return {
        "book": settings.book_name,
        "rows": len(training.learnable.snapshots),
        "features": len(training.learnable.encoding.features),
        **{f"model.{name}": value for name, value in asdict(settings.recipe).items()},
        **{f"horizon.{name}": value for name, value in asdict(settings.horizon).items()},
        **settings.given_flat,
        **{f"{one.word}.rung": one.propensity.rung for one in training.trained},
    }


def _tags(training: Training, settings: Settings) -> dict[str, str]:
    data = training.bundle.manifest["data"]["fingerprint"] if training.bundle else ""
    return {
        "book": settings.book_name,
        "kind": "training",
        "gate": "promoted" if training.promotion.promoted else "refused",
        "why": training.promotion.sentence[:4000],
        "version": training.bundle.version if training.bundle else "",
        "data_fingerprint": data,
        **{f"{one.word}.grade": honest_grade(one.evaluation, settings.gate)[0] for one in training.trained},
        **{f"{one.word}.judged": one.evaluation.how for one in training.trained},
        **{f"{one.word}.rung": one.propensity.rung for one in training.trained},
        **{f"gate.{one.model}.{one.name}": one.answer for one in training.criteria},
    }


def _metrics(training: Training, plan: Plan | None) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for one in training.trained:
        for name, estimate in one.evaluation.metrics.items():
            ends = {"": estimate.value, "_low": estimate.low, "_high": estimate.high}
            metrics |= {f"{one.word}/{name}{end}": value for end, value in ends.items() if value == value}  # noqa: PLR0124
        if one.curve:
            metrics[f"{one.word}/gain_of_twice_the_data"] = one.curve.gain.value
        metrics[f"{one.word}/events"] = one.propensity.n_events
    if plan is not None:
        metrics |= _plan_metrics(plan.summary)
    return metrics


def _plan_metrics(told: PlanSummary) -> dict[str, float]:
    """Give what the plan is worth, and the revenue it is forecast to keep (R7), with and without it."""
    metrics = {
        "plan/conservative_value": told.conservative_value,
        "plan/expected_value": told.expected_value,
        "plan/hours_used": told.hours_used,
        "plan/value_of_one_more_hour": told.lambda_,
    }
    if told.forecast is None:
        return metrics
    for course in ("without_plan", "cautious", "with_plan"):
        kept: Retention = getattr(told.forecast, course)
        for kind, share in (("gross", kept.gross), ("net", kept.net)):
            if share is not None:
                name = f"forecast/{kind}_retention_{course}"
                metrics |= {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high}
    return metrics


def _series(training: Training) -> dict[str, list[float]]:
    """Quality at each test date or in each fold, as a line one can look along."""
    series: dict[str, list[float]] = {}
    for one in training.trained:
        series |= {
            f"{one.word}/{name}_by_fold": [part[name] for part in fold_figures(one)]
            for name in ("auc", "log_loss")
            if one.folds is not None
        }
        for name in ("auc", "log_loss"):
            values = [getattr(date, name) for date in one.evaluation.dates]
            if values:
                series[f"{one.word}/{name}_by_date"] = [value for value in values if value == value]  # noqa: PLR0124
    return series


def _figures(
    training: Training, scores: pd.DataFrame | None, plan: Plan | None, *, settings: Settings
) -> "dict[str, Figure]":
    figures: dict[str, Figure] = {}
    for one in training.trained:
        figures |= _figures_of(one, own=training.observed.own.meanings)
    for told in training.fitness:
        if told.curve:
            figures[f"{TARGETS[told.target]}_learning_curve"] = plot_learning_curve(told.curve.to_dict())
    if scores is not None and scores["cell"].notna().any():
        matrix = matrix_with_tiers(scores, settings.built_matrix)
        figures["matrix"] = plot_matrix(matrix, currency=settings.units.currency)
    gate = told_of(training.criteria)
    if drawable(gate):
        figures["gate"] = plot_gate(gate)
    if plan is not None:
        figures["hours"] = plot_hours([asdict(use) for use in plan.summary.by_owner])
    return figures


def _figures_of(one: TrainedTarget, *, own: Mapping[str, FeatureMeaning]) -> "dict[str, Figure]":
    view = evaluation_view(one.evaluation)
    pictures = {
        "roc": plot_roc(view),
        "precision_recall": plot_precision_recall(view),
        "calibration": plot_calibration(view),
        "gain": plot_gain(view),
        "importance": plot_importance(top_features(one.propensity, own=own)),
    }
    if view.by_date:
        pictures["auc_by_date"] = plot_metric_by_date(view)
    return {f"{one.word}_{name}": figure for name, figure in pictures.items()}


def _texts(training: Training, page: str, *, settings: Settings) -> dict[str, str]:
    texts = {"report.html": page} if page else {}
    if training.bundle is not None:
        texts[CARD] = training.bundle.files[CARD]
        texts["gate.md"] = gate_markdown(told_of(training.criteria), training.promotion.sentence)
        texts[MANIFEST] = (training.bundle.folder / MANIFEST).read_text(encoding="utf-8")
    facts = data_facts(training.observed, settings=settings)
    found = [asdict(finding) for finding in training.findings]
    if training.fitness:
        told = [(TARGETS[one.target], one.to_dict()) for one in training.fitness]
        texts["fitness.md"] = fitness_markdown(told)
        texts["fitness.csv"] = fitness_csv(told)
    return texts | {"data.md": data_markdown(facts, found)}
