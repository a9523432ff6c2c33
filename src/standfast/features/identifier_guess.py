"""Whether each table's account ids are those of the accounts table, and which column translates them else."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from standfast.features.findings import percent, some
from standfast.features.reading_guess import GuessedReading
from standfast.features.table_guess import TableGuess, stem
from standfast.schema import ACCOUNT_ID, TABLES

_MATCHES = 0.5
"""Share of a table's rows with a known account from which its ids are taken to be those of the accounts."""
_BETTER_BY = 0.2
"""How much more rows a translation must reach than the ids as they stand; a sample of a file may know few."""
_TELLS_ONE = 0.99
_SHORTEST = 3
WRITTEN = "identifiers_found.csv"
"""The mapping table that is written where no file can serve as it stands."""
_ID_NAME = re.compile(r"(id|key|uuid|guid|number|code|nr|no)$", re.IGNORECASE)


@dataclass(frozen=True)
class Translation:
    """A column with the ids of another system, beside one with the ids of accounts."""

    file_name: str
    account_column: str
    column: str


@dataclass(frozen=True)
class _Match:
    """A column of a table, and how many of its rows a translation knows."""

    by: Translation
    from_column: str
    share: float


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


@dataclass(frozen=True)
class _Ids:
    """The values of columns as texts, made once each, and the ids of the accounts."""

    frames: Mapping[str, pd.DataFrame]
    accounts: str
    account_id: str
    _made: dict[tuple[str, str], pd.Series] = field(default_factory=dict)

    def of(self, file_name: str, column: str) -> pd.Series:
        if (file_name, column) not in self._made:
            self._made[file_name, column] = id_texts(self.frames[file_name][column])
        return self._made[file_name, column]

    @property
    def known(self) -> pd.Series:
        return self.of(self.accounts, self.account_id)

    def share(self, guess: TableGuess) -> float:
        """Share of the rows that have an id and are of a known account."""
        if ACCOUNT_ID not in guess.columns:
            return 0.0
        return _share(self.of(guess.file_name, guess.columns[ACCOUNT_ID]), self.known)


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
    ids = _Ids(frames, accounts, account_id)
    asked = [guess for guess in guesses if _asks_for_accounts(guess)]
    shares = {guess.file_name: ids.share(guess) for guess in asked}
    strange = [guess for guess in asked if shares[guess.file_name] < _MATCHES]
    found = {guess.file_name: _translations(ids, guess, shares[guess.file_name]) for guess in strange}
    best = {name: best for name, listed in found.items() if (best := _best_of(listed, found, accounts))}
    used = _named(best.values())
    names = {known: name for name, known in used.items()}
    told = [_told(guess, shares.get(guess.file_name), best.get(guess.file_name), names) for guess in guesses]
    warnings = [
        _warning(ids, guess, shares[guess.file_name])
        for guess in strange
        if guess.file_name not in best and guess.is_usable
    ]
    return GuessedIdentifiers(tuple(told), tuple(warnings), used, is_rewritten=_needs_a_table(used, guesses))


def id_texts(column: pd.Series) -> pd.Series:
    """Give ids as they are read: 17850.0 is "17850"; blank cells are left out."""
    known = column.dropna()
    if pd.api.types.is_float_dtype(known) and (known % 1 == 0).all():
        known = known.astype("int64")
    texts = known.astype("string").str.strip()
    return texts[texts != ""]


def _asks_for_accounts(guess: TableGuess) -> bool:
    """Whether the table holds rows of accounts and lacks nothing, or nothing but their ids."""
    if guess.table in {None, "accounts"} or ACCOUNT_ID not in TABLES[str(guess.table)].names:
        return False
    return set(guess.missing) <= {ACCOUNT_ID}


def _share(texts: pd.Series, known: pd.Series) -> float:
    return float(texts.isin(known).mean()) if len(texts) else 0.0


def _translations(ids: _Ids, guess: TableGuess, share: float) -> list[_Match]:
    """Give the columns of other files that know clearly more of the table's ids than the accounts do."""
    given = guess.columns.get(ACCOUNT_ID)
    frame = ids.frames[guess.file_name]
    own = [given] if given else [str(name) for name in frame.columns if _ID_NAME.search(str(name))]
    return [
        match
        for file_name in ids.frames
        if file_name != guess.file_name
        for match in _columns_that_know(ids, guess.file_name, own, file_name)
        if match.share >= share + _BETTER_BY
    ]


def _columns_that_know(ids: _Ids, own_file: str, own: list[str], file_name: str) -> Iterator[_Match]:
    names = [str(name) for name in ids.frames[file_name].columns]
    is_accounts = file_name == ids.accounts
    holders = [ids.account_id] if is_accounts else names
    for holder in holders:
        if not is_accounts and _share(ids.of(file_name, holder), ids.known) < _MATCHES:
            continue
        for name in names:
            if name == holder or not _looks_like_ids(name, ids.of(file_name, name)):
                continue
            for column in own:
                share = _share(ids.of(own_file, column), ids.of(file_name, name))
                if share >= _BETTER_BY and _tells_one(ids.frames[file_name], name, holder):
                    yield _Match(Translation(file_name, holder, name), column, share)


def _looks_like_ids(name: str, texts: pd.Series) -> bool:
    """Small whole numbers are in many columns; only a name makes them ids."""
    if not len(texts):
        return False
    return _ID_NAME.search(name) is not None or float(texts.str.len().median()) >= _SHORTEST


def _tells_one(frame: pd.DataFrame, name: str, holder: str) -> bool:
    """Whether a value of one column goes with one account."""
    pairs = frame[[name, holder]].dropna().drop_duplicates()
    return len(pairs) > 0 and pairs[name].nunique() >= _TELLS_ONE * len(pairs)


def _best_of(listed: Sequence[_Match], found: Mapping[str, Sequence[_Match]], accounts: str) -> _Match | None:
    """Give what translates the most; of equals what stands in the file that serves the most tables."""
    serves = Counter(name for others in found.values() for name in {match.by.file_name for match in others})
    return max(
        listed,
        key=lambda match: (round(match.share, 2), serves[match.by.file_name], match.by.file_name == accounts),
        default=None,
    )


def _named(matches: Iterable[_Match]) -> dict[str, Translation]:
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
    guess: TableGuess, share: float | None, match: _Match | None, names: Mapping[Translation, str]
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


def _warning(ids: _Ids, guess: TableGuess, share: float) -> str:
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
