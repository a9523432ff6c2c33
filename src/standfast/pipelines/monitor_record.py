"""What monitoring found, in MLflow: a run of its own with each figure, and the whole as JSON and as text."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from standfast.adapters.tracking import Recorded, TrainingRecord, record_training
from standfast.learning.check import STEPS
from standfast.learning.drift import MONTHS_BEFORE
from standfast.settings import Settings

Told = Mapping[str, Any]


def record_monitor(told: Told, *, settings: Settings) -> Recorded:
    """Write what was found as a run tagged ``kind`` = monitor in the book's experiment."""
    record = TrainingRecord(
        experiment=settings.book_name,
        name=f"{settings.book_name}-monitor",
        description=f"{told['sentence']}\n\n{told['next_step']}",
        params={"book": settings.book_name, "as_of": told["as_of"], "model_version": told["champion"]},
        tags={"book": settings.book_name, "kind": "monitor", "verdict": told["verdict"]},
        metrics=monitor_metrics(told),
        texts={
            "monitor.json": json.dumps(dict(told), indent=1, sort_keys=True, ensure_ascii=False) + "\n",
            "monitor.md": monitor_text(told),
        },
    )
    return record_training(record, mlruns=Path(settings.paths.mlruns), model=None)


def monitor_metrics(told: Told) -> dict[str, float]:
    """Give the verdict as a number (0 nothing to 3 roll back), and each judged figure of the models."""
    metrics = {"monitor/verdict": float(STEPS.index(told["verdict"]))}
    for check in told["checks"]:
        if check["value"] is None or check["kind"] == "inputs":
            continue
        period = "_newest" if " to " not in check["sentence"].split(":")[0] else ""
        name = _named(f"monitor/{check['kind']}/{check['about']}{period}")
        metrics[name] = float(check["value"])
    for drift in told["inputs"]:
        if drift["what"] == "moved" and drift["since"] == MONTHS_BEFORE:
            metrics[_named(f"monitor/moved/{drift['name']}")] = float(drift["value"])
    return metrics


def monitor_text(told: Told) -> str:
    """Give what was found as Markdown."""
    lines = [
        f"# {told['book']}, as of {told['as_of']}",
        "",
        f"**{told['sentence']}**",
        "",
        told["next_step"],
        "",
    ]
    lines += [f"- {check['step']}: {check['sentence']}" for check in told["checks"]]
    lines += [f"- note: {note}" for note in told["notes"]]
    return "\n".join(lines) + "\n"


def _named(name: str) -> str:
    """Give a name as MLflow takes it."""
    return re.sub(r"[^0-9A-Za-z_\-./ ]", "_", name)
