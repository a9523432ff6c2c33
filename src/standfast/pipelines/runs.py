"""Compare the newest trainings of a book, as MLflow recorded them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standfast.adapters.tracking_runs import PastRun, past_trainings
from standfast.schema import TARGETS
from standfast.settings import Settings

FIGURES = ("auc", "log_loss", "ece", "lift_at_10")


@dataclass(frozen=True)
class RunLine:
    """One training as a line: when, what came of it, and each model's figures with their intervals."""

    at: str
    run_id: str
    version: str
    gate: str
    why: str
    status: str
    models: Mapping[str, Mapping[str, Any]]


def compare_runs(settings: Settings, *, most: int) -> Sequence[RunLine]:
    """Give the newest trainings, the newest first.

    Raises
    ------
    StateError
        Nothing was recorded for this book.
    """
    runs = past_trainings(settings.book_name, mlruns=Path(settings.paths.mlruns), most=most)
    return [_line(run) for run in runs]


def _line(run: PastRun) -> RunLine:
    gate = run.tags.get("decision") or run.tags.get("gate", "")
    models = {word: _figures(run, word) for word in TARGETS.values() if f"{word}/auc" in run.metrics}
    return RunLine(
        run.at, run.run_id, run.tags.get("version", ""), gate, run.tags.get("why", ""), run.status, models
    )


def _figures(run: PastRun, word: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: {
            "value": run.metrics.get(f"{word}/{name}"),
            "low": run.metrics.get(f"{word}/{name}_low"),
            "high": run.metrics.get(f"{word}/{name}_high"),
        }
        for name in FIGURES
    }
    return {"grade": run.tags.get(f"{word}.grade", ""), "how": run.tags.get(f"{word}.judged", ""), **found}
