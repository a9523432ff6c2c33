"""Touches already made: those of the book's table, and those recorded in the ledger."""

from datetime import date

import pandas as pd

from standfast.adapters.ledger_touches import SAME_TOUCH, read_touches
from standfast.pipelines.book_ledger import reading_ledger
from standfast.settings import Settings

MADE_COLUMNS = ("account_id", "day", "channel", "play", "outcome")


def made_touches(settings: Settings, *, as_of: date) -> pd.DataFrame:
    """Give the touches of days before ``as_of``, by day; one that both tell of stands there once.

    Two rows of the same account, day, channel and play are one touch; its outcome is the one that is told, of
    two that of the ledger.

    Raises
    ------
    InputError
        The book's touches cannot be read.
    """
    both = pd.concat([_of_book(settings, as_of=as_of), _of_ledger(settings, as_of=as_of)], ignore_index=True)
    same = list(SAME_TOUCH)
    outcome = both.groupby(same, dropna=False, sort=False)["outcome"].transform("last")
    once = both.assign(outcome=outcome).drop_duplicates(same)
    return once.sort_values(["day", "account_id", "channel", "play"], kind="stable", ignore_index=True)


def _of_ledger(settings: Settings, *, as_of: date) -> pd.DataFrame:
    with reading_ledger(settings) as ledger:
        return _typed(pd.DataFrame() if ledger is None else read_touches(ledger, before=as_of))


def _of_book(settings: Settings, *, as_of: date) -> pd.DataFrame:
    if "touches" not in settings.book.tables:
        return _typed(pd.DataFrame())
    from standfast.pipelines.engines import open_duckdb  # noqa: PLC0415  (DuckDB only where it is needed)
    from standfast.pipelines.load import rows_if_any  # noqa: PLC0415  (same)

    with open_duckdb(settings) as engine:
        rows = rows_if_any(engine, settings, "touches")
        if rows is None:
            return _typed(pd.DataFrame())
        known = [name for name in MADE_COLUMNS if name in rows.columns]
        return _typed(rows.filter(rows.day < as_of).select(*known).execute())


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Give exactly our columns, typed, without rows too."""
    frame = rows.reindex(columns=list(MADE_COLUMNS))
    text = dict.fromkeys(set(MADE_COLUMNS) - {"day"}, "str")
    return frame.astype({**text, "day": "datetime64[s]"})
