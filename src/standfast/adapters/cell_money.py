"""SQL that turns the amounts of a table into whole units of one currency, per one period."""

from collections.abc import Mapping

from standfast.adapters.book_cells import as_kind, as_text, literal, quoted
from standfast.features.read_policy import (
    MONEY_COLUMNS,
    RECURRING_COLUMN,
    TIMES_PER_YEAR,
    WHOLE_CURRENCIES,
    Reading,
)


def beside(reading: Reading, types: Mapping[str, str]) -> dict[str, str]:
    """Give the columns that say what an amount is in, as SQL by the name they get beside the cells."""
    policy = reading.policy
    words = {"interval": policy.interval, "currency": policy.currency}
    numbers = {"interval count": policy.interval_count, "quantity": policy.quantity}
    texts = {name: as_text(quoted(c), types[c], kind="flag") for name, c in words.items() if c}
    texts |= {name: as_text(quoted(c), types[c], kind="number") for name, c in numbers.items() if c}
    return {f"says {name}": text for name, text in texts.items()}


def in_units(number: str, *, table: str, column: str, reading: Reading) -> str:
    """Give SQL for a number in the units of the settings; null where its interval or quantity is unknown."""
    if column in reading.policy.cents:
        number = f"{number} / {_hundredths(reading)}"
    if column in MONEY_COLUMNS.get(table, ()) and reading.policy.currency:
        number = f"{number} * {_rate(reading)}"
    if column == RECURRING_COLUMN.get(table):
        number = f"{number}{_per_period(reading)}"
    if column in MONEY_COLUMNS.get(table, ())[:1] and reading.policy.quantity:
        number = f"{number} * {as_kind(quoted('says quantity'), 'number')}"
    return number


def what_it_needs(reading: Reading) -> str:
    """Give the columns without which an amount cannot be told, as a message names them."""
    policy = reading.policy
    named = (policy.interval, policy.interval_count, policy.quantity)
    return " or ".join(name for name in named if name is not None)


def _hundredths(reading: Reading) -> str:
    if not reading.policy.currency:
        return "100"
    return f"(CASE WHEN {_currency()} IN {WHOLE_CURRENCIES} THEN 1 ELSE 100 END)"


def _rate(reading: Reading) -> str:
    """Give what one unit of the row's currency is worth; a blank says the currency of the settings."""
    own = reading.currency.upper()
    cases = " ".join(f"WHEN {literal(name)} THEN {rate!r}" for name, rate in sorted(reading.rate_of.items()))
    return f"(CASE coalesce({_currency()}, {literal(own)}) {cases} END)"


def _per_period(reading: Reading) -> str:
    """Give the factor from what the amount is per to what amounts are wanted per."""
    policy = reading.policy
    told = TIMES_PER_YEAR[policy.amount_period] if policy.amount_period else reading.periods_per_year
    if policy.interval is None:
        return "" if told == reading.periods_per_year else f" * {told} / {reading.periods_per_year}"
    words = " ".join(f"WHEN {literal(word)} THEN {times}" for word, times in TIMES_PER_YEAR.items())
    interval = f"lower({quoted('says interval')})"
    if policy.amount_period:  # for rows that do not say
        interval = f"coalesce({interval}, {literal(policy.amount_period)})"
    count = f" / nullif({_count()}, 0)" if policy.interval_count else ""
    return f" * (CASE {interval} {words} END){count} / {reading.periods_per_year}"


def _count() -> str:
    return as_kind(quoted("says interval count"), "number")


def _currency() -> str:
    return f"upper({quoted('says currency')})"
