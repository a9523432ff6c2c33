"""Whether each table's account ids are those of the accounts table, and which column translates them else."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from standfast.features.findings import percent, some
from standfast.features.id_columns import MATCHES, IdMatch, Ids, Translation, best_of, translations
from standfast.features.reading_guess import GuessedReading
from standfast.features.table_guess import TableGuess, stem
from standfast.schema import ACCOUNT_ID, TABLES

WRITTEN = "identifiers_found.csv"
"""The mapping table that is written where no file can serve as it stands."""


@dataclass(frozen=True)
class GuessedIdentifiers:
    """What translates the ids of other systems.

    Parameters
    ----------
    tables
        The guesses, which now say how many rows match, or by which column their ids are translated.
    used
        The columns that translate, by the name each has in the mapping table.
    is_rewritten
        Whether they are to be written as a table of their own: they stand in several files, or nothing else
        would tell which column of their file holds the accounts.
    """

    tables: tuple[TableGuess, ...]
    warnings: tuple[str, ...] = ()
    used: Mapping[str, Translation] = field(default_factory=dict)
    is_rewritten: bool = False

    @property
    def named(self) -> str | None:
        """What ``[book] identifiers`` should name."""
        if self.is_rewritten:
            return WRITTEN
        return next((known.file_name for known in self.used.values()), None)

    @property
    def file_names(self) -> frozenset[str]:
        """The files that know ids of other systems."""
        return frozenset(known.file_name for known in self.used.values())

    def __str__(self) -> str:
        """Give one line such as "map.csv: identifiers, ..."."""
        told = [
            f"{name} ({known.column} beside {known.account_column} of {known.file_name})"
            for name, known in self.used.items()
        ]
        return f"{self.named}: identifiers, {', '.join(told)}"

    def joined(self, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Give the mapping table: account_id, and a column per system, filled in its own rows alone."""
        parts = [
            frames[known.file_name][[known.account_column, known.column]].set_axis([ACCOUNT_ID, name], axis=1)
            for name, known in self.used.items()
        ]
        return pd.concat([part.dropna() for part in parts], ignore_index=True)


def guess_identifiers(
    frames: Mapping[str, pd.DataFrame], guesses: Sequence[TableGuess], *, accounts: str, account_id: str
) -> GuessedIdentifiers:
    """Compare each table's account ids with those of the accounts, and look for what translates them.

    Parameters
    ----------
    guesses
        What the files are; one that lacks nothing but its account ids becomes usable where they can be told.
    accounts, account_id
        The accounts file, and its column of ids.
    """
    ids = Ids(frames, accounts, account_id)
    there = {guess.table for guess in guesses if guess.is_usable}
    asked = [guess for guess in guesses if _asks_for_accounts(guess, there=there)]
    shares = {guess.file_name: ids.share(guess) for guess in asked}
    strange = [guess for guess in asked if shares[guess.file_name] < MATCHES]
    found = {guess.file_name: translations(ids, guess, shares[guess.file_name]) for guess in strange}
    best = {name: best for name, listed in found.items() if (best := best_of(listed, found, accounts))}
    used = _named(best.values())
    names = {known: name for name, known in used.items()}
    told = [_told(guess, shares.get(guess.file_name), best.get(guess.file_name), names) for guess in guesses]
    warnings = [
        _warning(ids, guess, shares[guess.file_name])
        for guess in strange
        if guess.file_name not in best and guess.is_usable
    ]
    return GuessedIdentifiers(tuple(told), tuple(warnings), used, is_rewritten=_needs_a_table(used, guesses))


def _asks_for_accounts(guess: TableGuess, *, there: Collection[str | None]) -> bool:
    """Whether the table holds rows of accounts, and lacks at most their ids while no other file has them."""
    if guess.table in {None, "accounts"} or ACCOUNT_ID not in TABLES[str(guess.table)].names:
        return False
    return guess.is_usable or (guess.missing == (ACCOUNT_ID,) and guess.table not in there)


def _named(matches: Iterable[IdMatch]) -> dict[str, Translation]:
    """Give each column its own name in the mapping table."""
    named: dict[str, Translation] = {}
    for known in dict.fromkeys(match.by for match in matches):
        name = known.column if known.column not in named else f"{known.column}_of_{stem(known.file_name)}"
        named[name] = known
    return named


def _needs_a_table(used: Mapping[str, Translation], guesses: Sequence[TableGuess]) -> bool:
    files = {known.file_name for known in used.values()}
    holders = {known.account_column for known in used.values()}
    own = {guess.columns.get(ACCOUNT_ID) for guess in guesses if guess.file_name in files and guess.is_usable}
    return len(files) > 1 or len(holders) > 1 or not holders <= {ACCOUNT_ID, *own}


def _told(
    guess: TableGuess, share: float | None, match: IdMatch | None, names: Mapping[Translation, str]
) -> TableGuess:
    """Give the guess with what is known of its account ids."""
    if share is None:
        return guess
    if match is None:
        said = f"{percent(share)} of its rows are of known accounts"
        return replace(guess, why=f"{guess.why}; {said}") if guess.is_usable else guess
    said = (
        f"its {match.from_column} is translated by {match.by.column} of {match.by.file_name} "
        f"({percent(match.share)} of rows are known there, {percent(share)} as they stand)"
    )
    return replace(
        guess,
        why=f"{guess.why}; {said}",
        columns={ACCOUNT_ID: match.from_column, **guess.columns},
        missing=(),
        reading=guess.reading | GuessedReading({"identifier": names[match.by]}),
    )


def _warning(ids: Ids, guess: TableGuess, share: float) -> str:
    """Say that a table's ids are not those of the accounts, and what would help."""
    column = guess.columns[ACCOUNT_ID]
    texts = ids.of(guess.file_name, column)
    strangers = texts[~texts.isin(ids.known)].drop_duplicates().head(3)
    told = (
        f"{guess.file_name}: {percent(share)} of its rows are of known accounts; {column} holds ids such as "
        f"{some(list(strangers))}, the accounts are called {some(list(ids.known.head(3)))}"
    )
    if _are_short_forms(strangers, ids.known):
        return f"{told}; they are the same ids in the 15 characters of a report: export all with 18"
    system = guess.export.system.casefold() if guess.export else "other_system"
    return (
        f"{told}; write a table with the columns account_id and {system}, a row per account, name it [book] "
        f'identifiers = "identifiers.csv", and write identifier = "{system}" under [read.{guess.table}]'
    )


def _are_short_forms(strangers: pd.Series, known: pd.Series) -> bool:
    """Whether these are ids as reports of Salesforce show them: without the three letters at their end."""
    return bool(len(strangers)) and bool(strangers.isin(known[known.str.len() == 18].str[:15]).all())
