"""List the open alerts of a book by owner, with how often each type was right in the past."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.ledger import refuse_unwritable_ledger
from standfast.adapters.ledger_alerts import sync_alerts
from standfast.adapters.tables import write_table
from standfast.decision.alert_policy import SEVERITIES
from standfast.decision.alert_record import PastPrecision, past_precision
from standfast.decision.alerts import Alerts, TypeState, raise_alerts
from standfast.errors import InputError
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.observe import refuse_no_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class AlertList:
    """The open alerts of a book.

    Parameters
    ----------
    open
        One row per open alert, by owner; of each the most severe first, then the newest.
    states
        Per type, how many accounts have it open, held it before the history began, or are unknown.
    precision
        Per type, what its past alerts were followed by.
    since
        Date of the look before this one; None at the first, where every alert is new.
    n_new, n_closed
        Alerts that were not open then, and that were and are no more.
    is_kept
        Whether the ledger took the look; it does not where one at a later date is there.
    """

    open: pd.DataFrame
    states: Mapping[str, TypeState]
    precision: tuple[PastPrecision, ...]
    as_of: date
    n_weeks: int
    n_accounts: int
    horizon_days: int
    confidence: float
    since: date | None = None
    n_new: int = 0
    n_closed: int = 0
    is_kept: bool = True
    output: str | None = None

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {**vars(self), "precision": [asdict(precision) for precision in self.precision]}


def alerts(
    settings: Settings,
    *,
    output: Path | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> AlertList:
    """Give the alerts that are open, note them in the ledger, and write them where ``output`` is given.

    Raises
    ------
    InputError
        The book cannot be read, is a flat table without a history, or has less than two weeks of one.
    StateError
        The ledger cannot be used.
    """
    refuse_no_book(settings)
    refuse_unwritable_ledger(settings.ledger_address)
    if output is not None:
        refuse_to_replace_input(output, settings)
    if settings.is_flat:
        raise InputError(
            f"alerts tell what has changed, and {settings.book_name!r} is a flat table without a past; "
            "name tables with dates under [book], such as usage, tickets or invoices"
        )
    history = _history(settings, as_of=as_of, say=say)
    raised = raise_alerts(history, policy=settings.alerts)
    found = _since_last_look(_listed(raised, history, settings), raised, settings)
    if output is None:
        return found
    write_table(found.open, output)
    return replace(found, output=str(output))


def _since_last_look(found: AlertList, raised: Alerts, settings: Settings) -> AlertList:
    """Note the look in the ledger, and mark what is new since the one before."""
    with book_ledger(settings) as ledger:
        look = sync_alerts(ledger, raised.frame, as_of=found.as_of)
    which = pd.MultiIndex.from_frame(found.open[[ACCOUNT_ID, "type"]].astype("str"))
    is_new = which.isin(pd.MultiIndex.from_frame(look.new))
    return replace(
        found,
        open=found.open.assign(is_new=is_new),
        since=look.since,
        n_new=len(look.new),
        n_closed=len(look.closed),
        is_kept=look.is_kept,
    )


def _history(settings: Settings, *, as_of: date | None, say: Say) -> pd.DataFrame:
    from standfast.pipelines.events import observe_weeks  # noqa: PLC0415  (DuckDB only where it is needed)

    weeks = settings.alerts.weeks
    say(f"reading book {settings.book_name!r} at up to {weeks} dates a week apart")
    history = observe_weeks(settings, weeks=weeks, as_of=as_of)
    if history[OBSERVATION_DATE].nunique() < 2:
        raise InputError(
            f"{settings.book_name!r} has accounts at fewer than two weekly dates after its warm-up, so no "
            "change can be seen; lower [snapshots] warm_up_days, or give a later date with --as-of"
        )
    return history


def _listed(raised: Alerts, history: pd.DataFrame, settings: Settings) -> AlertList:
    newest = history[OBSERVATION_DATE].max()
    current = history[history[OBSERVATION_DATE] == newest]
    return AlertList(
        open=_by_owner(raised.open, current, newest),
        states=raised.states,
        precision=past_precision(
            raised.frame, history, policy=settings.alerts, confidence=settings.evidence.confidence
        ),
        as_of=newest.date(),
        n_weeks=int(history[OBSERVATION_DATE].nunique()),
        n_accounts=len(current),
        horizon_days=settings.label_policy.horizon_days,
        confidence=settings.evidence.confidence,
    )


def _by_owner(alerts: pd.DataFrame, current: pd.DataFrame, newest: pd.Timestamp) -> pd.DataFrame:
    """Give the rows as a team reads them: who acts, on which account, since when, why."""
    told = current.reindex(columns=[ACCOUNT_ID, "name", "owner"]).astype("str")
    rows = alerts.merge(told, on=ACCOUNT_ID, how="left").assign(
        days_open=(newest - alerts["opened_on"]).dt.days.to_numpy(),
        rank=alerts["severity"].map(SEVERITIES.index).to_numpy(),
    )
    rows = rows.sort_values(
        ["owner", "rank", "opened_on", ACCOUNT_ID, "type"],
        ascending=[True, True, False, True, True],
        kind="stable",
        ignore_index=True,
    )
    return rows[
        ["owner", ACCOUNT_ID, "name", "type", "severity", "owner_function", "opened_on", "days_open", "value",
         "reason", "action"]
    ]  # fmt: skip
