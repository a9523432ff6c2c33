"""Look at a table in few passes: by day, by account, and by month and value. What comes back is small."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from standfast.features.dates import DAY_OF
from standfast.features.odd_rows import odd_row_counts
from standfast.features.windows import canonical_columns, no_date
from standfast.schema import ACCOUNT_ID, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

BUCKETS_PER_DECADE = 8
"""Numbers are told apart by an eighth of a power of ten, about a third more each."""

OF_TODAY = {"accounts", "contacts"}
"""Lists of today: what their columns hold follows no time of the book."""

_MOST_VALUES = 500
_ZERO, _SHIFT = 0, 1000
_SMALLEST, _LARGEST = 1e-9, 1e15
_BEFORE_START = ("invoices", "usage", "tickets", "surveys")


@dataclass(frozen=True)
class Spread:
    """The values of one column: cells filled, and distinct values (of a number: whether it moves at all)."""

    n_filled: int
    n_distinct: int


@dataclass(frozen=True, eq=False)
class TableLook:
    """A table as seen from afar.

    Parameters
    ----------
    by_day
        One row per day, and one without a day: ``n``, ``filled X`` per column X, the odd rows by the name of
        their finding, and ``early``, the rows before the account's first subscription.
    by_account
        Rows of each account of the book, zero where there is none; by account id.
    by_value
        Rows (``n``) by ``month``, by the text columns of few values, and by the bucket of each number.
    n_strangers
        Rows whose account the book does not know.
    """

    name: str
    by_day: pd.DataFrame
    by_account: pd.Series
    by_value: pd.DataFrame
    spreads: Mapping[str, Spread]
    n_strangers: int
    strangers: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows looked at."""
        return int(self.by_day["n"].sum())

    @property
    def n_by_day(self) -> pd.Series:
        """Rows by day, oldest first, without those that have none."""
        dated = self.by_day[self.by_day["day"].notna()]
        return dated.set_index("day")["n"].sort_index()

    @property
    def by_month(self) -> pd.DataFrame:
        """The counts of ``by_day`` by month, oldest first."""
        dated = self.by_day[self.by_day["day"].notna()]
        months = dated["day"].dt.to_period("M").dt.to_timestamp()
        return dated.drop(columns="day").groupby(months.rename("month")).sum().sort_index()


def look_at(book: "Mapping[str, ir.Table]", name: str, *, as_of: date) -> TableLook:
    """Give what can be told of a table of the book from its counts."""
    table = canonical_columns(name, book[name])
    if (day := DAY_OF[name]) in table.columns:
        table = table.mutate(**{"row day": table[day].cast("date")})
    else:
        table = table.mutate(**{"row day": no_date()})
    by_day = _by_day(book, name, table, as_of=as_of)
    by_account = _by_account(book["accounts"], table)
    n_strangers = int(by_day["n"].sum() - by_account.sum())
    spreads = _spreads(name, table)
    return TableLook(
        name=name,
        by_day=by_day,
        by_account=by_account,
        by_value=_by_value(name, table, spreads) if name not in OF_TODAY else pd.DataFrame(),
        spreads=spreads,
        n_strangers=n_strangers,
        strangers=_strangers(book["accounts"], table) if n_strangers else (),
    )


def columns_of(kind: str, name: str, table: "ir.Table | pd.DataFrame") -> list[str]:
    """Name the columns of a table whose values can be compared over time: of text, or numbers."""
    kinds = {"text": {"text", "flag"}, "number": {"number", "whole"}}[kind]
    here = set(table.columns)
    own = {"name", "owner", "skills"}
    return [
        column.name
        for column in TABLES[name].columns
        if column.kind in kinds
        and column.name in here
        and not column.name.endswith("_id")
        and column.name not in own
    ]


def _by_day(book: "Mapping[str, ir.Table]", name: str, table: "ir.Table", *, as_of: date) -> pd.DataFrame:
    sums = odd_row_counts(name, table, as_of=as_of)
    if name in _BEFORE_START and "subscriptions" in book:
        held = book["subscriptions"]
        first = held.group_by(ACCOUNT_ID).agg(**{"first start": held.started_on.min()})
        marked = table.mutate(**sums).left_join(first, ACCOUNT_ID)
        early = (marked["row day"] < marked["first start"]).fill_null(False).cast("int64")
        marked = marked.mutate(early=early)
        names = [*sums, "early"]
    else:
        marked, names = table.mutate(**sums), [*sums]
    filled = {f"filled {column}": marked[column].count() for column in _told(name, table)}
    grouped = marked.group_by("row day").agg(
        n=marked.count(), **filled, **{n: marked[n].sum() for n in names}
    )
    counts = _collected(grouped).rename(columns={"row day": "day"})
    counts["day"] = counts["day"].astype("datetime64[s]")
    return counts.sort_values("day", ignore_index=True)


def _told(name: str, table: "ir.Table") -> list[str]:
    """Name the columns whose blanks are worth counting."""
    return [c for c in table.columns if c in TABLES[name].names and c not in TABLES[name].needed]


def _by_account(accounts: "ir.Table", table: "ir.Table") -> pd.Series:
    counts = table.group_by(ACCOUNT_ID).agg(n=table.count())
    joined = accounts.select(ACCOUNT_ID).left_join(counts, ACCOUNT_ID)
    rows = _collected(joined.select(ACCOUNT_ID, n=joined.n.fill_null(0)))
    return rows.set_index(ACCOUNT_ID)["n"].astype("int64").sort_index()


def _strangers(accounts: "ir.Table", table: "ir.Table", *, most: int = 3) -> tuple[str, ...]:
    """Name some accounts that the accounts table does not know."""
    unknown = table.select(ACCOUNT_ID).distinct().anti_join(accounts.select(ACCOUNT_ID), ACCOUNT_ID)
    rows = _collected(unknown.order_by(ACCOUNT_ID).limit(most))
    return tuple(map(str, rows[ACCOUNT_ID]))


def _spreads(name: str, table: "ir.Table") -> dict[str, Spread]:
    sums: dict[str, ir.Value] = {}
    for column in (texts := columns_of("text", name, table)):
        sums |= {f"filled {column}": table[column].count(), f"values {column}": table[column].nunique()}
    for column in (numbers := columns_of("number", name, table)):
        low, high = table[column].min(), table[column].max()
        sums |= {f"filled {column}": table[column].count(), f"low {column}": low, f"high {column}": high}
    if not sums:
        return {}
    row = _collected(table.agg(**sums)).iloc[0]
    spreads = {c: Spread(int(row[f"filled {c}"]), int(row[f"values {c}"])) for c in texts}
    for column in numbers:
        n_filled = int(row[f"filled {column}"])
        n_distinct = 0 if not n_filled else 1 + int(row[f"low {column}"] != row[f"high {column}"])
        spreads[column] = Spread(n_filled, n_distinct)
    return spreads


def _by_value(name: str, table: "ir.Table", spreads: Mapping[str, Spread]) -> pd.DataFrame:
    texts = [c for c in columns_of("text", name, table) if 1 < spreads[c].n_distinct <= _MOST_VALUES]
    numbers = [c for c in columns_of("number", name, table) if spreads[c].n_distinct > 1]
    if not (texts or numbers) or DAY_OF[name] not in table.columns:
        return pd.DataFrame({"month": [], "n": []})
    dated = table.drop_null("row day")
    keys = {"month": dated["row day"].truncate("M").cast("date")}
    keys |= {column: dated[column].cast("string") for column in texts}
    keys |= {column: _bucket(dated[column]) for column in numbers}
    marked = dated.select(**keys)
    counts = _collected(marked.group_by([*keys]).agg(n=marked.count()))
    counts["month"] = counts["month"].astype("datetime64[s]")
    return counts.sort_values([*keys], ignore_index=True, kind="stable")


def _bucket(number: "ir.NumericValue") -> "ir.IntegerValue":
    """Give a number's sign and size as a whole number: ``_SHIFT`` for 1, eight more per power of ten."""
    size = number.cast("float64").abs()
    is_zero = size < _SMALLEST
    bounded = is_zero.ifelse(1.0, size.clip(upper=_LARGEST))
    step = (bounded.log10() * BUCKETS_PER_DECADE).round().cast("int64") + _SHIFT
    return is_zero.ifelse(_ZERO, (number < 0).ifelse(-step, step))


def size_of(buckets: pd.Series) -> pd.Series:
    """Give log10 of the size each bucket stands for; missing for zero."""
    steps = buckets.abs().where(buckets != _ZERO)
    return (steps - _SHIFT) / BUCKETS_PER_DECADE


def _collected(rows: "ir.Table") -> pd.DataFrame:
    frame: pd.DataFrame = rows.to_pyarrow().to_pandas(date_as_object=True)
    return frame
