"""Runs within a run: one for each model of a training, in it one for each fold or date of its judgement."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

_MOST_METRICS, _MOST_NAMED = 800, 90
"""What goes into one call: the store takes 1000 values, of them 100 parameters and 100 tags."""


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
    none: list[Any] = []
    parts = (_parts(points, _MOST_METRICS), _parts(named, _MOST_NAMED), _parts(tagged, _MOST_NAMED))
    for some_metrics, some_params, some_tags in zip_longest(*parts, fillvalue=none):
        client.log_batch(run_id, metrics=some_metrics, params=some_params, tags=some_tags)


def _parts(entities: list[Any], size: int) -> Iterator[list[Any]]:
    return (entities[start : start + size] for start in range(0, len(entities), size))


def _allowed(name: str) -> str:
    """Give a name that MLflow takes: names of segments and plays may hold any sign."""
    return re.sub(r"[^\w\-. :/]", "_", name)
