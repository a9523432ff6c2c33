"""A book with events: tables into DuckDB, snapshots at each observation date, labels where they matured."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from standfast.adapters.engine import LoadedTable
from standfast.adapters.feature_file import read_own_features
from standfast.errors import InputError
from standfast.features.catalogue import CATALOGUE
from standfast.features.dates import EVENT_COLUMNS, first_event, newest_event, observation_dates
from standfast.features.labels import build_labels
from standfast.features.left_out import left_out_by_date
from standfast.features.own import NO_OWN_FEATURES
from standfast.features.snapshot import build_snapshots, collect_snapshots, set_aside_account_columns
from standfast.features.stopped import stopped_findings
from standfast.features.table_check import BookCheck, check_tables
from standfast.features.weekly import weekly_marks
from standfast.pipelines.calendar_dates import with_calendar_dates
from standfast.pipelines.engines import open_engine
from standfast.pipelines.load import load_book
from standfast.pipelines.observe import ObservedBook
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, LABELS, OBSERVATION_DATE, TODAYS_MONEY
from standfast.settings import Settings

DAYS_PER_WEEK = 7

if TYPE_CHECKING:
    import ibis.expr.types as ir


def observe_events(
    settings: Settings,
    *,
    as_of: date | None = None,
    with_past: bool = True,
    dates: Sequence[date] | None = None,
    earlier: Callable[[date], date] | None = None,
    weeks: int = 0,
    by_month: bool = False,
) -> ObservedBook:
    """Give snapshots of a book with events: labelled ones of the past, and the accounts as they are now.

    Parameters
    ----------
    with_past
        False gives the current accounts only, which is all that scoring needs.
    dates
        Observation dates; those of the settings by default, else the newest matured one and steps back.
    earlier
        Names a date before the as-of date at which the accounts are wanted, too.
    weeks
        How many weeks before the as-of date are to be looked through for people to see.
    by_month
        Look at every step back from the as-of date itself, also where labels have not matured yet.

    Raises
    ------
    InputError
        A table cannot be read, its history is too short for a single observation date, or a date asked
        for lies beyond it.
    """
    own = read_own_features(settings.features_file) if settings.features_file else NO_OWN_FEATURES
    with open_engine(settings) as engine:
        read = load_book(engine, settings)
        loaded = read.tables
        book = {name: table.table for name, table in loaded.items()}
        as_of = _as_of(book, settings, asked=as_of)
        dates = _months(book, settings, as_of=as_of) if by_month else dates
        chosen = _past_dates(book, settings, as_of=as_of, dates=dates) if with_past else ()
        before = earlier(as_of) if earlier else None
        days = sorted({*chosen, as_of, *((before,) if before else ())})
        every = build_snapshots(book, dates=days, policy=settings.snapshot_policy, own=own)
        snapshots = collect_snapshots(engine.fetched(every))
        labels = _labels(book, chosen, as_of=as_of, settings=settings)
        past = _labelled(snapshots, labels if labels is None else collect_snapshots(engine.fetched(labels)))
        left_out = left_out_by_date(
            book,
            dates=[*chosen, as_of],
            as_of=as_of,
            labels=settings.label_policy,
            policy=settings.snapshot_policy,
        )
        current = snapshots[snapshots[OBSERVATION_DATE] == pd.Timestamp(as_of)].reset_index(drop=True)
        current = _with_todays_money(current, book["accounts"], settings)
        apart = set_aside_account_columns(book["accounts"], policy=settings.snapshot_policy)
        if with_past:
            checked = check_tables(
                book, read=loaded, current=current, dates=chosen, as_of=as_of, policy=settings.check
            )
        else:
            checked = BookCheck(findings=tuple(stopped_findings(book, as_of=as_of, policy=settings.check)))
        current = with_calendar_dates(current, book, engine, as_of=as_of, settings=settings)
        marks = weekly_marks(book, as_of=as_of, weeks=weeks) if weeks else None
        weekly = None if marks is None else _by_account(engine.fetched(marks).to_pandas())
    if current.empty:
        raise InputError(_nobody_active(settings, as_of, left_out[as_of]))
    return ObservedBook(
        snapshots=past,
        current=current,
        as_of=as_of,
        is_flat=False,
        counts=_counts(loaded),
        set_aside=apart,
        not_features=_not_features(current, settings),
        table_notes=_table_notes(loaded),
        table_findings=(*read.findings, *checked.findings),
        tables=checked.tables,
        left_out_on={str(day): left_out[day] for day in sorted(chosen)},
        left_out_now=left_out[as_of],
        own=own,
        earlier=snapshots[snapshots[OBSERVATION_DATE] == pd.Timestamp(before)] if before else None,
        earlier_on=before,
        weekly=weekly,
    )


def _by_account(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort rows by account, and keep them such that those of one are found without touching the others."""
    named = rows.assign(
        **{ACCOUNT_ID: rows[ACCOUNT_ID].astype("str").astype(object), "what": rows["what"].astype("category")}
    )
    return named.sort_values([ACCOUNT_ID, "what", "weeks_ago"], ignore_index=True)


def observe_weeks(settings: Settings, *, weeks: int, as_of: date | None = None) -> pd.DataFrame:
    """Give snapshots a week apart, the newest at the as-of date, with labels where they have matured.

    Raises
    ------
    InputError
        A table cannot be read, or its history is shorter than the warm-up.
    """
    with open_engine(settings) as engine:
        book = {name: table.table for name, table in load_book(engine, settings).tables.items()}
        as_of = _as_of(book, settings, asked=as_of)
        days = observation_dates(
            first_event=first_event(book, churn=settings.churn_policy),
            as_of=as_of,
            horizon_days=0,
            allowed_gap_days=0,
            step_days=DAYS_PER_WEEK,
            warm_up_days=settings.snapshots.warm_up_days,
            most=weeks,
        )
        every = build_snapshots(book, dates=days, policy=settings.snapshot_policy)
        snapshots = collect_snapshots(engine.fetched(every))
        labels = _labels(book, days, as_of=as_of, settings=settings)
        known = snapshots if labels is None else collect_snapshots(engine.fetched(labels))
    known = known.reindex(columns=[ACCOUNT_ID, OBSERVATION_DATE, *LABELS])
    return snapshots.merge(
        known.astype(dict.fromkeys(LABELS, "boolean")), on=[ACCOUNT_ID, OBSERVATION_DATE], how="left"
    )


def observe_accounts(settings: Settings, accounts: Sequence[str], *, dates: Sequence[date]) -> pd.DataFrame:
    """Give the snapshots of these accounts at these dates, without labels and the user's own features.

    What compares an account with its peers is not to be relied on, since the others are not looked at.
    """
    with open_engine(settings) as engine:
        book = {
            name: loaded.table.filter(loaded.table[ACCOUNT_ID].isin(list(accounts)))
            for name, loaded in load_book(engine, settings).tables.items()
        }
        return collect_snapshots(
            engine.fetched(build_snapshots(book, dates=dates, policy=settings.snapshot_policy))
        )


def _as_of(book: "Mapping[str, ir.Table]", settings: Settings, *, asked: date | None) -> date:
    """Give the date to look at the book as of: the day after its newest event, or the one asked for.

    Raises
    ------
    InputError
        The date asked for lies so far beyond the newest event that every account would look silent.
    """
    known_until = newest_event(book) + timedelta(days=1)
    if asked is None:
        return known_until
    stale_days = (asked - known_until).days
    most = settings.book.stale_after_days
    if stale_days > most and set(book) & set(EVENT_COLUMNS):
        raise InputError(
            f"--as-of {asked} is {stale_days:,} days after the newest event of book {settings.book_name!r}, "
            f"more than [book] stale_after_days = {most}: export the tables again, or give an earlier date"
        )
    return asked


def _nobody_active(settings: Settings, as_of: date, left_out: Mapping[str, int]) -> str:
    """Say that no account can be asked about now, where to look, and what became of those there are."""
    churn = settings.churn_policy
    look_at = {
        "subscription": "started_on and ended_on of its subscriptions",
        "inactivity": f"{' and '.join(churn.activity)}, and active_days under [churn]",
        "column": "started_on and churned_on of its accounts",
    }[churn.by or "subscription"]
    why = "; ".join(f"{number:,} {reason}" for reason, number in left_out.items())
    return (
        f"no account of {settings.book_name!r} is active on {as_of}{f' ({why})' if why else ''}; "
        f"check {look_at}, or give another date with --as-of"
    )


def _past_dates(
    book: "Mapping[str, ir.Table]", settings: Settings, *, as_of: date, dates: Sequence[date] | None
) -> tuple[date, ...]:
    """Give the observation dates to learn from: those asked for, else the settings' own."""
    horizon = settings.label_policy
    if late := [str(day) for day in (*(dates or ()), *settings.snapshots.dates) if day > as_of]:
        raise InputError(
            f"observation dates {', '.join(late)} lie after {as_of}, up to which the book is known; "
            "give earlier ones"
        )
    return tuple(dates or settings.snapshots.dates) or observation_dates(
        first_event=first_event(book, churn=settings.churn_policy),
        as_of=as_of,
        horizon_days=horizon.horizon_days,
        lead_days=horizon.lead_days,
        allowed_gap_days=horizon.allowed_gap_days,
        step_days=settings.snapshots.step_days,
        warm_up_days=settings.snapshots.warm_up_days,
        most=settings.snapshots.most,
    )


def _months(book: "Mapping[str, ir.Table]", settings: Settings, *, as_of: date) -> tuple[date, ...]:
    """Give the steps back from the as-of date: as many as are learned from, and those yet to mature."""
    step_days, matures_in = settings.snapshots.step_days, settings.label_policy.maturity_days
    return observation_dates(
        first_event=first_event(book, churn=settings.churn_policy),
        as_of=as_of - timedelta(days=step_days),
        horizon_days=0,
        allowed_gap_days=0,
        step_days=step_days,
        warm_up_days=settings.snapshots.warm_up_days,
        most=settings.snapshots.most + -(-matures_in // step_days),
    )


def _labels(
    book: "Mapping[str, ir.Table]", dates: Sequence[date], *, as_of: date, settings: Settings
) -> "ir.Table | None":
    """Give the labels at past dates; None where there are none to learn from."""
    if not dates:
        return None
    return build_labels(
        book, dates=dates, as_of=as_of, policy=settings.label_policy, churn=settings.churn_policy
    )


def _labelled(snapshots: pd.DataFrame, labels: pd.DataFrame | None) -> pd.DataFrame:
    """Give the snapshots of past dates with their labels, without accounts gone before the horizon began."""
    if labels is None:
        return snapshots.iloc[:0].assign(**{label: pd.Series(dtype="boolean") for label in LABELS})
    labels = labels.astype(dict.fromkeys(LABELS, "boolean"))
    return snapshots.merge(labels, on=[ACCOUNT_ID, OBSERVATION_DATE], how="inner")


def _with_todays_money(current: pd.DataFrame, accounts: "ir.Table", settings: Settings) -> pd.DataFrame:
    """Take from accounts what is told of today alone, so for today's rows: margins, costs to win.

    Revenue, too, where subscriptions tell none.
    """
    told = [
        name for name in (ANNUAL_REVENUE, *TODAYS_MONEY) if name in accounts.columns and name not in current
    ]
    known = accounts.select(ACCOUNT_ID, *told).to_pandas().set_index(ACCOUNT_ID).astype("float64")
    money = known.reindex(current[ACCOUNT_ID]).set_axis(current.index)
    if ANNUAL_REVENUE in told:
        money[ANNUAL_REVENUE] *= settings.units.periods_per_year
    return current.assign(**{name: money[name] for name in told})


def _not_features(snapshots: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    """Name the columns that are recorded but that models must not see, such as past outreach (a cause)."""
    return tuple(
        name
        for name in snapshots.columns
        if name in CATALOGUE and not CATALOGUE[name].model_feature and name not in settings.book.static
    )


def _counts(loaded: Mapping[str, LoadedTable]) -> dict[str, int]:
    counts = {}
    for name, table in loaded.items():
        counts[f"{name} rows"] = table.n_rows
        if table.n_set_aside:
            counts[f"{name} rows set aside"] = table.n_set_aside
    return counts


def _table_notes(loaded: Mapping[str, LoadedTable]) -> dict[str, Mapping[str, int]]:
    """Give, by table, why rows were set aside and which cells could not be read, with their number."""
    return {name: dict(table.reasons) for name, table in loaded.items() if table.reasons}
