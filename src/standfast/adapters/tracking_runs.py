"""Read the trainings recorded in MLflow, the newest first, to compare them on the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from standfast.adapters.tracking import has_store, open_client, what_it_says
from standfast.errors import StateError


@dataclass(frozen=True)
class PastRun:
    """One recorded training: when, how it was tagged, and its figures."""

    run_id: str
    name: str
    at: str
    status: str
    tags: Mapping[str, str]
    metrics: Mapping[str, float]


def past_trainings(experiment: str, *, mlruns: Path, most: int) -> list[PastRun]:
    """Give the newest trainings of a book.

    Raises
    ------
    StateError
        There is no record, or it cannot be read.
    """
    if not has_store(mlruns):
        raise StateError(f"{mlruns} holds no record of a training; make one with: standfast train")
    try:
        client = open_client(mlruns)
        found = client.get_experiment_by_name(experiment)
        runs = client.search_runs(
            [found.experiment_id], "tags.kind = 'training'", max_results=most,
            order_by=["attributes.start_time DESC"],
        ) if found else []  # fmt: skip
    except Exception as problem:
        raise StateError(f"the record in {mlruns} cannot be read ({what_it_says(problem)})") from problem
    if not runs:
        raise StateError(f"{mlruns} holds no training of book {experiment!r}; make one: standfast train")
    return [_past(run.info, run.data) for run in runs]


def _past(info: object, data: object) -> PastRun:
    started = datetime.fromtimestamp(getattr(info, "start_time", 0) / 1000, UTC)
    return PastRun(
        run_id=str(getattr(info, "run_id", "")),
        name=str(getattr(info, "run_name", "")),
        at=started.strftime("%Y-%m-%d %H:%M"),
        status=str(getattr(info, "status", "")),
        tags={k: v for k, v in getattr(data, "tags", {}).items() if not k.startswith("mlflow.")},
        metrics=dict(getattr(data, "metrics", {})),
    )
