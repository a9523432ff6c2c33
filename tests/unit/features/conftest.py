"""Small books in memory: what is written as records becomes typed tables in DuckDB."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from standfast.adapters.engine import DuckDbEngine
from standfast.features.labels import LabelPolicy, build_labels
from standfast.features.snapshot import SnapshotPolicy, build_snapshots, collect_snapshots
from standfast.schema import TABLES


class BookMaker:
    """Makes books around one observation date, looks at them and labels them."""

    t = date(2024, 6, 1)

    def __init__(self, engine: DuckDbEngine) -> None:
        self.engine = engine
        self._seen: dict[str, pd.DataFrame] = {}

    def day(self, n: int | None) -> date | None:
        """The date n days after the observation date."""
        return None if n is None else self.t + timedelta(days=n)

    def contract(
        self, account_id: str = "a", *, start: int = -400, end: int | None = None, **more: Any
    ) -> dict[str, Any]:
        """One subscription row, its dates in days from the observation date."""
        row = {"account_id": account_id, "started_on": self.day(start), "ended_on": self.day(end)}
        return row | {"amount": 100.0} | more

    def events(self, column: str, *offsets: int, account_id: str = "a", **more: Any) -> list[dict[str, Any]]:
        """One event per offset in days from the observation date."""
        return [{"account_id": account_id, column: self.day(n)} | more for n in offsets]

    def book(self, **tables: Any) -> Mapping[str, Any]:
        """Tables from records or frames; one open contract and its account where none are given."""
        tables = {"subscriptions": [self.contract()]} | tables
        frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
        if "accounts" not in frames:
            ids = frames["subscriptions"]["account_id"].drop_duplicates()
            frames["accounts"] = pd.DataFrame({"account_id": ids})
        return {name: self.engine.register(TABLES[name], rows) for name, rows in frames.items()}

    def look(self, *, dates: Any = None, policy: SnapshotPolicy | None = None, **tables: Any) -> pd.DataFrame:
        """Snapshots of a book, at the one observation date if no other is given."""
        built = build_snapshots(
            self.book(**tables), dates=dates or [self.t], policy=policy or SnapshotPolicy()
        )
        return collect_snapshots(built)

    def each(self, name: str, *cases: Mapping[str, Any], policy: SnapshotPolicy | None = None) -> list[Any]:
        """One feature in each of several little books, which are looked at together as accounts of one.

        Building a query costs more than running it, so cases that differ by an edge share one, and
        another feature of the same cases is read from the same look.
        """
        asked = repr((cases, policy))
        if asked not in self._seen:
            tables: dict[str, list[Any]] = {}
            for number, case in enumerate(cases):
                for table, rows in ({"subscriptions": [self.contract()]} | dict(case)).items():
                    tables.setdefault(table, []).extend({**row, "account_id": f"{number:03}"} for row in rows)
            self._seen = {asked: self.look(policy=policy, **tables)}
        values = self._seen[asked].set_index("account_id")[name]
        return [None if pd.isna(value) else value for value in values]

    def each_label(self, name: str, *cases: Any, **policy: Any) -> list[Any]:
        """One label of several lists of subscription rows: None where empty, "out" where left out."""
        rows = [{**row, "account_id": f"{number:03}"} for number, case in enumerate(cases) for row in case]
        found = self.labels(rows, **policy).set_index("account_id")[name]
        values = [found.get(f"{number:03}", "out") for number in range(len(cases))]
        return [None if value is pd.NA else value for value in values]

    def labels(
        self, rows: Any, *, dates: Any = None, as_of: date | None = None, **policy: Any
    ) -> pd.DataFrame:
        """Labels of a list of subscription rows, known a year later if nothing else is said."""
        book = self.book(subscriptions=rows)
        labels = build_labels(
            book,
            dates=dates or [self.t],
            as_of=as_of or self.t + timedelta(days=365),
            policy=LabelPolicy(**policy),
        )
        return collect_snapshots(labels)


@pytest.fixture(scope="module")
def maker() -> Iterator[BookMaker]:
    with DuckDbEngine(n_threads=2) as engine:
        yield BookMaker(engine)
