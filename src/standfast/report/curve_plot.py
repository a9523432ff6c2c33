"""Quality against the accounts learned from, as a small plot."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, NullLocator

from standfast.report.ink import BLUE, QUIET, in_house_style, new_axes
from standfast.report.pictures import Picture, draw
from standfast.report.wording import count, figure


@in_house_style
def plot_learning_curve(told: Mapping[str, Any]) -> Figure:
    """Draw the log loss on unseen rows by the accounts learned from, and what twice as many would do."""
    drawn, axes = new_axes(height=2.7)
    sizes = [step["n_accounts"] for step in told["steps"]]
    losses = [step["log_loss"] for step in told["steps"]]
    axes.plot(sizes, losses, color=BLUE, marker="o", markersize=5)
    ahead = losses[-1] - told["gain"]["value"]
    axes.plot([sizes[-1], 2 * sizes[-1]], [losses[-1], ahead], color=QUIET, linestyle=(0, (4, 3)), marker="o",
              markerfacecolor="white")  # fmt: skip
    axes.set_xscale("log")
    shown = [*sizes, 2 * sizes[-1]]
    axes.set_xticks(shown, [count(size) for size in shown])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(xlabel="Accounts learned from", ylabel="Log loss (lower is better)")
    return drawn


def curve_picture(told: Mapping[str, Any] | None, *, anchor: str, event: str) -> tuple[Picture, ...]:
    """Give the plot, or nothing where the curve was not measured."""
    if not told:
        return ()
    steps = [f"{count(one['n_accounts'])} accounts {figure(one['log_loss'])}" for one in told["steps"]]
    return (
        draw(
            plot_learning_curve(told),
            name=f"{anchor}-curve",
            title=f"{event}: what more data would bring",
            description=f"Log loss by accounts learned from. {'; '.join(steps)}.",
            caption="What more data would bring: a plain logistic model that learned from more and more "
            "accounts, tested on the same rows. Dashed: twice the data, by a power law.",
        ),
    )
