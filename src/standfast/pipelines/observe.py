"""Look at the book: what was known of each account at each date, what happened next, and who is here now."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.errors import InputError, SettingsError
from standfast.features.findings import Finding
from standfast.features.own import NO_OWN_FEATURES, OwnFeatures
from standfast.features.table_facts import TableFacts
from standfast.pipelines.flat import prepare_flat, refuse_duplicate_ids
from standfast.pipelines.sources import call, read_frame
from standfast.schema import ACCOUNT_ID, LABELS, OBSERVATION_DATE
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class ObservedBook:
    """What training and scoring see of a book.

    Parameters
    ----------
    snapshots
        One row per account and observation date with its labels (flat: one row per account).
    current
        The accounts as they stand at ``as_of``: what is scored. Its index is that of the rows as read.
    rejected
        Reason by index, for the rows that are not in ``current``.
    ids
        The account id of every row read, by index; None: those of ``current``.
    counts
        Rows of the book by what became of them.
    set_aside
        Columns of ``accounts`` that tell today's state and so are no features.
    not_features
        Columns of the snapshots that are recorded, but that models must not see.
    table_findings
        What the look at the tables of a book with events found.
    tables
        Those tables in figures.
    left_out_on
        Accounts at past dates that were not asked about, by date and reason: gone, too young, in trial.
    left_out_now
        The same at ``as_of``: accounts that are not scored.
    own
        The features that the user added.
    earlier, earlier_on
        The accounts as they stood at an earlier date, where that was asked for.
    weekly
        What happened at each account week by week, by account, where that was asked for.
    """

    snapshots: pd.DataFrame
    current: pd.DataFrame
    as_of: date | None
    is_flat: bool
    rejected: Mapping[int, str] = field(default_factory=dict)
    ids: pd.Series | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    set_aside: tuple[str, ...] = ()
    not_features: tuple[str, ...] = ()
    table_notes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    table_findings: tuple[Finding, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    left_out_on: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left_out_now: Mapping[str, int] = field(default_factory=dict)
    own: OwnFeatures = NO_OWN_FEATURES
    earlier: pd.DataFrame | None = None
    earlier_on: date | None = None
    weekly: pd.DataFrame | None = None


def observe_book(settings: Settings, *, as_of: date | None = None) -> ObservedBook:
    """Give the book as it was at each observation date and as it is now.

    Raises
    ------
    SettingsError
        The settings name no accounts table.
    InputError
        A table is missing, empty, unreadable, or holds an account twice.
    """
    refuse_no_book(settings)
    if settings.is_flat:
        return _observe_flat(settings, as_of=as_of)
    from standfast.pipelines.events import observe_events  # noqa: PLC0415  (DuckDB only where it is needed)

    return observe_events(settings, as_of=as_of)


def refuse_no_book(settings: Settings) -> None:
    """Refuse settings without an accounts table; the way out is a settings file."""
    if settings.book.accounts is None:
        what = f"{settings.source} names no accounts table" if settings.was_read else "no settings were given"
        raise SettingsError(
            f"{what}; make a settings file with: standfast init YOUR_TABLE.csv, give one with --settings, "
            "or look at a book that is ready: standfast sample DIR"
        )


def observe_current(
    settings: Settings,
    *,
    as_of: date | None = None,
    earlier: Callable[[date], date] | None = None,
    weeks: int = 0,
) -> ObservedBook:
    """Give the book as it is now, without its past: what a scoring run needs.

    ``earlier`` names a date before the as-of date at which the accounts are wanted, too, and ``weeks`` how
    many weeks are to be looked through; a flat table has neither.
    """
    refuse_no_book(settings)
    if settings.is_flat:
        return observe_book(settings, as_of=as_of)
    from standfast.pipelines.events import observe_events  # noqa: PLC0415  (DuckDB only where it is needed)

    return observe_events(settings, as_of=as_of, with_past=False, earlier=earlier, weeks=weeks)


def book_fingerprint(settings: Settings) -> str:
    """Give what makes two models comparable: the book, how its labels are defined, and the horizon."""
    identity = {
        "book": settings.book_name,
        "tables": sorted(settings.book.tables),
        "label_columns": {name: settings.columns.accounts.get(name, name) for name in LABELS},
        "labels": {name: repr(spec) for name, spec in sorted(settings.labels.items())},
        "horizon": repr(settings.label_policy),
        "churn": repr(settings.churn_policy),
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def rows_fingerprint(rows: pd.DataFrame) -> str:
    """Give a hash of all rows and columns, to tell whether two trainings saw the same."""
    digest = hashlib.sha256("\0".join(map(str, rows.columns)).encode())
    for name in rows:
        digest.update(_cell_hashes(rows[name]).tobytes())
    return digest.hexdigest()[:16]


def _cell_hashes(column: pd.Series) -> NDArray[Any]:
    """Give a hash of each cell; numbers and dates as they are, anything else by its text."""
    is_plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "biufmM"
    cells = column if is_plain else column.astype(str)
    return pd.util.hash_pandas_object(cells, index=False).to_numpy()


def _observe_flat(settings: Settings, *, as_of: date | None) -> ObservedBook:
    if settings.features_file is not None:
        raise InputError(
            f"[book] features = {settings.book.features!r} is for a book with events; a flat table holds its "
            "features already, so add a column to it and take the setting out"
        )
    source = call(settings, settings.book.tables["accounts"])
    table = read_frame(settings, "accounts")
    prepared = prepare_flat(table, settings=settings)
    rows = prepared.rows
    refuse_duplicate_ids(rows[ACCOUNT_ID], source=source)
    if rows.empty:
        raise InputError(
            f"{source}: none of the {len(table)} rows can be used; the first reason: "
            f"{next(iter(prepared.rejected.values()))}"
        )
    if as_of is None and OBSERVATION_DATE in rows.columns and rows[OBSERVATION_DATE].notna().any():
        as_of = (rows[OBSERVATION_DATE].max() + timedelta(days=1)).date()
    counts = {"rows": len(table), "rejected": len(prepared.rejected)}
    counts |= {f"excluded by [labels] {label}": n for label, n in prepared.excluded.items() if n}
    return ObservedBook(
        snapshots=rows.reset_index(drop=True),
        current=rows,
        as_of=as_of,
        is_flat=True,
        rejected=prepared.rejected,
        ids=prepared.ids,
        counts=counts,
    )
