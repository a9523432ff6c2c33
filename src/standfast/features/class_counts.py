"""Whether there are enough accounts of each outcome to learn from, over all and at each observation date."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from standfast.features.findings import Finding, some
from standfast.schema import OBSERVATION_DATE

Step = Literal["scorecard", "logistic", "blend"]
LADDER = (20, 100)
"""Accounts of the rarer outcome from which a fitted model, and boosted trees, are allowed (U6)."""

_DRIFT_TIMES, _DRIFT_SIGMAS = 1.5, 4.0
_LEAST_DATES = 4


@dataclass(frozen=True, kw_only=True)
class DateFacts:
    """One observation date: its snapshots, each label's yes and known rows, and who was left out and why."""

    date: str
    n_rows: int
    labels: Mapping[str, tuple[int, int]]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LabelFacts:
    """One label over all dates: ``n_events`` accounts of the rarer outcome decide the model's ``step``."""

    name: str
    n_true: int
    n_known: int
    n_events: int
    step: Step | None

    @property
    def share(self) -> float | None:
        """Share of yes where it is known."""
        return self.n_true / self.n_known if self.n_known else None


def label_facts(
    labels: Mapping[str, pd.Series],
    *,
    accounts: pd.Series | None = None,
    ladder: tuple[int, int] = LADDER,
) -> tuple[LabelFacts, ...]:
    """Give each label's counts and the step of the model ladder (U6) they allow.

    Parameters
    ----------
    accounts
        Whose row it is, where an account has several; events are counted by account.
    ladder
        Events from which a fitted model, and boosted trees, are allowed.
    """
    return tuple(_facts(name, label, accounts, ladder) for name, label in labels.items())


def date_facts(
    frame: pd.DataFrame,
    labels: Mapping[str, pd.Series],
    *,
    left_out: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[DateFacts, ...]:
    """Give the counts at each observation date, oldest first; none where the table has no dates."""
    if OBSERVATION_DATE not in frame or not len(frame):
        return ()
    days = pd.to_datetime(frame[OBSERVATION_DATE]).dt.strftime("%Y-%m-%d")
    n_rows = days.value_counts()
    counts = {name: label.groupby(days).agg(["sum", "count"]).astype(int) for name, label in labels.items()}
    return tuple(
        DateFacts(
            date=day,
            n_rows=int(n_rows[day]),
            labels={
                name: (int(by.loc[day, "sum"]), int(by.loc[day, "count"])) for name, by in counts.items()
            },
            left_out=dict((left_out or {}).get(day, {})),
        )
        for day in sorted(n_rows.index)
    )


def check_labels(facts: Iterable[LabelFacts], *, ladder: tuple[int, int] = LADDER) -> Iterator[Finding]:
    """Say which step of the model ladder each label allows; an error where there is nothing to learn."""
    facts = tuple(facts)
    if not facts:
        yield Finding(
            name="no_label",
            severity="error",
            explanation="there is no label column, so there is nothing to learn from.",
            way_out='name one: [columns] churned = "YOUR_COLUMN", or expanded = "YOUR_COLUMN"',
            is_final=True,
        )
    for label in facts:
        yield _class_counts(label, ladder)


def _facts(name: str, label: pd.Series, accounts: pd.Series | None, ladder: tuple[int, int]) -> LabelFacts:
    known = label.notna().to_numpy()
    yes = label.fillna(False).to_numpy(dtype=bool)
    sides = (known & yes, known & ~yes)
    if accounts is None:
        n_events = min(int(side.sum()) for side in sides)
    else:
        n_events = min(int(accounts[side].nunique()) for side in sides)
    step: Step | None = None
    if n_events:
        step = "scorecard" if n_events < ladder[0] else "logistic" if n_events < ladder[1] else "blend"
    n_true, n_known = int(yes[known].sum()), int(known.sum())
    return LabelFacts(name=name, n_true=n_true, n_known=n_known, n_events=n_events, step=step)


def _class_counts(label: LabelFacts, ladder: tuple[int, int]) -> Finding:
    share = "" if label.share is None else f" ({label.share:.1%})"
    counts = f"{label.name}: {label.n_true:,} yes{share} among {label.n_known:,} rows where it is known"
    if label.n_events < min(label.n_true, label.n_known - label.n_true):
        counts += f", {label.n_events:,} accounts of the rarer outcome"
    if label.step is None:
        return Finding(
            name=f"one_class:{label.name}",
            severity="error",
            explanation=f"{counts}; a model needs both yes and no.",
            way_out="add accounts of the other outcome, or another period, or leave the label out",
            is_final=True,
        )
    step = {
        "scorecard": f"a scorecard of simple rules, for a rough order ({ladder[0]} allow a fitted model)",
        "logistic": f"a regularised logistic model ({ladder[1]} allow boosted trees)",
        "blend": "enough for the full blend with boosted trees",
    }[label.step]
    return Finding(
        name=f"classes:{label.name}",
        severity="note" if label.step == "blend" else "warning",
        explanation=f"{counts}: {step}.",
    )


def check_drift(dates: Iterable[DateFacts], *, n_shared: float = 1.0) -> Iterator[Finding]:
    """Say of each label whether its share of yes moved, over the dates, beyond what luck does.

    Parameters
    ----------
    n_shared
        In how many dates one outcome is counted, because their windows overlap.
    """
    dates = tuple(dates)
    for name in dates[0].labels if dates else ():
        known = [(day.date, *day.labels[name]) for day in dates if day.labels[name][1]]
        if len(known) < _LEAST_DATES:
            continue
        split = len(known) - max(1, len(known) // 3)
        older, newer = (
            np.array([row[1:] for row in part], dtype=float).sum(axis=0)
            for part in (known[:split], known[split:])
        )
        before, since = (part[0] / part[1] for part in (older, newer))
        pooled = (older[0] + newer[0]) / (older[1] + newer[1])
        error = float(np.sqrt(pooled * (1 - pooled) * n_shared * (1 / older[1] + 1 / newer[1])))
        times = max(before, since) / max(min(before, since), 1e-9)
        if times >= _DRIFT_TIMES and abs(since - before) >= _DRIFT_SIGMAS * error:
            yield Finding(
                name=f"drift:{name}",
                severity="warning",
                explanation=f"the share of {name} moved from {before:.1%} to {since:.1%} of accounts from "
                f"{known[split][0]} on, beyond luck: what is learned before may not hold now.",
                way_out="see what changed then; [snapshots] most = N learns from the newest N dates alone",
            )


def check_dates(dates: Iterable[DateFacts]) -> Iterator[Finding]:
    """Report dates at which a label that is known at all is known for one class only."""
    dates = tuple(dates)
    for name in dates[0].labels if dates else ():
        counts = {day.date: day.labels[name] for day in dates}
        poor = [day for day, (n_true, n_known) in counts.items() if n_known and n_true in {0, n_known}]
        if poor:
            yield Finding(
                name=f"one_class_dates:{name}",
                severity="note",
                explanation=f"{name} has a single outcome at {len(poor)} of {len(counts)} observation "
                f"dates: {some(poor)}.",
            )
