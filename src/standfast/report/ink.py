"""How every plot looks, and how it becomes text: the same figure gives the same bytes on each run."""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from html import escape
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from standfast.report.wording import percent

P = ParamSpec("P")
_SHARE = FuncFormatter(lambda value, _: percent(round(value, 6)))

INK = "#1b2733"
QUIET = "#52606d"
LINE = "#c9d2da"
BLUE = "#0b5f94"
ORANGE = "#b84a00"
PALE = "#dbe7f0"
"""Blue against orange stays apart for every common kind of colour blindness, and in greyscale."""

SIZE = (4.8, 3.4)
"""Inches: 346 px wide, so that the letters keep their size on a phone of 375 px."""

_STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 10.0,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": LINE,
    "axes.facecolor": "white",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": "#e8edf1",
    "grid.linewidth": 0.8,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "figure.facecolor": "white",
    "figure.dpi": 100.0,
    "savefig.dpi": 150.0,
    "lines.linewidth": 2.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "standfast",
}


@contextmanager
def inked() -> Iterator[None]:
    """Draw and save in the house style, whatever a user's own matplotlib settings say."""
    defaults = {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith("backend")}
    style: dict[Any, Any] = {**defaults, **_STYLE}
    with mpl.rc_context(style), warnings.catch_warnings():
        # A name in a script the font lacks is drawn by the reader's browser, from the text in the SVG.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def in_house_style(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let a function draw in the house style."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with inked():
            return draw(*args, **kwargs)

    return styled


def new_axes(*, height: float = SIZE[1]) -> tuple[Figure, Axes]:
    """Give an empty figure of the house's width, and its axes; no global figure list is touched."""
    figure = _DrawnOnce(figsize=(SIZE[0], height), layout="constrained")
    return figure, figure.subplots()


class _DrawnOnce(Figure):
    """A figure that is laid out before it is saved, where matplotlib would draw it a first time for that."""

    def draw(self, renderer: RendererBase) -> None:
        engine = self.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):  # while it draws for good, matplotlib takes it out
            engine.execute(self)
        else:
            super().draw(renderer)


def percent_axes(*axes: Any) -> None:
    """Mark the axes in whole percents."""
    for axis in axes:
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(_SHARE)


def name_bars(axes: Axes, names: Sequence[str]) -> None:
    """Name the bars of a chart down its left side, the first on top, without grid or ticks."""
    short = [name if len(name) <= 26 else name[:25] + "\u2026" for name in names]
    axes.set_yticks(range(len(short)), short)
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[["bottom", "left"]].set_visible(False)


def to_svg(figure: Figure, *, name: str, title: str, description: str) -> str:
    """Give the figure as inline SVG with a title and a description read out by screen readers.

    Parameters
    ----------
    name
        Unique on the page: it goes before every id, so that two plots never share one.
    """
    drawn = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with inked():
        figure.savefig(drawn, format="svg", metadata=nothing)  # None drops the entry
    body = drawn.getvalue()
    body = re.sub(
        r"<!--.*?-->|<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>",
        "",
        body[body.index("<svg") :],
        flags=re.DOTALL,
    )
    body = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", body)
    opening, _, inner = body.partition(">")
    opening = re.sub(r' (?:width|height)="[^"]*"', "", opening)
    labelled = f'{opening} class="plot" role="img" aria-labelledby="{name}-title {name}-description">'
    words = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
    )
    return labelled + words + re.sub(r"\n\s*", "\n", inner).strip()
