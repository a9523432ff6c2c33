"""Replay the past: the lists of earlier dates, made from what was known then, against what happened (U2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from standfast.adapters.artifacts import load_sealed, save_sealed
from standfast.adapters.tables import write_table
from standfast.decision.capacity import Capacity
from standfast.errors import InputError
from standfast.pipelines.backtest_figures import SCHEMA, lists_of, summarise_replay
from standfast.pipelines.backtest_record import record_backtest
from standfast.pipelines.check import (
    check_observed,
    refuse_absent_labels,
    refuse_blocking,
)
from standfast.pipelines.observe import ObservedBook, book_fingerprint, observe_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.pipelines.past_list import ReplayedDate, replay_date
from standfast.pipelines.plan import team_capacity
from standfast.schema import OBSERVATION_DATE
from standfast.settings import Settings

Say = Callable[[str], None]
BACKTEST = "backtest.json"


@dataclass(frozen=True, eq=False)
class Backtest:
    """A replay of the past: its figures as plain values, and every list account by account."""

    summary: Mapping[str, Any]
    lists: pd.DataFrame


def backtest(
    settings: Settings,
    *,
    output: Path,
    hours: float | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> Backtest:
    """Replay the book's past; write the lists, record the figures and keep them for the report.

    Raises
    ------
    InputError
        The book has no dates, cannot be trained on, or too little of it had matured at any of them.
    """
    refuse_to_replace_input(output, settings)
    refuse_flat(settings)
    say(f"reading book {settings.book_name!r}")
    observed = observe_book(settings, as_of=as_of)
    refuse_absent_labels(observed, settings=settings)
    findings, set_aside = check_observed(observed, settings=settings)
    refuse_blocking(findings, settings=settings)
    replayed = replay_book(observed, settings=settings, set_aside=set_aside, hours=hours, say=say)
    write_table(replayed.lists, output)
    keep_backtest(replayed, settings=settings)
    recorded = record_backtest(replayed.summary, settings=settings)
    written = {"output": str(output), "mlflow_run": recorded.run_id}
    return replace(replayed, summary={**replayed.summary, **written})


def replay_book(
    observed: ObservedBook,
    *,
    settings: Settings,
    set_aside: Sequence[str] = (),
    hours: float | None = None,
    say: Say = lambda _: None,
) -> Backtest:
    """Give the replay of a book that has been looked at and checked.

    Raises
    ------
    InputError
        No past date can be replayed.
    """
    capacity = _one_pool(team_capacity(settings, hours=hours))
    chosen = dates_to_replay(
        observed.snapshots.loc[observed.snapshots["churned"].notna(), OBSERVATION_DATE],
        n_dates=settings.backtest.n_dates,
        step_days=settings.backtest.step_days or settings.horizon.horizon_days,
    )
    say(f"replaying {', '.join(str(day.date()) for day in chosen)} with what was known then")

    def look_back(day: pd.Timestamp) -> ReplayedDate | str:
        try:
            return replay_date(observed, day, set_aside=set_aside, capacity=capacity, settings=settings)
        except InputError as problem:
            return str(problem)

    with threadpool_limits(limits=1, user_api="blas"):
        tried = Parallel(n_jobs=settings.model.n_jobs, prefer="threads")(
            delayed(look_back)(day) for day in chosen
        )
    skipped = {str(day.date()): why for day, why in zip(chosen, tried, strict=True) if isinstance(why, str)}
    replayed = [one for one in tried if isinstance(one, ReplayedDate)]
    _refuse_nothing(replayed, skipped, settings)
    return Backtest(
        summarise_replay(replayed, skipped, as_of=observed.as_of, settings=settings), lists_of(replayed)
    )


def dates_to_replay(observed_on: pd.Series, *, n_dates: int, step_days: int) -> list[pd.Timestamp]:
    """Give the dates to replay, oldest first: the newest there is, and back by ``step_days`` at least.

    ``observed_on`` holds the dates of snapshots whose outcome is known.
    """
    chosen: list[pd.Timestamp] = []
    for day in sorted(observed_on.unique(), reverse=True):
        if len(chosen) < n_dates and (not chosen or day <= chosen[-1] - timedelta(days=step_days)):
            chosen.append(pd.Timestamp(day))
    return chosen[::-1]


def keep_backtest(replayed: Backtest, *, settings: Settings) -> None:
    """Keep the figures beside the models, where the report finds them."""
    save_sealed(Path(settings.paths.models) / BACKTEST, replayed.summary)


def kept_backtest(settings: Settings) -> Mapping[str, Any] | None:
    """Give the figures of the newest backtest of this book, labels and horizon; None where there is none.

    Raises
    ------
    StateError
        The file was changed.
    """
    kept = load_sealed(Path(settings.paths.models) / BACKTEST)
    is_ours = kept is not None and kept.get("schema") == SCHEMA
    return kept if is_ours and kept and kept["fingerprint"] == book_fingerprint(settings) else None


def refuse_flat(settings: Settings) -> None:
    """Refuse a flat table: it shows one moment, so there is no past to replay."""
    if settings.is_flat and settings.book.accounts is not None:
        raise InputError(
            f"book {settings.book_name!r} is one flat table without dates, so there is no past to replay; "
            "a backtest needs tables of what happened when: subscriptions, or invoices or usage"
        )


def _one_pool(capacity: Capacity) -> Capacity:
    """Give all hours to the team as a whole: who owned an account then is not known, only who does now."""
    return replace(capacity, hours=max(capacity.hours, capacity.owned_hours), owners=None)


def _refuse_nothing(replayed: Sequence[ReplayedDate], skipped: Mapping[str, str], settings: Settings) -> None:
    """Refuse a book in which no date could be replayed; say why, and what would help."""
    if replayed:
        return
    reasons = {reason: [day for day in skipped if skipped[day] == reason] for reason in skipped.values()}
    told = (f"{', '.join(days)}: {reason}" for reason, days in reasons.items())
    why = "; ".join(told) or "there is no past snapshot whose outcome is known"
    raise InputError(
        f"no past date of {settings.book_name!r} can be replayed ({why}); a date needs snapshots at least "
        f"{settings.label_policy.maturity_days} days before it, with accounts that left and others that "
        "stayed: take in more history, or lower [horizon] horizon_days or [snapshots] warm_up_days"
    )
