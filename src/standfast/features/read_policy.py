"""How the cells of one table of the book are written: units, dates, zones, and whose ids they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from typing_extensions import Doc

DateOrder = Literal["year_first", "day_first", "month_first"]
Period = Literal["year", "quarter", "month", "week"]

MONEY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("annual_revenue", "unit_cost"),
    "subscriptions": ("amount",),
    "invoices": ("amount",),
    "opportunities": ("amount",),
}
"""Columns in money, by table."""

RECURRING_COLUMN: Mapping[str, str] = {"accounts": "annual_revenue", "subscriptions": "amount"}
"""The column of a table that is money per ``[units] revenue_period``."""

TIMES_PER_YEAR: Mapping[str, int] = {
    "year": 1, "years": 1, "yearly": 1, "annual": 1, "annually": 1, "yr": 1, "p.a.": 1, "12 months": 1,
    "half-year": 2, "half-yearly": 2, "semiannual": 2, "semi-annual": 2, "biannual": 2, "6 months": 2,
    "quarter": 4, "quarters": 4, "quarterly": 4, "3 months": 4,
    "month": 12, "months": 12, "monthly": 12, "mo": 12,
    "week": 52, "weeks": 52, "weekly": 52,
    "day": 365, "days": 365, "daily": 365,
}  # fmt: skip
"""How often a billing interval comes in a year, by the words exports use for it, in lower case."""

WHOLE_CURRENCIES = (
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
    "XPF",
)  # fmt: skip
"""Currencies without hundredths, of which payment services give whole units where others are in cents."""


@dataclass(frozen=True, kw_only=True)
class ReadPolicy:
    """How the cells of one table are written."""

    cents: Annotated[tuple[str, ...], Doc('columns in hundredths, by our names, such as ["amount"]')] = ()
    identifier: Annotated[
        str | None, Doc("column of [book] identifiers in which this table's account ids stand")
    ] = None
    date_order: Annotated[
        DateOrder, Doc("year_first 2023-07-27, day_first 27/07/2023, month_first 07/27/2023; also - and .")
    ] = "year_first"
    time_zone: Annotated[
        str, Doc('zone of times written without one, such as "Europe/Berlin"; days are counted in UTC')
    ] = "UTC"
    timestamps: Annotated[
        Literal["text", "unix"], Doc("unix: whole numbers are seconds (or milliseconds) since 1970")
    ] = "text"
    amount_period: Annotated[
        Period | None, Doc("what amounts are per in this table, where not [units] revenue_period")
    ] = None
    interval: Annotated[
        str | None, Doc("your column that says per row what the amount is per: month, yearly, ...")
    ] = None
    interval_count: Annotated[
        str | None, Doc("your column with the number of intervals: 3 and month make a quarter")
    ] = None
    quantity: Annotated[str | None, Doc("your column to multiply the amount with")] = None
    currency: Annotated[
        str | None,
        Doc("your column with each row's currency; [units] rates convert it, blank is [units] currency"),
    ] = None

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """The columns of the file that are read beside the canonical ones."""
        named = (self.interval, self.interval_count, self.quantity, self.currency)
        return tuple(name for name in named if name is not None)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How to read one table: what its settings say, and the units in which its money is wanted."""

    policy: ReadPolicy = ReadPolicy()
    periods_per_year: int = 1
    currency: str = "USD"
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def rate_of(self) -> Mapping[str, float]:
        """Money in the wanted currency for one unit of each currency known, in upper case."""
        return {name.upper(): rate for name, rate in self.rates.items()} | {self.currency.upper(): 1.0}
