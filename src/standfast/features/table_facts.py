"""What is known of a table of the book once it was looked at: figures, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


class ReadTable(Protocol):
    """What reading a table told about its rows: those read, those used, and why cells or rows were lost."""

    @property
    def n_rows(self) -> int:
        """Rows of the file."""

    @property
    def n_used(self) -> int:
        """Rows that are in the book."""

    @property
    def reasons(self) -> Mapping[str, int]:
        """Why rows were set aside and cells left empty, with their number."""


@dataclass(frozen=True, kw_only=True)
class MonthFacts:
    """Rows of one month, and which share of each column was filled in them."""

    month: date
    n_rows: int
    filled: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """One table in figures; rows = used + set aside.

    Parameters
    ----------
    reasons
        Why rows were set aside and cells left empty, with their number.
    n_duplicates
        Rows that repeat another in every column; None where they were not counted.
    n_orphans
        Rows of accounts that the accounts table does not know.
    n_accounts
        Accounts of the accounts table with at least one row.
    n_book
        All accounts of the accounts table.
    missing
        Share of blank cells by column, of the rows used.
    """

    name: str
    n_rows: int
    n_used: int
    n_orphans: int
    n_accounts: int
    n_book: int
    n_duplicates: int | None = None
    first: date | None = None
    last: date | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, float] = field(default_factory=dict)
    months: tuple[MonthFacts, ...] = ()

    @property
    def n_set_aside(self) -> int:
        """Rows that are not in the book."""
        return self.n_rows - self.n_used

    @property
    def match_share(self) -> float:
        """Share of the rows read whose account is known."""
        return (self.n_rows - self.n_orphans) / max(self.n_rows, 1)

    @property
    def accounts_share(self) -> float:
        """Share of the accounts that have a row here."""
        return self.n_accounts / max(self.n_book, 1)
