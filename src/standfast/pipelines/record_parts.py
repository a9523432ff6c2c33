"""The parts of a training that get a run of their own: each model, and each fold or date it was judged on."""

from functools import partial

import numpy as np

from standfast.adapters.tracking_children import ChildRun
from standfast.pipelines.fit import TrainedTarget
from standfast.pipelines.train import Training
from standfast.propensity.gate import honest_grade
from standfast.propensity.metrics import figures, sort_rows
from standfast.settings import Settings

MOST_PARTS = 12
"""Folds or dates that get a run; of more dates the newest."""


def child_runs(training: Training, *, settings: Settings) -> list[ChildRun]:
    """Give one run per model, with one run in it per fold or test date."""
    about = {
        "book": settings.book_name,
        "version": training.bundle.version if training.bundle else "",
    }
    return [_model_run(one, about, settings) for one in training.trained]


def fold_figures(one: TrainedTarget) -> list[dict[str, float]]:
    """Give a model's figures in each fold it was judged on that held both outcomes."""
    if one.folds is None:
        return []
    parts = [one.folds == fold for fold in np.unique(one.folds)]
    return [_figures(one, held) for held in parts if one.unseen.take(held).has_both_classes]


def _figures(one: TrainedTarget, held: np.ndarray) -> dict[str, float]:
    label, said = one.unseen.label[held], one.probability[held]
    found = figures(sort_rows(label, said, np.arange(len(label))), np.ones(len(label)))
    counts = {"rows": len(label), "events": label.sum(), "event_rate": label.mean(), "promised": said.mean()}
    return {**found, **{name: float(value) for name, value in counts.items()}}


def _model_run(one: TrainedTarget, about: dict[str, str], settings: Settings) -> ChildRun:
    tags = {
        **about, "kind": "model", "model": one.word, "rung": one.propensity.rung,
        "judged": one.evaluation.how, "grade": honest_grade(one.evaluation, settings.gate)[0],
        "base_rate": "beaten" if one.verdict.passed else "not beaten",
    }  # fmt: skip
    metrics = {name: found.value for name, found in one.evaluation.metrics.items()}
    part = partial(_part_run, one=one, about=about)
    return ChildRun(
        name=one.word,
        tags=tags,
        metrics=_known({**metrics, "events": float(one.propensity.n_events)}),
        children=[part(name, figures_of) for name, figures_of in _parts(one)],
    )


def _parts(one: TrainedTarget) -> list[tuple[str, dict[str, float]]]:
    if one.folds is not None:
        return [(f"fold {n + 1}", found) for n, found in enumerate(fold_figures(one))][:MOST_PARTS]
    if one.unseen.dates is None:
        return []
    days = sorted(one.unseen.dates.unique())[-MOST_PARTS:]
    return [(str(day)[:10], _figures(one, (one.unseen.dates == day).to_numpy())) for day in days]


def _part_run(name: str, found: dict[str, float], *, one: TrainedTarget, about: dict[str, str]) -> ChildRun:
    kind = "fold" if one.folds is not None else "test date"
    tags = {**about, "kind": kind, "model": one.word, "part": name}
    return ChildRun(name=f"{one.word} {name}", tags=tags, metrics=_known(found))


def _known(found: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in found.items() if np.isfinite(value)}
