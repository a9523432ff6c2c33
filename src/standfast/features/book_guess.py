"""Guesses what a set of files is: which is which table, how each is written, and how churn can be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from standfast.features.aliases import Period
from standfast.features.book_reading import flat_reading, with_readings
from standfast.features.export_traps import trap_warnings
from standfast.features.findings import CheckPolicy, Finding
from standfast.features.id_columns import id_texts
from standfast.features.identifier_guess import GuessedIdentifiers, guess_identifiers
from standfast.features.label_values import read_label
from standfast.features.policy import ACTIVITY_TABLES
from standfast.features.roles import Guess, GuessedRoles, guess_roles, period_in
from standfast.features.table_guess import TableGuess, guess_table, one_per_table, stem
from standfast.features.usability import check_flat_table
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, LABELS, TABLES

_TURNOVER = (
    "annual_revenue: in a CRM it is the customer's own turnover, but under this name it is read as what an "
    "account pays; rename the column unless that is what it holds"
)
_TELL_ACTIVITY = ("subscriptions", *ACTIVITY_TABLES)
_TELL_ACCOUNTS = ("subscriptions", "invoices", "usage")
"""Tables whose account ids can stand for an accounts table, the best first."""


@dataclass(frozen=True)
class BookGuess:
    """What a set of files seems to be.

    Parameters
    ----------
    roles
        Roles in the accounts table, or in the only file.
    unused
        Files that are no table of the book, with the reason.
    leaks
        Columns of a flat table that seem to know a label.
    identifiers
        The file that translates the ids of other systems, if one is needed and given.
    ids_of
        The table whose account ids are to be written as the accounts table, where none was given.
    currencies
        The currencies of all amounts; first the one that is commonest in the subscriptions, if there are any.
    """

    name: str
    roles: GuessedRoles
    tables: tuple[TableGuess, ...]
    unused: tuple[TableGuess, ...] = ()
    revenue_period: Period = "year"
    leaks: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    identifiers: GuessedIdentifiers | None = None
    ids_of: TableGuess | None = None
    currencies: tuple[str, ...] = ()

    @property
    def is_flat(self) -> bool:
        """Whether there is nothing but one row per account: labels then are columns, not events."""
        return not any(guess.table in _TELL_ACTIVITY for guess in self.tables)

    @property
    def accounts(self) -> TableGuess | None:
        """The accounts table, or the only file."""
        return next((guess for guess in self.tables if guess.table == "accounts"), None)

    def table(self, name: str) -> TableGuess | None:
        """Give the file taken for a table."""
        return next((guess for guess in self.tables if guess.table == name), None)

    @property
    def lines(self) -> tuple[str, ...]:
        """What was guessed, a line each, to print."""
        several = len(self.tables) > 1 or any(guess.export for guess in self.tables)
        tables = [str(guess) for guess in (*self.tables, *self.unused)] if several else []
        tables += [str(self.identifiers)] if self.identifiers and self.identifiers.named else []
        leaks = [f"[check] leakage = set_aside: {finding.explanation}" for finding in self.leaks]
        kinds = [str(kind) for kind in self.roles.kinds]
        return (*tables, *map(str, (*self.roles.guesses, *self.roles.ignore)), *leaks, *kinds)


def guess_book(frames: Mapping[str, pd.DataFrame], *, name: str | None = None) -> BookGuess:
    """Guess what the files of a book are.

    Parameters
    ----------
    frames
        Rows by file name, as the settings file should write it; many rows, if not all.
    """
    guesses = one_per_table([guess_table(frame, file_name=file) for file, frame in frames.items()])
    if len(frames) == 1 and not _has_events(guesses[0], frames[guesses[0].file_name]):
        return _guess_flat(guesses[0], frames[guesses[0].file_name], name=name)
    accounts = next((guess for guess in guesses if guess.is_usable and guess.table == "accounts"), None)
    if accounts is not None:
        return _guess_events(frames, guesses, accounts, name=name or stem(accounts.file_name))
    if (ids_of := _best_for_ids(guesses)) is None:
        unused = tuple(guess for guess in guesses if not guess.is_usable)
        tables = tuple(guess for guess in guesses if guess.is_usable)
        warnings = (
            *map(_not_used, unused),
            "no file was recognised as the accounts table; name one: [book] accounts",
        )
        return BookGuess(name or "book", GuessedRoles(""), tables, unused, warnings=warnings)
    derived, ids = _derived_accounts(frames[ids_of.file_name], ids_of)
    given = {**frames, derived.file_name: ids}
    book = _guess_events(given, [*guesses, derived], derived, name=name or stem(ids_of.file_name))
    said = (
        f"no file is an accounts table: {derived.file_name} was written with the ids of {ids_of.file_name}; "
        "export accounts with their owner, name, industry and start if you can"
    )
    return replace(book, ids_of=ids_of, warnings=(said, *book.warnings))


def _has_events(guess: TableGuess, frame: pd.DataFrame) -> bool:
    """Whether a file given alone holds what happened, rather than a row per account."""
    if not guess.is_usable or guess.table not in _TELL_ACTIVITY:
        return False
    if guess.export is not None:
        return True
    has_labels = bool(set(guess_roles(frame, file_name=guess.file_name).columns) & set(LABELS))
    return not has_labels and (
        "ended_on" in guess.columns or bool(frame[guess.columns[ACCOUNT_ID]].duplicated().any())
    )


def _best_for_ids(guesses: Sequence[TableGuess]) -> TableGuess | None:
    usable = {guess.table: guess for guess in guesses if guess.is_usable}
    return next((usable[table] for table in _TELL_ACCOUNTS if table in usable), None)


def _derived_accounts(frame: pd.DataFrame, guess: TableGuess) -> tuple[TableGuess, pd.DataFrame]:
    """Give the accounts table that the ids of another table make."""
    ids = id_texts(frame[guess.columns[ACCOUNT_ID]]).drop_duplicates().sort_values()
    file_name = f"accounts_of_{stem(guess.file_name)}.csv"
    why = f"the distinct {guess.columns[ACCOUNT_ID]} of {guess.file_name}"
    table = TableGuess(file_name, "accounts", why, {ACCOUNT_ID: ACCOUNT_ID})
    return table, pd.DataFrame({ACCOUNT_ID: ids.to_numpy(dtype=object)})


def _guess_flat(guess: TableGuess, frame: pd.DataFrame, *, name: str | None) -> BookGuess:
    roles = _roles(frame, guess)
    why = f"the only file, {guess.why}" if guess.export else "the only file"
    table = replace(guess, table="accounts", why=why, columns=roles.columns, missing=())
    table = replace(table, reading=flat_reading(table, frame, roles.kinds))
    traps = trap_warnings(frame, table, is_flat=True) if guess.export else ()
    return BookGuess(
        name or stem(guess.file_name), roles, (table,), revenue_period=roles.revenue_period,
        leaks=_leaks(frame, roles), warnings=(*roles.warnings, *traps, *table.reading.warnings),
    )  # fmt: skip


def _guess_events(
    frames: Mapping[str, pd.DataFrame], guesses: Sequence[TableGuess], accounts: TableGuess, *, name: str
) -> BookGuess:
    """Guess a book of several tables once it is known which holds the accounts."""
    usable = [guess for guess in guesses if guess.is_usable]
    is_flat = not any(guess.table in _TELL_ACTIVITY for guess in usable)
    tell_money = any(
        guess.table in {"subscriptions", "invoices"} and "amount" in guess.columns for guess in usable
    )
    roles = _roles(frames[accounts.file_name], accounts, has_events=not is_flat, with_revenue=not tell_money)
    guesses = [replace(guess, columns=roles.columns) if guess is accounts else guess for guess in guesses]
    warnings = list(roles.warnings)
    identifiers = None
    if roles.account_id is not None:
        identifiers = guess_identifiers(
            frames, guesses, accounts=accounts.file_name, account_id=roles.account_id
        )
        guesses, warnings = one_per_table(identifiers.tables), [*warnings, *identifiers.warnings]
    tables = sorted((guess for guess in guesses if guess.is_usable), key=_schema_order)
    unused = [guess for guess in guesses if not guess.is_usable]
    if identifiers is not None:
        unused = [guess for guess in unused if guess.file_name not in identifiers.file_names]
    warnings += map(_not_used, unused)
    warnings += [
        told for guess in tables for told in trap_warnings(frames[guess.file_name], guess, is_flat=is_flat)
    ]
    book = BookGuess(
        name, roles, tuple(tables), tuple(unused), warnings=tuple(warnings), identifiers=identifiers
    )
    if book.is_flat:
        frame = frames[accounts.file_name]
        reading = flat_reading(accounts, frame, roles.kinds)
        read = tuple(
            replace(guess, reading=reading) if guess.table == "accounts" else guess for guess in tables
        )
        return replace(
            book, tables=read, revenue_period=roles.revenue_period, leaks=_leaks(frame, roles),
            warnings=(*warnings, *reading.warnings),
        )  # fmt: skip
    read, currencies = with_readings(tables, frames)
    told = [warning for guess in read for warning in guess.reading.warnings]
    return _with_periods(replace(book, tables=read, currencies=currencies, warnings=(*warnings, *told)))


def _roles(
    frame: pd.DataFrame, guess: TableGuess, *, has_events: bool = False, with_revenue: bool = True
) -> GuessedRoles:
    """Guess the roles of the accounts; where a system's export is known, it knows its own names best."""
    roles = guess_roles(frame, file_name=guess.file_name, has_events=has_events, with_revenue=with_revenue)
    if guess.export is None or guess.table != "accounts":
        return roles
    known = {role: guess.columns[role] for role in guess.export.columns if role in guess.columns}
    why = f"as {guess.export.system} calls it"
    others = [g for g in roles.guesses if g.role not in known and g.column not in known.values()]
    told = [_TURNOVER] if guess.export.is_crm and ANNUAL_REVENUE in frame.columns else []
    return replace(
        roles,
        guesses=(*(Guess(role, column, why) for role, column in known.items()), *others),
        warnings=(*roles.warnings, *told),
    )


def _with_periods(book: BookGuess) -> BookGuess:
    """Settle what amounts are per: in the subscriptions if they have any, else in the accounts."""
    subscriptions = book.table("subscriptions")
    amount = subscriptions.columns.get("amount") if subscriptions else None
    if subscriptions is None or amount is None:
        return replace(book, revenue_period=book.roles.revenue_period)
    if "interval" in subscriptions.reading.settings:
        return book
    if (period := period_in(amount)) is None:
        said = f"{amount}: its name does not say per what; it was taken as per year ([units] revenue_period)"
        return replace(book, warnings=(*book.warnings, said))
    return replace(book, revenue_period=period)


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


def _not_used(guess: TableGuess) -> str:
    return f"{guess.file_name} is not used: {guess.reason}"


def _schema_order(guess: TableGuess) -> int:
    return list(TABLES).index(str(guess.table))
