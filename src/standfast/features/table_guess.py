"""Guesses which canonical table a file is: by the system that exported it, its name, or its columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from standfast.features.aliases import ACCOUNT_ALIASES, TABLE_ALIASES, TABLE_WORDS, plain_name
from standfast.features.exports import Export, recognise_export
from standfast.features.reading_guess import GuessedReading
from standfast.schema import ACCOUNT_ID, TABLES

_ROW_IDS = frozenset({"id", "recordid", "userid", "memberid", "hsobjectid", "groupid"})
_ID_ALIASES = tuple(alias for alias in ACCOUNT_ALIASES[ACCOUNT_ID] if alias not in _ROW_IDS)
_LEAVING = frozenset({"churn", "churned", "cancellation", "cancellations"})
_SIGNS_SHOWN = 3


@dataclass(frozen=True)
class TableGuess:
    """Which canonical table a file is, if any, and why.

    Parameters
    ----------
    columns
        The file's column by canonical name.
    missing
        The needed columns it lacks.
    export
        The kind of export it was recognised as.
    reading
        How its cells are written, where not as the schema wants them.
    """

    file_name: str
    table: str | None
    why: str
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    export: Export | None = None
    reading: GuessedReading = field(default_factory=GuessedReading)

    @property
    def reason(self) -> str:
        """Why it is taken, or what it cannot be taken without."""
        if not self.missing:
            return self.why
        lacks = " and ".join(f"an {name}" if name[0] in "aeio" else f"a {name}" for name in self.missing)
        return f"it looks like {self.table} ({self.why}), but cannot be used without {lacks} column"

    @property
    def is_usable(self) -> bool:
        """Whether the file can take part in the book."""
        return self.table is not None and not self.missing

    def __str__(self) -> str:
        """Give one line such as "usage.csv: usage, ..."."""
        told = "; ".join([self.reason, *self.reading.words])
        return f"{self.file_name}: {self.table if self.is_usable else 'not used'}, {told}"


def guess_table(frame: pd.DataFrame, *, file_name: str) -> TableGuess:
    """Guess which canonical table one file is, by its system first, then by its name, by its columns else."""
    export, signs = recognise_export(map(str, frame.columns))
    if export is not None:
        return _as_export(frame, export, signs, file_name)
    words = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem(file_name)).casefold()))
    if words & _LEAVING:
        reason = "it lists who left: churn is told from when subscriptions end"
        return TableGuess(file_name, None, reason)
    by_name = [table for table, known in TABLE_WORDS.items() if words & set(known)]
    if by_name:
        return _as_table(frame, by_name[0], file_name, why=f"by its name ({stem(file_name)})")
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


def one_per_table(guesses: Sequence[TableGuess]) -> list[TableGuess]:
    """Keep the file with the most known columns where two seem to be the same table."""
    best: dict[str, TableGuess] = {}
    for guess in guesses:
        if guess.table and guess.is_usable:
            best[guess.table] = max((best.get(guess.table, guess), guess), key=lambda g: len(g.columns))
    return [
        replace(guess, table=None, why=_second(guess, best[guess.table]))
        if guess.table and guess.is_usable and best[guess.table] is not guess
        else guess
        for guess in guesses
    ]


def stem(file_name: str) -> str:
    """Give a file's name without its folder and ending."""
    return re.split(r"[/\\]", file_name)[-1].rsplit(".", 1)[0]


def _second(guess: TableGuess, best: TableGuess) -> str:
    known = f"{len(best.columns)} columns of it are known, here {len(guess.columns)}"
    told = f"{best.file_name} is taken as {guess.table}: {known} ({guess.why})"
    if guess.columns != best.columns:
        return told
    return f"{told}; if both are parts of one table, put them into a folder of their own and name that"


def _as_export(frame: pd.DataFrame, export: Export, signs: Sequence[str], file_name: str) -> TableGuess:
    why = f"a {export.system} export of {export.noun} ({', '.join(signs[:_SIGNS_SHOWN])})"
    if export.table is None:
        return TableGuess(file_name, None, f"{why}: {export.why_not}", export=export)
    return _as_table(frame, export.table, file_name, why=why, export=export)


def _as_table(
    frame: pd.DataFrame, table: str, file_name: str, *, why: str, export: Export | None = None
) -> TableGuess:
    columns = _columns_of(frame, table, export=export)
    missing = tuple(name for name in TABLES[table].needed if name not in columns)
    return TableGuess(file_name, table, why, columns, missing, export)


def _columns_of(frame: pd.DataFrame, table: str, *, export: Export | None = None) -> dict[str, str]:
    """Give the file's column for each canonical column; no column is used twice."""
    aliases = ACCOUNT_ALIASES if table == "accounts" else {ACCOUNT_ID: _ID_ALIASES, **TABLE_ALIASES[table]}
    known_there = export.columns if export else {}
    by_plain_name = {plain_name(str(name)): str(name) for name in reversed(list(frame.columns))}
    found: dict[str, str] = {}
    for canonical in sorted(TABLES[table].names, key=lambda name: name not in known_there):
        if canonical in frame.columns and canonical not in known_there:
            found[canonical] = canonical
            continue
        usual = aliases.get(canonical, ())
        own = known_there.get(canonical, usual)
        listed = (*own, *usual) if own else ()  # an export can say that it has no such column
        known = [by_plain_name[alias] for alias in listed if alias in by_plain_name]
        free = [
            name
            for name in known
            if name not in found.values() and (canonical in known_there or name not in TABLES[table].names)
        ]
        if free:
            found[canonical] = free[0]
    return {name: found[name] for name in TABLES[table].names if name in found}
