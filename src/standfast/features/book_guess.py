"""Guesses which canonical table each of a user's files is, and which of its columns are which."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from standfast.features.aliases import ACCOUNT_ALIASES, TABLE_ALIASES, TABLE_WORDS, Period, plain_name
from standfast.features.findings import CheckPolicy, Finding
from standfast.features.kinds import column_kind
from standfast.features.label_values import read_label
from standfast.features.roles import GuessedRoles, guess_roles, period_in
from standfast.features.usability import check_flat_table
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, LABELS, TABLES

_ROW_IDS = frozenset({"id", "recordid", "userid", "memberid", "hsobjectid", "groupid"})
_ID_ALIASES = tuple(alias for alias in ACCOUNT_ALIASES[ACCOUNT_ID] if alias not in _ROW_IDS)
_LEAVING = frozenset({"churn", "churned", "cancellation", "cancellations"})


@dataclass(frozen=True)
class TableGuess:
    """Which canonical table a file is, if any, and why.

    ``columns`` gives the file's column by canonical name; ``missing`` the needed columns it lacks.
    """

    file_name: str
    table: str | None
    reason: str
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether the file can take part in the book."""
        return self.table is not None and not self.missing

    def __str__(self) -> str:
        """Give one line such as "usage.csv: usage, ..."."""
        return f"{self.file_name}: {self.table if self.is_usable else 'not used'}, {self.reason}"


@dataclass(frozen=True)
class BookGuess:
    """What a set of files seems to be.

    Parameters
    ----------
    roles
        Roles in the accounts table, or in the only file.
    leaks
        Columns of a flat table that seem to know a label.
    """

    name: str
    roles: GuessedRoles
    tables: tuple[TableGuess, ...]
    unused: tuple[TableGuess, ...] = ()
    revenue_period: Period = "year"
    leaks: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_flat(self) -> bool:
        """Whether there is nothing but one row per account: labels then are columns, not events."""
        return all(guess.table != "subscriptions" for guess in self.tables)

    @property
    def lines(self) -> tuple[str, ...]:
        """What was guessed, a line each, to print."""
        tables = [str(guess) for guess in (*self.tables, *self.unused)] if len(self.tables) > 1 else []
        leaks = [f"[check] leakage = set_aside: {finding.explanation}" for finding in self.leaks]
        kinds = [str(kind) for kind in self.roles.kinds]
        return (*tables, *map(str, (*self.roles.guesses, *self.roles.ignore)), *leaks, *kinds)


def guess_book(frames: Mapping[str, pd.DataFrame], *, name: str | None = None) -> BookGuess:
    """Guess what the files of a book are.

    Parameters
    ----------
    frames
        Rows by file name, as the settings file should write it.
    """
    if len(frames) == 1:
        return _guess_flat(*next(iter(frames.items())), name=name)
    guesses = _one_per_table([guess_table(frame, file_name=file) for file, frame in frames.items()])
    tables = sorted((guess for guess in guesses if guess.is_usable), key=_schema_order)
    unused = tuple(guess for guess in guesses if not guess.is_usable)
    accounts = next((guess.file_name for guess in tables if guess.table == "accounts"), None)
    warnings = [f"{guess.file_name} is not used: {guess.reason}" for guess in unused]
    warnings += [told for guess in tables for told in _unread_dates(frames[guess.file_name], guess)]
    if accounts is None:
        warnings.append("no file was recognised as the accounts table; name one: [book] accounts")
        return BookGuess(name or "book", GuessedRoles(""), tuple(tables), unused, warnings=tuple(warnings))
    roles = guess_roles(frames[accounts], file_name=accounts)
    book = BookGuess(name or _stem(accounts), roles, tuple(tables), unused, warnings=tuple(warnings))
    if book.is_flat:
        return replace(book, revenue_period=roles.revenue_period, leaks=_leaks(frames[accounts], roles))
    return _with_events(book)


def guess_table(frame: pd.DataFrame, *, file_name: str) -> TableGuess:
    """Guess which canonical table one file is, by its name first and by its columns else."""
    words = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _stem(file_name)).casefold()))
    if words & _LEAVING:
        reason = "it lists who left: churn is told from when subscriptions end"
        return TableGuess(file_name, None, reason)
    by_name = [table for table, known in TABLE_WORDS.items() if words & set(known)]
    if by_name:
        return _as_table(frame, by_name[0], file_name, why=f"by its name ({_stem(file_name)})")
    fitting = [
        _as_table(frame, table, file_name, why="by its columns") for table in TABLES if table != "team"
    ]
    fitting = [guess for guess in fitting if guess.is_usable]
    if not fitting:
        return TableGuess(file_name, None, "neither its name nor its columns are those of a known table")
    best = max(fitting, key=lambda guess: len(guess.columns))
    if best.table == "accounts" and frame[best.columns[ACCOUNT_ID]].duplicated().any():
        return TableGuess(file_name, None, "it has several rows per account, but no date that is known")
    return best


def _as_table(frame: pd.DataFrame, table: str, file_name: str, *, why: str) -> TableGuess:
    columns = _columns_of(frame, table)
    missing = tuple(name for name in TABLES[table].needed if name not in columns)
    if missing:
        lacks = " and ".join(f"an {name}" if name[0] in "aeio" else f"a {name}" for name in missing)
        why = f"it looks like {table}, but cannot be used without {lacks} column"
    return TableGuess(file_name, table, why, columns, missing)


def _columns_of(frame: pd.DataFrame, table: str) -> dict[str, str]:
    """Give the file's column for each canonical column; no column is used twice."""
    aliases = ACCOUNT_ALIASES if table == "accounts" else {ACCOUNT_ID: _ID_ALIASES, **TABLE_ALIASES[table]}
    by_plain_name = {plain_name(str(name)): str(name) for name in reversed(list(frame.columns))}
    found: dict[str, str] = {}
    for canonical in TABLES[table].names:
        if canonical in frame.columns:
            found[canonical] = canonical
            continue
        known = [by_plain_name[alias] for alias in aliases.get(canonical, ()) if alias in by_plain_name]
        free = [name for name in known if name not in found.values() and name not in TABLES[table].names]
        if free:
            found[canonical] = free[0]
    return found


def _one_per_table(guesses: list[TableGuess]) -> list[TableGuess]:
    """Keep the file with the most known columns where two seem to be the same table."""
    best: dict[str, TableGuess] = {}
    for guess in guesses:
        if guess.table and guess.is_usable:
            best[guess.table] = max((best.get(guess.table, guess), guess), key=lambda g: len(g.columns))
    return [
        replace(guess, table=None, reason=f"{best[guess.table].file_name} is taken as {guess.table}")
        if guess.table and guess.is_usable and best[guess.table] is not guess
        else guess
        for guess in guesses
    ]


def _guess_flat(file_name: str, frame: pd.DataFrame, *, name: str | None) -> BookGuess:
    roles = guess_roles(frame, file_name=file_name)
    table = TableGuess(file_name, "accounts", "the only file", roles.columns)
    leaks = _leaks(frame, roles)
    return BookGuess(
        name or _stem(file_name), roles, (table,), (), roles.revenue_period, leaks, roles.warnings
    )


def _leaks(frame: pd.DataFrame, roles: GuessedRoles) -> tuple[Finding, ...]:
    """Give the columns that seem to know one of the guessed labels."""
    labels = {
        label: read_label(frame[column], spec=roles.label_values.get(label), name=label).values  # noqa: PD011  (a field of ReadLabel)
        for label, column in roles.columns.items()
        if label in LABELS
    }
    ignore = [guess.column for guess in roles.ignore]
    found = check_flat_table(frame, labels=labels, roles=roles.columns, ignore=ignore, policy=CheckPolicy())
    return tuple(finding for finding in found if finding.is_leak)


def _with_events(book: BookGuess) -> BookGuess:
    """Drop what only a flat table tells: with subscriptions, labels and revenue come from their rows."""
    untold = {*LABELS, ANNUAL_REVENUE, "observation_date"}
    roles = replace(
        book.roles,
        guesses=tuple(guess for guess in book.roles.guesses if guess.role not in untold),
        label_values={},
        ignore=(),
    )
    amount = next(guess.columns.get("amount") for guess in book.tables if guess.table == "subscriptions")
    period = period_in(amount) if amount else None
    warnings = list(book.warnings)
    if amount is None:
        warnings.append("the subscriptions have no amount: without it there is no plan")
    elif period is None:
        warnings.append(
            f"{amount}: its name does not say per what; it was taken as per year ([units] revenue_period)"
        )
    return replace(book, roles=roles, revenue_period=period or "year", warnings=tuple(warnings))


def _unread_dates(frame: pd.DataFrame, guess: TableGuess) -> list[str]:
    """Tell of dates in a form that is not read, such as 27-07-2023."""
    kinds = {column.name: column.kind for column in TABLES[str(guess.table)].columns}
    dates = [column for name, column in guess.columns.items() if kinds.get(name) in {"date", "time"}]
    return [
        f"{guess.file_name}: {kind.name} is {kind.note}, which is not read; write dates as 2023-07-27"
        for kind in map(column_kind, (frame[column] for column in dates))
        if not kind.is_readable
    ]


def _schema_order(guess: TableGuess) -> int:
    return list(TABLES).index(str(guess.table))


def _stem(file_name: str) -> str:
    return re.split(r"[/\\]", file_name)[-1].rsplit(".", 1)[0]
