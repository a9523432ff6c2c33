"""The book's forecast on the page: a picture, a table, and what its intervals hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from standfast.report.forecast_words import COURSES, forecast_caution, forecast_listing, one_decimal, share
from standfast.report.ink import BLUE, ORANGE, in_house_style, name_bars, new_axes
from standfast.report.listing import Listing
from standfast.report.pictures import Picture, draw

_KINDS = {"gross": (BLUE, "o", -0.16), "net": (ORANGE, "s", 0.16)}


@dataclass(frozen=True)
class ForecastView:
    """What the page says of the coming horizon."""

    listing: Listing
    picture: Picture
    caution: str


def forecast_view(told: Mapping[str, Any] | None) -> ForecastView | None:
    """Give the forecast in words and as a picture, or nothing where it cannot be told."""
    if not told:
        return None
    described = "; ".join(f"{words}: gross {share(told[course]['gross'])}, net {share(told[course]['net'])}"
                          for course, words in COURSES.items())  # fmt: skip
    picture = draw(
        plot_retention(told),
        name="retention",
        title="Revenue kept over the coming horizon",
        description=described,
        caption="Share of yearly revenue kept. Dots: gross; squares: net, with expansions; lines: intervals.",
    )
    return ForecastView(forecast_listing(told), picture, forecast_caution(told))


@in_house_style
def plot_retention(told: Mapping[str, Any]) -> Figure:
    """Draw gross and net retention of each course with their intervals."""
    drawn, axes = new_axes(height=2.3)
    name_bars(axes, list(COURSES.values()))
    for place, course in enumerate(COURSES):
        for kind, (colour, mark, shift) in _KINDS.items():
            one = told[course][kind]
            if one:
                at = place + shift
                axes.plot(
                    [one["low"], one["high"]], [at, at], color=colour, linewidth=2, solid_capstyle="butt"
                )
                axes.plot(one["value"], at, color=colour, marker=mark, markersize=7)
    axes.set_ylim(len(COURSES) - 0.5, -0.5)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel("Share of yearly revenue kept")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: one_decimal(value)))
    return drawn
