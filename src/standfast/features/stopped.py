"""Tables that stopped before the date a book is looked at: a score of today would read that as silence."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from standfast.features.date_gaps import main_body, stale_findings
from standfast.features.dates import DAY_OF, EVENT_COLUMNS
from standfast.features.findings import CheckPolicy, Finding

if TYPE_CHECKING:
    import ibis.expr.types as ir


def stopped_findings(
    book: "Mapping[str, ir.Table]", *, as_of: date, policy: CheckPolicy
) -> Iterator[Finding]:
    """Say which tables of events end long before the book does; cheaper than the whole look at the tables."""
    for name in EVENT_COLUMNS:
        if name in book:
            body = known_body(_rows_by_day(book[name], DAY_OF[name]), as_of=as_of)
            if len(body):
                yield from stale_findings(name, body, as_of=as_of, quiet_days=policy.stale_days)


def known_body(by_day: pd.Series, *, as_of: date) -> pd.Series:
    """Give the days with rows that the book is known for: without strays, and before ``as_of``."""
    body = main_body(by_day)
    return body[body.index < pd.Timestamp(as_of)]


def _rows_by_day(table: "ir.Table", column: str) -> pd.Series:
    dated = table.mutate(day=table[column].cast("date")).drop_null("day")
    counts: pd.DataFrame = dated.group_by("day").agg(n=dated.count()).order_by("day").to_pandas()
    return counts.assign(day=pd.to_datetime(counts["day"])).set_index("day")["n"]
