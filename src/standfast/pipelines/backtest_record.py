"""A backtest in MLflow: figures per rule, quality along the dates, the plots and the whole as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.adapters.tracking import Recorded, TrainingRecord, record_training
from standfast.report.backtest_plots import plot_places, plot_promised, plot_reach
from standfast.report.backtest_words import backtest_sentences
from standfast.settings import Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Told = Mapping[str, Any]
BY_DATE = ("auc", "log_loss", "ece", "mean_probability", "event_rate")
FIGURES = ("in_first_20", "revenue_reached", "conservative_value", "expected_value")
AHEAD = ("revenue_reached", "conservative_value", "expected_value")
"""What of each rule is worth a line among the metrics; the JSON holds the rest."""


def record_backtest(told: Told, *, settings: Settings) -> Recorded:
    """Write a backtest as a run of its own, tagged ``kind`` = backtest, in the book's experiment."""
    record = TrainingRecord(
        experiment=settings.book_name,
        name=f"{settings.book_name}-backtest",
        description="\n\n".join(backtest_sentences(told)),
        params={"book": settings.book_name, "as_of": told["as_of"], **settings.given_flat},
        tags={"book": settings.book_name, "kind": "backtest", "dates": dates_told(told)},
        metrics=backtest_metrics(told),
        series=backtest_series(told),
        figures=backtest_figures(told),
        texts=backtest_texts(told),
    )
    return record_training(record, mlruns=Path(settings.paths.mlruns), model=None)


def dates_told(told: Told) -> str:
    """Name the dates replayed."""
    return ", ".join(day["date"] for day in told["dates"])


def backtest_metrics(told: Told) -> dict[str, float]:
    """Give each rule's figures, and how far the plan is ahead with the ends of that interval."""
    metrics = {"backtest/n_left": float(told["n_left"]), "backtest/left_revenue": float(told["left_revenue"])}
    for rule in told["rules"]:
        found = {name: rule["figures"][name][0] for name in FIGURES}
        for name in AHEAD if rule["ahead"] else ():
            ends = rule["ahead"][name]
            found |= {
                f"ahead_{name}{end}": value for end, value in zip(("", "_low", "_high"), ends, strict=True)
            }
        metrics |= {
            f"backtest/{rule['rule']}/{name}": value for name, value in found.items() if value is not None
        }
    return metrics


def backtest_series(told: Told) -> dict[str, list[float]]:
    """Give the models' quality, and the money each rule reached, from date to date."""
    series: dict[str, list[float]] = {}
    for word in ("churn", "upsell"):
        for name in BY_DATE:
            series[f"backtest/{word}/{name}_by_date"] = [
                day["models"][word][name] for day in told["dates"] if word in day["models"]
            ]
    for rule in told["rules"]:
        for name in ("revenue_reached", "conservative_value"):
            series[f"backtest/{rule['rule']}/{name}_by_date"] = [
                day["rules"][rule["rule"]][name] for day in told["dates"] if rule["rule"] in day["rules"]
            ]
    return {name: [value for value in values if value is not None] for name, values in series.items()}


def backtest_figures(told: Told) -> "dict[str, Figure]":
    """Give the plots; there is nothing to draw where nobody left."""
    if not told["n_left"]:
        return {}
    drawn = {"backtest_places": plot_places(told)}
    if told["hours"] > 0:
        drawn["backtest_reach"] = plot_reach(told)
    if any("churn" in day["models"] for day in told["dates"]):
        drawn["backtest_promised"] = plot_promised(told)
    return drawn


def backtest_texts(told: Told) -> dict[str, str]:
    """Give the backtest as JSON."""
    return {"backtest.json": json.dumps(dict(told), indent=1, sort_keys=True, ensure_ascii=False) + "\n"}
