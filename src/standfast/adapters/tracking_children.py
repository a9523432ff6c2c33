"""Runs within a run: one for each model of a training, in it one for each fold or date of its judgement."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ChildRun:
    """A part of a training that is worth a line of its own in MLflow's table of runs."""

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    children: "Sequence[ChildRun]" = ()


def log_children(mlflow: Any, parent: Any, children: Sequence[ChildRun]) -> None:
    """Write runs below a run, each in one batch."""
    client = mlflow.MlflowClient()
    for child in children:
        _log_child(mlflow, client, parent.info, child)


def _log_child(mlflow: Any, client: Any, parent: Any, child: ChildRun) -> None:
    tags = {"mlflow.parentRunId": parent.run_id, "mlflow.runName": child.name, **child.tags}
    run = client.create_run(parent.experiment_id, tags=tags, run_name=child.name)
    log_values(mlflow, run.info.run_id, params=child.params, metrics=child.metrics)
    for inner in child.children:
        _log_child(mlflow, client, run.info, inner)
    client.set_terminated(run.info.run_id)


def log_values(
    mlflow: Any,
    run_id: str,
    *,
    params: Mapping[str, Any],
    metrics: Mapping[str, float],
    series: Mapping[str, Sequence[float]] | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Write a run's values in as few calls as the store takes."""
    entities, now = mlflow.entities, int(time.time() * 1000)
    points = [
        entities.Metric(name, float(value), now, step)
        for name, values in {**{name: [one] for name, one in metrics.items()}, **(series or {})}.items()
        for step, value in enumerate(values)
    ]
    named = [entities.Param(_allowed(name), str(value)[:500]) for name, value in params.items()]
    tagged = [entities.RunTag(name, str(value)) for name, value in (tags or {}).items()]
    client = mlflow.MlflowClient()
    for first in range(0, max(len(points), 1), 900):
        batch = points[first : first + 900]
        head = first == 0
        client.log_batch(
            run_id, metrics=batch, params=named[:90] if head else [], tags=tagged[:90] if head else []
        )
    for rest in range(90, max(len(named), len(tagged)), 90):
        client.log_batch(run_id, params=named[rest : rest + 90], tags=tagged[rest : rest + 90])


def _allowed(name: str) -> str:
    """Give a name that MLflow takes: names of segments and plays may hold any sign."""
    return re.sub(r"[^\w\-. :/]", "_", name)
