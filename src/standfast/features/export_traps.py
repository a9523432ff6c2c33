"""What misleads in exports: turnover, columns of today, rows that are no business, parents, missing ends."""

from collections.abc import Iterator

import pandas as pd

from standfast.features.aliases import plain_name
from standfast.features.exports import today_columns
from standfast.features.findings import percent, some
from standfast.features.table_guess import TableGuess
from standfast.schema import ACCOUNT_ID


def trap_warnings(frame: pd.DataFrame, guess: TableGuess, *, is_flat: bool) -> tuple[str, ...]:
    """Give what a person should know of a table before trusting it."""
    told = [*_of_the_export(frame, guess), *_today(frame, guess, is_flat=is_flat), *_parents(frame, guess)]
    told += _nameless(frame, guess)
    if guess.table == "subscriptions" and "ended_on" not in guess.columns:
        told.append(
            "no column says when a subscription ended: as it stands none ever ends, and nobody churns"
        )
    return tuple(f"{guess.file_name}: {text}" for text in told)


def _of_the_export(frame: pd.DataFrame, guess: TableGuess) -> Iterator[str]:
    if guess.export is None:
        return
    by_plain = {plain_name(str(name)): str(name) for name in reversed(list(frame.columns))}
    for plain, text in guess.export.traps.items():
        if plain in by_plain:
            yield text.format(column=by_plain[plain])
    for plain, text in guess.export.odd_rows.items():
        if plain in by_plain:
            values, _, way_out = text.partition(": ")
            yield from _odd_rows(frame[by_plain[plain]], values, way_out)


def _odd_rows(column: pd.Series, values: str, way_out: str) -> Iterator[str]:
    words = column.dropna().astype("string").str.strip().str.casefold()
    odd = words[words.isin(values.split())]
    if len(odd):
        met = ", ".join(sorted(odd.unique()))
        yield f"{len(odd):,} of {len(column):,} rows ({percent(len(odd) / len(column))}) are {met}: {way_out}"


def _today(frame: pd.DataFrame, guess: TableGuess, *, is_flat: bool) -> Iterator[str]:
    taken = set(guess.columns.values())
    names = [name for name in today_columns(map(str, frame.columns)) if name not in taken]
    if not names:
        return
    what = (
        "add them to ignore under [columns] unless they are as old as the rest"
        if is_flat
        else "no feature is made of them"
    )
    yield f"as of the export, so on a past date they would tell the future: {some(names, 8)}; {what}"


def _parents(frame: pd.DataFrame, guess: TableGuess) -> Iterator[str]:
    if guess.table == "accounts" and (column := guess.columns.get("parent_id")):
        n_children = int(frame[column].notna().sum())
        if n_children:
            share = f"{n_children:,} of {len(frame):,} accounts"
            yield f"{share} have a parent ({column}); each account is looked at on its own"


def _nameless(frame: pd.DataFrame, guess: TableGuess) -> Iterator[str]:
    if (column := guess.columns.get(ACCOUNT_ID)) and (n_blank := int(frame[column].isna().sum())):
        share = f"{n_blank:,} of {len(frame):,} rows ({percent(n_blank / len(frame))})"
        yield f"{share} name no account ({column} is blank) and are set aside"
