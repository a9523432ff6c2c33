"""How a challenger compares with champion and rules, as differences with their intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from standfast.report.ink import BLUE, INK, ORANGE, QUIET, in_house_style, new_axes

DRAWN = {
    "log_loss": ("log loss against the champion", -1.0),
    "auc": ("AUC against the champion", 1.0),
    "recency": ("AUC against longest silent first", 1.0),
    "revenue_list": ("AUC against largest first", 1.0),
}
"""Criteria with a difference one can draw on one axis, and the sign that makes better point right."""


def drawable(gate: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the answers that have a difference to draw: to the champion, else to the rules.

    Rules are ten times further off than champions, and on one axis would hide them.
    """
    drawn = [one for one in gate if one["name"] in DRAWN and one["figure"] is not None]
    return [one for one in drawn if one["name"] in {"log_loss", "auc"}] or drawn


@in_house_style
def plot_gate(gate: Sequence[Mapping[str, Any]]) -> Figure:
    """Draw each difference with its interval; to the right of the line the model is better."""
    answers = drawable(gate)[::-1]
    drawn, axes = new_axes(height=1.2 + 0.34 * max(len(answers), 2))
    axes.axvline(0, color=INK, linewidth=1)
    for place, one in enumerate(answers):
        sign = DRAWN[one["name"]][1]
        value, *ends = (sign * figure for figure in one["figure"])
        colour = ORANGE if one["answer"] == "fail" else BLUE if min(ends) > 0 else QUIET
        axes.plot(sorted(ends), [place, place], color=colour, linewidth=2)
        axes.plot([value], [place], marker="o", color=colour)
    names = [f"{one['model']}: {DRAWN[one['name']][0]}" for one in answers]
    axes.set_yticks(range(len(answers)), names)
    axes.set(ylim=(-0.6, max(len(answers), 1) - 0.4), xlabel="worse  |  better")
    return drawn
