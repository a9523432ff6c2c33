"""An account's last half year drawn week by week: days with activity, tickets opened, touches made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from standfast.pipelines.desk import WEEKS_TOLD
from standfast.report.ink import BLUE, LINE, ORANGE, QUIET
from standfast.report.wording import count, day
from standfast.schema import ACCOUNT_ID

N_WEEKS = WEEKS_TOLD
DAYS_PER_WEEK = 7
WIDTH, HEIGHT = 480, 176
_LEFT, _RIGHT, _TOP, _FLOOR = 56, 8, 10, 100
_ROWS = {"tickets": 120, "touches": 138}
_ACTIVE = {"usage": "with usage", "invoices": "with an invoice"}


@dataclass(frozen=True, eq=False)
class Weeks:
    """Counts of one account in the weeks before a day, the oldest first; None where the book tells nothing.

    ``active`` are the days of each week with activity, and ``kind`` says which: usage or invoices.
    """

    as_of: date
    kind: str | None
    active: Sequence[int] | None
    tickets: Sequence[int] | None
    touches: Sequence[int]

    @property
    def words(self) -> str:
        """What the drawing shows, for who does not see it."""
        halves = [
            (f"the last {N_WEEKS // 2} weeks", slice(N_WEEKS // 2, None)),
            ("as many before", slice(0, N_WEEKS // 2)),
        ]
        told = [
            f"{count(sum(counts[part]))} {what} in {when}"
            for counts, what in self._named
            for when, part in halves
        ]
        return "; ".join(told)

    @property
    def _named(self) -> list[tuple[Sequence[int], str]]:
        active = [(self.active, f"days {_ACTIVE[self.kind]}")] if self.active and self.kind else []
        tickets = [(self.tickets, "tickets opened")] if self.tickets is not None else []
        return [*active, *tickets, (self.touches, "touches")]


def weeks_of(
    account_id: str, weekly: pd.DataFrame | None, touched_on: Sequence[pd.Timestamp], *, as_of: date | None
) -> Weeks | None:
    """Give the weeks of an account, out of the rows of all, sorted by account; None without a past."""
    if weekly is None or as_of is None:
        return None
    known = set(weekly["what"].astype("category").cat.categories)  # of all accounts, kept with the rows
    ids = weekly[ACCOUNT_ID].to_numpy()
    own = weekly.iloc[np.searchsorted(ids, account_id, "left") : np.searchsorted(ids, account_id, "right")]
    counted = {what: _counts(rows) for what, rows in own.groupby("what", observed=True)}
    kind = next((name for name in _ACTIVE if name in known), None)
    none = [0] * N_WEEKS
    return Weeks(
        as_of=as_of,
        kind=kind,
        active=None if kind is None else counted.get(kind, none),
        tickets=counted.get("tickets", none) if "tickets" in known else None,
        touches=_touches(touched_on, as_of),
    )


def week_by_week(weeks: Weeks) -> Markup:
    """Draw the weeks: a bar for the days with activity, dots for tickets and for touches below."""
    step = (WIDTH - _LEFT - _RIGHT) / N_WEEKS
    active = "" if weeks.active is None else _bars(weeks.active, step)
    dots = [
        _dots(counts, name, step, colour)
        for name, counts, colour in (("tickets", weeks.tickets, ORANGE), ("touches", weeks.touches, BLUE))
        if counts is not None
    ]
    return Markup(  # noqa: S704  (all that is not a number is escaped)
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Week by week. {escape(weeks.words)}">{active}{"".join(dots)}{_days(weeks.as_of)}</svg>'
    )


def _counts(rows: pd.DataFrame) -> list[int]:
    found = [0] * N_WEEKS
    for ago, n in zip(rows["weeks_ago"], rows["n"], strict=True):
        found[N_WEEKS - 1 - int(ago)] = int(n)
    return found


def _touches(days: Sequence[pd.Timestamp], as_of: date) -> list[int]:
    found = [0] * N_WEEKS
    for made_on in days:
        ago = ((as_of - made_on.date()).days - 1) // DAYS_PER_WEEK
        if 0 <= ago < N_WEEKS:
            found[N_WEEKS - 1 - ago] += 1
    return found


def _bars(active: Sequence[int], step: float) -> str:
    tall = (_FLOOR - _TOP) / DAYS_PER_WEEK
    rules = "".join(
        f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{_FLOOR - n * tall:.1f}" y2="{_FLOOR - n * tall:.1f}" '
        f'stroke="{LINE}"/><text x="{_LEFT - 6}" y="{_FLOOR - n * tall + 4:.1f}" text-anchor="end" '
        f'font-size="12" fill="{QUIET}">{n} days</text>'
        for n in (0, DAYS_PER_WEEK)
    )
    bars = "".join(
        f'<rect x="{_LEFT + place * step + 1:.1f}" y="{_FLOOR - n * tall:.1f}" width="{step - 2:.1f}" '
        f'height="{n * tall:.1f}" fill="{BLUE}"/>'
        for place, n in enumerate(active)
        if n
    )
    return rules + bars


def _dots(counts: Sequence[int], name: str, step: float, colour: str) -> str:
    """Draw a dot for each week with something; more make it larger."""
    y = _ROWS[name]
    dots = "".join(
        f'<circle cx="{_LEFT + (place + 0.5) * step:.1f}" cy="{y}" r="{min(7.0, 3.0 + n):.1f}" '
        f'fill="{colour}"><title>{n} {name}</title></circle>'
        for place, n in enumerate(counts)
        if n
    )
    return f'<text x="0" y="{y + 4}" font-size="12" fill="{QUIET}">{name}</text>{dots}'


def _days(as_of: date) -> str:
    first = as_of - timedelta(days=DAYS_PER_WEEK * N_WEEKS)
    last = as_of - timedelta(days=1)
    ends: Mapping[float, tuple[str, date]] = {_LEFT: ("start", first), WIDTH - _RIGHT: ("end", last)}
    return "".join(
        f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="{anchor}" font-size="12" fill="{QUIET}">'
        f"{escape(day(on))}</text>"
        for x, (anchor, on) in ends.items()
    )
