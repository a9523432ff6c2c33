"""SQL that types the rows of a user's table, and notes beside each cell what was odd about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from standfast.adapters import cell_money
from standfast.adapters.book_cells import as_kind, as_text, literal, quoted
from standfast.adapters.book_files import RawTable
from standfast.adapters.cell_dates import is_count, is_of_another_order, lacks_zone, utc_offset
from standfast.features.read_policy import MONEY_COLUMNS, Reading
from standfast.schema import ACCOUNT_ID, Column, Table

IDENTIFIERS = "identifiers known"
FOREIGN_ID, MAPPED_ID = "foreign id", "mapped id"


class Remark(IntEnum):
    """What was odd about a cell; ``ZONED`` plus or minus some hours: a time so far ahead of UTC."""

    UNREADABLE = 1
    OTHER_ORDER = 2
    COUNT = 3
    NO_UNIT = 4
    NO_ZONE = 5
    ZONED = 50


@dataclass(frozen=True)
class Typing:
    """One table about to be typed.

    Parameters
    ----------
    taken
        Canonical name to the file's column, for the canonical columns that are there.
    """

    table: Table
    raw: RawTable
    taken: Mapping[str, str]
    reading: Reading

    @property
    def known(self) -> list[Column]:
        """The canonical columns that are there."""
        return [column for column in self.table.columns if column.name in self.taken]

    @property
    def checked(self) -> list[Column]:
        """Those whose cells may be unreadable."""
        return [column for column in self.known if column.kind != "text"]

    @property
    def extras(self) -> dict[str, str]:
        """The name each further column gets to the file's column; a name that is taken gets a suffix."""
        names: dict[str, str] = {}
        used = {name.casefold() for name in self.table.names}
        used |= {remark_of(name).casefold() for name in self.table.names}
        for source in self.raw.types:
            if source not in self.taken.values():
                name = source
                while name.casefold() in used:
                    name += "_as_exported"
                used.add(name.casefold())
                names[name] = source
        return names

    def is_told_in_text(self, column: Column) -> bool:
        """Whether the file holds the column as text, in which each cell may be written in its own way."""
        return self.raw.types[self.taken[column.name]] == "VARCHAR"

    def to_sql(self) -> str:
        """Give the query that reads the table once: typed columns, remarks on cells, the rest as it is."""
        names = [quoted(column.name) for column in self.known]
        remarks = [_named(self._remark(column), remark_of(column.name)) for column in self.checked]
        kept = [quoted(name) for name in self.extras]
        return f"SELECT {', '.join([*names, *remarks, *kept])} FROM ({self._values(kept)})"

    def _values(self, kept: list[str]) -> str:
        """Give the query of typed values beside the texts they were read from."""
        values = [_named(self._value(column), column.name) for column in self.known]
        texts = [quoted(_text(column.name)) for column in self.checked]
        joined = ""
        if self.reading.policy.identifier:
            ours = quoted(_text(ACCOUNT_ID))
            joined = f" LEFT JOIN {quoted(IDENTIFIERS)} ON {ours} = {quoted(FOREIGN_ID)}"
        return f"SELECT {', '.join([*values, *texts, *kept])} FROM ({self._texts()}){joined}"

    def _texts(self) -> str:
        """Give the query of the cells as trimmed text."""
        types = self.raw.types
        sources = {column: self.taken[column.name] for column in self.known}
        cells = [
            _named(as_text(quoted(source), types[source], kind=column.kind), _text(column.name))
            for column, source in sources.items()
        ]
        said = [_named(sql, name) for name, sql in cell_money.beside(self.reading, types).items()]
        extras = [_named(quoted(source), name) for name, source in self.extras.items()]
        return f"SELECT {', '.join([*cells, *said, *extras])} FROM {self.raw.relation}"

    def _value(self, column: Column) -> str:
        text = quoted(_text(column.name))
        identifier = self.reading.policy.identifier
        if column.name == ACCOUNT_ID and identifier:
            # The system's name before an id nobody mapped: it must not meet an account of the same number.
            stranger = literal(f"{identifier}:")
            return f"coalesce({quoted(MAPPED_ID)}, {stranger} || {text})"
        value = as_kind(text, column.kind, policy=self.reading.policy)
        if column.kind != "number":
            return value
        return cell_money.in_units(value, table=self.table.name, column=column.name, reading=self.reading)

    def _remark(self, column: Column) -> str:
        text = quoted(_text(column.name))
        lost = f"{quoted(column.name)} IS NULL AND {text} IS NOT NULL"
        if column.kind in {"date", "time"}:
            return self._remark_on_moment(column, text, lost)
        cases = f"WHEN {lost} THEN {Remark.UNREADABLE:d}"
        if column.name in MONEY_COLUMNS.get(self.table.name, ()):
            is_number = f"{as_kind(text, column.kind)} IS NOT NULL"
            cases = f"WHEN {lost} AND {is_number} THEN {Remark.NO_UNIT:d} {cases}"
        return f"CASE {cases} END"

    def _remark_on_moment(self, column: Column, text: str, lost: str) -> str:
        cases = (
            f"WHEN {lost} AND {is_of_another_order(text)} THEN {Remark.OTHER_ORDER:d} "
            f"WHEN {lost} AND {is_count(text)} THEN {Remark.COUNT:d} "
            f"WHEN {lost} THEN {Remark.UNREADABLE:d}"
        )
        if not self.is_told_in_text(column):
            return f"CASE {cases} END"
        policy = self.reading.policy
        offset = f"{Remark.ZONED:d} + {utc_offset(text, policy)}"
        return f"CASE {cases} WHEN {lacks_zone(text, policy)} THEN {Remark.NO_ZONE:d} ELSE {offset} END"


def remark_of(column: str) -> str:
    """Give the name of the column that holds the remarks on another's cells."""
    return f"{column} remark"


def _text(column: str) -> str:
    return f"text {column}"


def _named(expression: str, name: str) -> str:
    return f"{expression} AS {quoted(name)}"
