"""Assignments in the ledger: which arm chance gave an account, written before anybody sees the plan.

They are added and never changed: whoever plans again reads what was written.
"""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import NOBODY, note
from standfast.adapters.ledger_experiment_tables import ASSIGNMENTS, EXPERIMENTS
from standfast.adapters.ledger_experiments import live_experiment
from standfast.adapters.ledger_rows import insert_frame, read_rows

_OF = ASSIGNMENTS.c
_EXPERIMENT = EXPERIMENTS.c.name.label("experiment")
_KEPT = (
    "cycle", "account_id", "arm", "arm_probability", "stratum", "owner", "horizon_days", "churn_probability",
    "upsell_probability", "annual_revenue", "upsell_value", "n_in_person", "n_call", "n_email", "n_digital",
    "drawn_at", "known",
)  # fmt: skip


def write_assignments(
    ledger: Ledger,
    experiment: str,
    assignments: pd.DataFrame,
    *,
    cycle: date,
    horizon_days: int,
    who: str = NOBODY,
) -> pd.DataFrame:
    """Keep what was drawn for a cycle, and give all that stands for it.

    An account that was drawn for the cycle before keeps its arm, whatever is said now.

    Parameters
    ----------
    assignments
        ``account_id``, ``arm``, ``arm_probability``, ``stratum``, and the ``n_*`` of the bundle it gets if it
        is not held out; ``owner``, probabilities and money where known; ``known``, a mapping of the rest.
    horizon_days
        How long the cycle lasts.

    Raises
    ------
    StateError
        The experiment was stopped.
    UnknownNameError
        There is none of that name.
    """
    with ledger.together() as work, work.writing() as connection:
        found = live_experiment(work, experiment)
        there = read_assignments(work, experiment=found.name, cycle=cycle)
        new = assignments[~assignments["account_id"].astype("str").isin(there["account_id"])]
        insert_frame(
            connection, ASSIGNMENTS, new, experiment_id=found.experiment_id, cycle=cycle,
            horizon_days=horizon_days, drawn_at=now(),
        )  # fmt: skip
        if len(new):
            told = {"name": found.name, "cycle": cycle, "arms": new["arm"].value_counts().to_dict()}
            note(work, who=who, action="accounts assigned", details=told)
        return read_assignments(work, experiment=found.name, cycle=cycle)


def open_cycle(
    ledger: Ledger, experiment: str, assignments: pd.DataFrame, *, day: date, horizon_days: int
) -> pd.DataFrame:
    """Keep what was drawn as the cycle that begins on a day, or give that of one that runs, as it was drawn.

    Of several who plan at once the first one's draw stands, and the others get it. No cycle is drawn before
    one that is there, since what came of that time is known: who looks back gets what held then, or nothing.
    """
    with ledger.together() as work, work.writing():
        running = running_assignments(work, day=day, experiment=experiment)
        newest = newest_cycle(work, experiment)
        if len(running) or (newest is not None and day <= newest):
            return running
        return write_assignments(work, experiment, assignments, cycle=day, horizon_days=horizon_days)


def read_assignments(
    ledger: Ledger, *, experiment: str | None = None, cycle: date | None = None
) -> pd.DataFrame:
    """Give what was drawn, by experiment, cycle and account; of one experiment or cycle where told."""
    wanted = _of_book(ledger)
    if experiment is not None:
        wanted = wanted.where(EXPERIMENTS.c.name == experiment)
    if cycle is not None:
        wanted = wanted.where(_OF.cycle == cycle)
    with ledger.reading() as connection:
        return read_rows(connection, wanted)


def running_assignments(ledger: Ledger, *, day: date, experiment: str | None = None) -> pd.DataFrame:
    """Give the arms that hold on a day: from the day an account was drawn, for the cycle's whole horizon.

    From the day on which an experiment is stopped none of its arms holds. Of two cycles of one experiment an
    account is in the newer.
    """
    goes_on = sa.or_(EXPERIMENTS.c.stopped_on.is_(None), EXPERIMENTS.c.stopped_on > day)
    with ledger.reading() as connection:
        begun = connection.execute(_cycles(ledger).where(_OF.cycle <= day)).all()
        running = sorted({cycle for cycle, days in begun if day < cycle + timedelta(days=days)})
        wanted = _of_book(ledger).where(_OF.cycle.in_(running), goes_on)
        if experiment is not None:
            wanted = wanted.where(EXPERIMENTS.c.name == experiment)
        rows = read_rows(connection, wanted)
    ends_on = rows["cycle"] + pd.to_timedelta(rows["horizon_days"].astype("int64"), unit="D")
    held = rows[ends_on > pd.Timestamp(day)]
    return held.drop_duplicates(["experiment", "account_id"], keep="last").reset_index(drop=True)


def newest_cycle(ledger: Ledger, experiment: str) -> date | None:
    """Give the day of the cycle that was drawn last; None before the first."""
    wanted = _cycles(ledger).where(EXPERIMENTS.c.name == experiment)
    with ledger.reading() as connection:
        return max((cycle for cycle, _ in connection.execute(wanted)), default=None)


def _of_book(ledger: Ledger) -> sa.Select[Any]:
    return (
        sa.select(_EXPERIMENT, *(_OF[name] for name in _KEPT))
        .join_from(ASSIGNMENTS, EXPERIMENTS)
        .where(EXPERIMENTS.c.book == ledger.book)
        .order_by(_OF.experiment_id, _OF.cycle, _OF.account_id)
    )


def _cycles(ledger: Ledger) -> sa.Select[Any]:
    return (
        sa.select(_OF.cycle, _OF.horizon_days)
        .distinct()
        .join_from(ASSIGNMENTS, EXPERIMENTS)
        .where(EXPERIMENTS.c.book == ledger.book)
    )
