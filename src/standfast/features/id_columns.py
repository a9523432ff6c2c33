"""Columns that hold ids: which files know the ids of another table, and of which account each is."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from standfast.features.table_guess import TableGuess
from standfast.schema import ACCOUNT_ID

MATCHES = 0.5
"""Share of a table's rows with a known account from which its ids are taken to be those of the accounts."""
_BETTER_BY = 0.2
"""How much more rows a translation must reach than the ids as they stand; a sample of a file may know few."""
_TELLS_ONE = 0.99
_SHORTEST = 3
_ID_NAME = re.compile(r"(id|key|uuid|guid|number|code|nr|no)$", re.IGNORECASE)


@dataclass(frozen=True)
class Translation:
    """A column with the ids of another system, beside one with the ids of accounts."""

    file_name: str
    account_column: str
    column: str


@dataclass(frozen=True)
class IdMatch:
    """A column of a table, and how many of its rows a translation knows."""

    by: Translation
    from_column: str
    share: float


@dataclass(frozen=True)
class Ids:
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
        return share_known(self.of(guess.file_name, guess.columns[ACCOUNT_ID]), self.known)


def id_texts(column: pd.Series) -> pd.Series:
    """Give ids as they are read: 17850.0 is "17850"; blank cells are left out."""
    known = column.dropna()
    if pd.api.types.is_float_dtype(known) and (known % 1 == 0).all():
        known = known.astype("int64")
    texts = known.astype("string").str.strip()
    return texts[texts != ""]


def share_known(texts: pd.Series, known: pd.Series) -> float:
    return float(texts.isin(known).mean()) if len(texts) else 0.0


def translations(ids: Ids, guess: TableGuess, share: float) -> list[IdMatch]:
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


def _columns_that_know(ids: Ids, own_file: str, own: list[str], file_name: str) -> Iterator[IdMatch]:
    names = [str(name) for name in ids.frames[file_name].columns]
    is_accounts = file_name == ids.accounts
    holders = [ids.account_id] if is_accounts else names
    for holder in holders:
        if not is_accounts and share_known(ids.of(file_name, holder), ids.known) < MATCHES:
            continue
        for name in names:
            if name == holder or not _looks_like_ids(name, ids.of(file_name, name)):
                continue
            for column in own:
                share = share_known(ids.of(own_file, column), ids.of(file_name, name))
                if share >= _BETTER_BY and _tells_one(ids.frames[file_name], name, holder):
                    yield IdMatch(Translation(file_name, holder, name), column, share)


def _looks_like_ids(name: str, texts: pd.Series) -> bool:
    """Small whole numbers are in many columns; only a name makes them ids."""
    if not len(texts):
        return False
    return _ID_NAME.search(name) is not None or float(texts.str.len().median()) >= _SHORTEST


def _tells_one(frame: pd.DataFrame, name: str, holder: str) -> bool:
    """Whether a value of one column goes with one account."""
    pairs = frame[[name, holder]].dropna().drop_duplicates()
    return len(pairs) > 0 and pairs[name].nunique() >= _TELLS_ONE * len(pairs)


def best_of(
    listed: Sequence[IdMatch], found: Mapping[str, Sequence[IdMatch]], accounts: str
) -> IdMatch | None:
    """Give what translates the most; of equals what stands in the file that serves the most tables."""
    serves = Counter(name for others in found.values() for name in {match.by.file_name for match in others})
    return max(
        listed,
        key=lambda match: (round(match.share, 2), serves[match.by.file_name], match.by.file_name == accounts),
        default=None,
    )
