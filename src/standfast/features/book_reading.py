"""Guesses how the tables of one book are written: what a table does not tell by itself, the others may."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from standfast.features.date_guess import guess_dates, guess_order, order_told
from standfast.features.kinds import ColumnKind
from standfast.features.money_guess import currencies_of, guess_money
from standfast.features.reading_guess import GuessedReading
from standfast.features.table_guess import TableGuess


def with_readings(
    tables: Sequence[TableGuess], frames: Mapping[str, pd.DataFrame]
) -> tuple[tuple[TableGuess, ...], tuple[str, ...]]:
    """Give the tables with how their cells are written, and the currencies of all amounts.

    The first currency is the commonest one of the first table with money.
    """
    rows = [(guess, frames[guess.file_name]) for guess in tables]
    money = [currencies_of(frame, str(guess.table), guess.columns) for guess, frame in rows]
    currencies = tuple(dict.fromkeys(code for found in money if found for code in found[1]))
    orders = [order_told(frame, str(guess.table), guess.columns) for guess, frame in rows]
    usual = next((order for order in ("day_first", "month_first") if order in orders), "day_first")
    read = []
    for (guess, frame), found in zip(rows, money, strict=True):
        reading = _reading(guess, frame, usual_order=usual)
        if found and len(currencies) > 1:
            reading |= _several_currencies(guess, *found)
        read.append(replace(guess, reading=reading))
    return tuple(read), currencies


def flat_reading(guess: TableGuess, frame: pd.DataFrame, kinds: Sequence[ColumnKind]) -> GuessedReading:
    """Give how a table of one row per account is written: the order of its dates, and cents."""
    odd = [kind for kind in kinds if not kind.is_readable]
    dates = guess_order(frame[[kind.name for kind in odd]], file_name=guess.file_name)
    unread = [] if dates.settings else [f"{kind.name} is {kind.note}, which is not read" for kind in odd]
    return dates | GuessedReading(warnings=tuple(unread)) | guess_money(frame, "accounts", guess.columns)


def _reading(guess: TableGuess, frame: pd.DataFrame, *, usual_order: str) -> GuessedReading:
    table, is_stripe = str(guess.table), guess.export is not None and guess.export.system == "Stripe"
    dates = guess_dates(frame, table, guess.columns, file_name=guess.file_name, usual_order=usual_order)
    return guess.reading | dates | guess_money(frame, table, guess.columns, is_stripe=is_stripe)


def _several_currencies(guess: TableGuess, column: str, n_rows: Mapping[str, int]) -> GuessedReading:
    listed = ", ".join(f"{code} ({n:,} rows)" for code, n in n_rows.items())
    warning = f"{guess.file_name}: amounts are in {listed}; write what one unit is worth: [units] rates"
    return GuessedReading({"currency": column}, (f"currencies in {column}",), (warning,))
