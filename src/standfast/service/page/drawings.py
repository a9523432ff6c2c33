"""Plots for the page: the report's without inline styles, which its policy forbids; and lines over time."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from standfast.report.ink import BLUE, LINE, PALE, QUIET
from standfast.report.wording import day, is_known, percent

_STYLE = re.compile(r' style="([^"]*)"')
_FONT = re.compile(
    r"(?:(?P<style>italic|oblique) )?(?:(?P<weight>bold|\d+) )?(?P<size>[\d.]+(?:px)?) (?P<family>.+)"
)
WIDTH, HEIGHT = 480, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 26


@lru_cache(maxsize=512)
def without_styles(svg: Markup) -> Markup:
    """Give a drawing with attributes in place of its inline styles; it looks the same.

    >>> without_styles(Markup('<text style="font: bold 9px Arial; fill: #fff">a</text>'))
    Markup('<text font-weight="bold" font-size="9px" font-family="Arial" fill="#fff">a</text>')
    """
    return Markup(_STYLE.sub(lambda found: _attributes(found[1]), svg))  # noqa: S704  (it was a drawing before)


def _attributes(style: str) -> str:
    pairs = [part.split(":", 1) for part in style.split(";") if ":" in part]
    known = [(name.strip(), value.strip()) for name, value in pairs]
    return "".join(f' {n}="{v}"' for name, value in known for n, v in _long(name, value))


def _long(name: str, value: str) -> list[tuple[str, str]]:
    """Give a short-hand font as the attributes that SVG has."""
    found = _FONT.fullmatch(value) if name == "font" else None
    if found is None:
        return [(name, value)]
    parts = {f"font-{part}": told for part, told in found.groupdict().items() if told}
    return list(parts.items())


def over_time(points: Sequence[Mapping[str, Any]], *, title: str) -> Markup | None:
    """Draw a probability with its interval by day, or nothing of fewer than two days.

    Parameters
    ----------
    points
        day, value, low, high; in the order of days.
    """
    known = [point for point in points if is_known(point["value"])]
    if len(known) < 2:
        return None
    days = np.array([np.datetime64(point["day"], "D") for point in known]).astype(float)
    values, lows, highs = (_column(known, name) for name in ("value", "low", "high"))
    top = min(1.0, 1.15 * float(max(0.02, np.nanmax([values, highs]))))
    across = _LEFT + (WIDTH - _LEFT - _RIGHT) * (days - days[0]) / max(1.0, days[-1] - days[0])
    up = {name: _height(row, top) for name, row in {"at": values, "low": lows, "high": highs}.items()}
    told = "; ".join(f"{day(point['day'])}: {percent(point['value'])}" for point in known)
    return Markup(  # noqa: S704  (all that is not a number is escaped)
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}. {escape(told)}">'
        f"{_rules(top)}{_band(across, up['low'], up['high'])}"
        f'<polyline points="{_path(across, up["at"])}" fill="none" stroke="{BLUE}" stroke-width="2"/>'
        f"{_dots(across, up['at'], known)}{_dates(known)}</svg>"
    )


def _column(points: Sequence[Mapping[str, Any]], name: str) -> Any:
    return np.array([float(p[name]) if is_known(p[name]) else float(p["value"]) for p in points])


def _height(values: Any, top: float) -> Any:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - values / top)


def _path(across: Any, up: Any) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))


def _band(across: Any, low: Any, high: Any) -> str:
    return f'<polygon points="{_path(across, high)} {_path(across[::-1], low[::-1])}" fill="{PALE}"/>'


def _dots(across: Any, up: Any, points: Sequence[Mapping[str, Any]]) -> str:
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{BLUE}"><title>{escape(day(point["day"]))}: '
        f"{escape(percent(point['value']))}</title></circle>"
        for x, y, point in zip(across, up, points, strict=True)
    )


def _rules(top: float) -> str:
    """Draw three levels with their percentages."""
    levels = [0.0, top / 2, top]
    return "".join(
        f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" font-size="12" fill="{QUIET}">'
        f"{escape(percent(round(level, 3)))}</text>"
        for level in levels
        for y in [float(_height(level, top))]
    )


def _dates(points: Sequence[Mapping[str, Any]]) -> str:
    ends = ((_LEFT, "start", points[0]), (WIDTH - _RIGHT, "end", points[-1]))
    return "".join(
        f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="{anchor}" font-size="12" fill="{QUIET}">'
        f"{escape(day(point['day']))}</text>"
        for x, anchor, point in ends
    )
