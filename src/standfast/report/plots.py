"""The pictures of the report and of a training run: each function gives one matplotlib Figure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from standfast.report.content import EvaluationView
from standfast.report.ink import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    PALE,
    QUIET,
    in_house_style,
    name_bars,
    new_axes,
    percent_axes,
)
from standfast.report.matrix_view import tiers_of
from standfast.report.wording import count, figure, hours, is_known, money, percent


@in_house_style
def plot_matrix(matrix: pd.DataFrame, *, currency: str = "") -> Figure:
    """Draw accounts and revenue at risk per cell, risk down the side and value across."""
    drawn, axes = new_axes(height=3.9)
    worst = matrix["revenue_at_risk"].max()
    risks, values = tiers_of(matrix)
    for cell in matrix.to_dict("records"):
        if cell["risk_tier"] in risks and cell["value_tier"] in values:
            at = values.index(cell["value_tier"]), risks.index(cell["risk_tier"])
            _draw_cell(axes, cell, at, worst=worst, currency=currency)
    axes.set(xlim=(0, len(values)), ylim=(len(risks), 0), xlabel="Value", ylabel="Risk of leaving")
    axes.set_xticks(np.arange(len(values)) + 0.5, values)
    axes.set_yticks(np.arange(len(risks)) + 0.5, risks)
    axes.grid(visible=False)
    axes.tick_params(length=0)
    return drawn


def _draw_cell(
    axes: Axes, cell: Mapping[Any, Any], at: tuple[int, int], *, worst: float, currency: str
) -> None:
    left, top = at
    share = cell["revenue_at_risk"] / worst if is_known(worst) and worst > 0 else 0.0
    box = Rectangle((left + 0.03, top + 0.03), 0.94, 0.94, facecolor="#f4f7f9", edgecolor=LINE)
    axes.add_patch(box)
    if is_known(share) and share > 0:
        bar = Rectangle((left + 0.03, top + 0.88), 0.94 * share, 0.09, facecolor=ORANGE)
        axes.add_patch(bar)
    at_risk = money(cell["revenue_at_risk"], currency)
    middle = left + 0.5
    axes.text(middle, top + 0.24, str(cell["segment"]), ha="center", va="center", weight="bold", fontsize=8)
    axes.text(
        middle, top + 0.47, f"{count(cell['n_accounts'])} accounts", ha="center", va="center", fontsize=9
    )
    axes.text(middle, top + 0.68, f"at risk {at_risk}", ha="center", va="center", fontsize=8, color=QUIET)


@in_house_style
def plot_roc(evaluation: EvaluationView) -> Figure:
    """Draw how many of the events are found as more of the others are wrongly flagged."""
    drawn, axes = new_axes()
    curve = evaluation.curves.get("roc", {})
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(curve.get("fpr", []), curve.get("tpr", []), color=BLUE)
    axes.text(0.62, 0.55, "by chance", color=QUIET, fontsize=9, rotation=0)
    axes.text(0.97, 0.08, _metric(evaluation, "auc", "AUC"), ha="right", color=BLUE, weight="bold")
    _unit_square(axes, "Share of the others flagged", "Share of events found")
    return drawn


@in_house_style
def plot_precision_recall(evaluation: EvaluationView) -> Figure:
    """Draw how right the flags are as more of the events are found."""
    drawn, axes = new_axes()
    curve = evaluation.curves.get("precision_recall", {})
    axes.plot(curve.get("recall", []), curve.get("precision", []), color=BLUE)
    axes.axhline(evaluation.base_rate, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(
        0.02,
        evaluation.base_rate + 0.02,
        f"by chance {percent(evaluation.base_rate)}",
        color=QUIET,
        fontsize=9,
    )
    label = _metric(evaluation, "average_precision", "Average precision")
    axes.text(0.97, 0.93, label, ha="right", color=BLUE, weight="bold")
    _unit_square(axes, "Share of events found", "Share of flags that are right")
    return drawn


@in_house_style
def plot_calibration(evaluation: EvaluationView) -> Figure:
    """Draw the share that really had the event against the probability they were given."""
    drawn, axes = new_axes()
    curve = {
        name: np.asarray(points, dtype=float)
        for name, points in evaluation.curves.get("calibration", {}).items()
    }
    empty = np.array([])
    predicted, observed = curve.get("predicted", empty), curve.get("observed", empty)
    high = curve.get("high", observed)
    top = min(1.0, 1.12 * max([0.05, *predicted, *high[np.isfinite(high)]]))
    axes.plot([0, top], [0, top], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    axes.vlines(predicted, curve.get("low", observed), high, color=BLUE, linewidth=1.2, alpha=0.55)
    axes.plot(predicted, observed, color=BLUE, marker="o", markersize=5, linewidth=0)
    axes.text(0.84 * top, 0.95 * top, "as promised ", ha="right", va="top", color=QUIET, fontsize=9)
    axes.set(xlim=(0, top), ylim=(0, top), xlabel="Probability given", ylabel="Share it happened to")
    percent_axes(axes.xaxis, axes.yaxis)
    return drawn


@in_house_style
def plot_gain(evaluation: EvaluationView) -> Figure:
    """Draw the share of all events among the accounts at the top of the list."""
    drawn, axes = new_axes()
    curve = evaluation.curves.get("gain", {})
    share, captured = list(curve.get("share", [])), list(curve.get("captured", []))
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(share, captured, color=BLUE)
    axes.text(0.62, 0.55, "by chance", color=QUIET, fontsize=9)
    if share:
        found = float(np.interp(0.2, share, captured))
        axes.plot([0.2], [found], color=ORANGE, marker="o", markersize=6)
        note = f"first {percent(0.2)} of the list:\n{percent(found)} of the events"
        axes.annotate(note, (0.2, found), (0.97, 0.07), ha="right", color=ORANGE, weight="bold", fontsize=9)
    _unit_square(axes, "Share of accounts, riskiest first", "Share of events among them")
    if evaluation.target not in {"churned", "churn"}:
        axes.set_xlabel("Share of accounts, likeliest first")
    return drawn


@in_house_style
def plot_importance(features: Sequence[tuple[str, float]], *, limit: int = 12) -> Figure:
    """Draw what share of a model's decisions each feature carries, largest on top."""
    shown = [(str(label), float(share)) for label, share in features if is_known(share)][:limit]
    drawn, axes = new_axes(height=max(1.4, 0.9 + 0.3 * len(shown)))
    name_bars(axes, [label for label, _ in shown])
    widest = max([share for _, share in shown], default=1.0) or 1.0
    for place, (_, share) in enumerate(shown):
        axes.barh(place, share, color=BLUE, height=0.62)
        axes.text(share + 0.02 * widest, place, percent(share), va="center", fontsize=9)
    axes.set_xlim(0, 1.22 * widest)
    axes.set_xticks([])
    return drawn


@in_house_style
def plot_hours(by_owner: Sequence[Mapping[str, Any]], *, limit: int = 25) -> Figure:
    """Draw each owner's planned hours inside the hours they have."""
    shown = list(by_owner)[:limit]
    drawn, axes = new_axes(height=max(1.4, 0.9 + 0.34 * len(shown)))
    name_bars(axes, [str(line.get("owner") if is_known(line.get("owner")) else "No owner") for line in shown])
    widest = (
        max([float(line["capacity"]) for line in shown if is_known(line["capacity"])], default=1.0) or 1.0
    )
    for place, line in enumerate(shown):
        used, capacity = line["used"], line["capacity"] if is_known(line["capacity"]) else 0.0
        axes.barh(place, capacity, color=PALE, edgecolor=QUIET, linewidth=0.6, height=0.66)
        axes.barh(place, used if is_known(used) else 0.0, color=BLUE, height=0.40)
        axes.text(
            capacity + 0.02 * widest, place, f"{count(used)} of {hours(capacity)}", va="center", fontsize=9
        )
    axes.set_xlim(0, 1.42 * widest)
    axes.set_xticks([])
    return drawn


@in_house_style
def plot_metric_by_date(evaluation: EvaluationView, *, metric: str = "auc") -> Figure:
    """Draw one metric at each test date, with the number of events beside each point."""
    drawn, axes = new_axes(height=2.9)
    points = [line for line in evaluation.by_date if is_known(line.get(metric))]
    places = np.arange(len(points))
    values = [float(line[metric]) for line in points]
    axes.plot(places, values, color=BLUE, marker="o", markersize=5)
    for place, line in zip(places, points, strict=True):
        label = f"{figure(line[metric], 2)}\n{count(line.get('events'))} ev."
        axes.annotate(
            label,
            (place, line[metric]),
            (0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=INK,
        )
    names = [pd.Timestamp(line["date"]).strftime("%Y-%m-%d") for line in points]
    axes.set_xticks(
        places, names, rotation=30 if len(points) > 4 else 0, ha="right" if len(points) > 4 else "center"
    )
    axes.set_ylabel({"auc": "AUC", "log_loss": "Log loss"}.get(metric, metric))
    axes.margins(x=0.1, y=0.35)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    return drawn


def _metric(evaluation: EvaluationView, name: str, label: str) -> str:
    value = evaluation.metrics.get(name, (float("nan"),) * 3)
    return f"{label} {figure(value[0])}"


def _unit_square(axes: Axes, across: str, up: str) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1.005), xlabel=across, ylabel=up)
    percent_axes(axes.xaxis, axes.yaxis)
