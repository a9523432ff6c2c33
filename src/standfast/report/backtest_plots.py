"""The pictures of a backtest: hours against money, where leavers stood, and what was promised."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from standfast.report.ink import (
    BLUE,
    INK,
    ORANGE,
    PALE,
    QUIET,
    in_house_style,
    name_bars,
    new_axes,
    percent_axes,
)
from standfast.report.wording import hours, is_known, money, percent

_DASHES: Sequence[Any] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)), (0, (3, 1)), (0, (1, 3)))
_PLACES = (BLUE, "#4d8db8", "#a3c4da", PALE)
_PARTS = ("first tenth", "to a fifth", "to half", "below")


@in_house_style
def plot_reach(told: Mapping[str, Any]) -> Figure:
    """Draw the revenue that left and was reached, as each rule's list is worked through in the same hours."""
    drawn, axes = new_axes(height=3.9)
    ends = []
    others = 0
    for rule in told["rules"]:
        is_plan = rule["rule"] == "plan"
        colour = BLUE if is_plan else (ORANGE if others < 2 else QUIET)
        used = np.linspace(0, told["hours"], len(rule["curve"]))
        style = "-" if is_plan else _DASHES[1 + others % (len(_DASHES) - 1)]
        axes.plot(used, rule["curve"], color=colour, linestyle=style, linewidth=2.6 if is_plan else 1.4)
        ends.append((rule["words"], float(rule["curve"][-1]), colour, is_plan))
        others += not is_plan
    top = max(told["left_revenue"], 1.0)
    axes.axhline(top, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.text(0, 0.985 * top, "all that left", color=QUIET, fontsize=8, va="top")
    labels = _spread([end for _, end, _, _ in ends], gap=0.062 * top)
    for (words, _, colour, is_plan), height in zip(ends, labels, strict=True):
        axes.annotate(
            words, (1.02, height), xycoords=("axes fraction", "data"), va="center", fontsize=8, color=colour,
            weight="bold" if is_plan else "normal", annotation_clip=False,
        )  # fmt: skip
    axes.set(xlim=(0, max(told["hours"], 1e-9)), ylim=(0, 1.04 * top), xlabel="Hours used")
    axes.set_ylabel(" ".join(("Churned revenue reached", told["currency"])).strip())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: money(value)))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: hours(value)))
    return drawn


@in_house_style
def plot_places(told: Mapping[str, Any]) -> Figure:
    """Draw in which part of each rule's list the accounts that left had stood."""
    drawn, axes = new_axes(height=1.2 + 0.34 * len(told["rules"]))
    name_bars(axes, [rule["words"] for rule in told["rules"]])
    for place, rule in enumerate(told["rules"]):
        reached = [rule["figures"][f"in_first_{share}"][0] or 0.0 for share in (10, 20, 50)]
        start = 0.0
        for end, colour in zip([*reached, 1.0], _PLACES, strict=True):
            axes.barh(place, end - start, left=start, color=colour, height=0.66)
            start = end
        axes.text(1.02, place, percent(reached[1]), va="center", fontsize=9)
    for part, colour in zip(_PARTS, _PLACES, strict=True):
        axes.barh(0, 0, color=colour, label=part)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.45, -0.02), ncols=4, frameon=False, fontsize=8,
        handlelength=1.0, columnspacing=1.0,
    )  # fmt: skip
    axes.text(1.02, -0.75, "in first\nfifth", fontsize=8, color=QUIET, va="bottom")
    axes.set_xlim(0, 1.16)
    axes.set_xticks([])
    return drawn


@in_house_style
def plot_promised(told: Mapping[str, Any]) -> Figure:
    """Draw the churn that was promised at each date beside the churn that came."""
    drawn, axes = new_axes(height=2.9)
    days = [(day["date"], day["models"]["churn"]) for day in told["dates"] if "churn" in day["models"]]
    places = np.arange(len(days))
    came = np.array([churn["event_rate"] for _, churn in days])
    low, high = (np.array([churn[f"event_rate_{end}"] for _, churn in days]) for end in ("low", "high"))
    said = np.array([churn["mean_probability"] for _, churn in days])
    axes.vlines(places, low, high, color=BLUE, linewidth=1.4, alpha=0.55)
    axes.plot(places, came, color=BLUE, marker="o", markersize=6, linewidth=0, label="came")
    axes.plot(places, said, color=ORANGE, marker="D", markersize=5, linewidth=1.0, label="promised")
    for place, (_, churn) in zip(places, days, strict=True):
        if is_known(churn["auc"]):
            note = f"AUC {churn['auc']:.2f}"
            axes.annotate(
                note, (place, 0), (0, 3), textcoords="offset points", ha="center", fontsize=8, color=INK
            )
    axes.set_xticks(places, [day for day, _ in days])
    axes.set(xlim=(-0.5, len(days) - 0.5), ylim=(0, 1.25 * max(*high, *said, 0.01)))
    axes.set_ylabel("Share of accounts")
    percent_axes(axes.yaxis)
    axes.legend(loc="upper left", ncols=2, frameon=False, fontsize=8)
    return drawn


def _spread(heights: Sequence[float], *, gap: float) -> list[float]:
    """Move labels up as far as needed for each to stand ``gap`` above the one below it."""
    placed, below = list(heights), -np.inf
    for place in np.argsort(heights, kind="stable"):
        placed[place] = below = max(heights[place], below + gap)
    return placed
