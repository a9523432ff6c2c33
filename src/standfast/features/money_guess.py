"""Guesses what amounts are in: cents, per which interval, for how many units, in which currencies."""

from collections.abc import Iterable, Mapping

import pandas as pd

from standfast.features.aliases import listed, plain_name
from standfast.features.read_policy import MONEY_COLUMNS, TIMES_PER_YEAR, WHOLE_CURRENCIES
from standfast.features.reading_guess import GuessedReading
from standfast.features.roles import period_in

_INTERVALS = listed(
    "interval planinterval priceinterval billinginterval billingfrequency billingperiod billingcycle"
)
_COUNTS = listed("intervalcount planintervalcount priceintervalcount")
_PER_UNIT = listed("unitprice unitamount priceunitamount priceperunit priceperseat")
_QUANTITIES = listed("quantity qty units seats")
_CURRENCIES = listed("currency currencycode currencyisocode invoicecurrency")


def guess_money(
    frame: pd.DataFrame, table: str, columns: Mapping[str, str], *, is_stripe: bool = False
) -> GuessedReading:
    """Give in what the amounts of a table are written.

    Parameters
    ----------
    columns
        The file's column by canonical name.
    is_stripe
        Stripe's programs write whole numbers of cents; its dashboard writes 20.00.
    """
    money = {name: columns[name] for name in MONEY_COLUMNS.get(table, ()) if name in columns}
    if not money:
        return GuessedReading()
    currencies = currencies_of(frame, table, columns)
    has_cents = currencies is None or not set(currencies[1]) <= set(WHOLE_CURRENCIES)
    told = _cents(frame, money, is_stripe=is_stripe and has_cents)
    if "amount" in money and table == "subscriptions" and period_in(money["amount"]) is None:
        told |= _interval(frame)
    by_unit = plain_name(money.get("amount", "")) in _PER_UNIT or (is_stripe and table == "subscriptions")
    quantity = _first(frame, _QUANTITIES)
    if by_unit and quantity is not None:
        told |= GuessedReading({"quantity": quantity}, (f"amounts are times {quantity}",))
    return told


def currencies_of(
    frame: pd.DataFrame, table: str, columns: Mapping[str, str]
) -> tuple[str, dict[str, int]] | None:
    """Give the column that names each amount's currency, and how many rows are in each, the most first."""
    name = _first(frame, _CURRENCIES)
    if name is None or not set(MONEY_COLUMNS.get(table, ())) & set(columns):
        return None
    met = frame[name].dropna().astype("string").str.strip().str.upper()
    counts = met[met.str.fullmatch("[A-Z]{3}")].value_counts(sort=False)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return (name, {str(code): int(n) for code, n in ranked}) if ranked else None


def _cents(frame: pd.DataFrame, money: Mapping[str, str], *, is_stripe: bool) -> GuessedReading:
    said = [name for name, column in money.items() if "cents" in plain_name(column)]
    whole = [name for name, column in money.items() if is_stripe and _is_whole(frame[column])]
    if not (cents := tuple(dict.fromkeys([*said, *whole]))):
        return GuessedReading()
    return GuessedReading({"cents": cents}, ("amounts are cents",))


def _is_whole(column: pd.Series) -> bool:
    """Whether each amount is a whole number, written without decimals."""
    texts = column.dropna()
    if pd.api.types.is_float_dtype(texts):
        return bool(len(texts)) and bool((texts % 1 == 0).all())
    return bool(len(texts)) and bool(texts.astype("string").str.strip().str.fullmatch(r"-?\d+").all())


def _interval(frame: pd.DataFrame) -> GuessedReading:
    name = _first(frame, _INTERVALS)
    words = set() if name is None else set(frame[name].dropna().astype("string").str.strip().str.lower())
    if not words or not words <= set(TIMES_PER_YEAR):
        return GuessedReading()
    settings = {"interval": str(name)}
    if (count := _first(frame, _COUNTS)) is not None:
        settings["interval_count"] = count
    return GuessedReading(settings, (f"amounts are per {name} ({', '.join(sorted(words))})",))


def _first(frame: pd.DataFrame, names: Iterable[str]) -> str | None:
    """Give the first column with one of the plain names."""
    by_plain = {plain_name(str(name)): str(name) for name in reversed(list(frame.columns))}
    return next((by_plain[name] for name in names if name in by_plain), None)
