"""What accounts without contracts spend in the label window, and what they had spent in as long before."""

from typing import TYPE_CHECKING

from standfast.features.windows import KEYS, FeatureTable, exact_units
from standfast.schema import OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir


def spend_in_windows(invoices: "ir.Table", calendar: "ir.Table") -> list[FeatureTable]:
    """Give ``units_now``, spent in [t - horizon, t), and ``units_then``, spent in the label window.

    Credit notes and returns count against what was bought: the sum is net. Who has no invoice in a window
    spent nothing in it.
    """
    return [
        _spend(invoices, calendar, opens="horizon_before", closes=OBSERVATION_DATE, name="units_now"),
        _spend(invoices, calendar, opens="window_start", closes="window_end", name="units_then"),
    ]


def _spend(invoices: "ir.Table", calendar: "ir.Table", *, opens: str, closes: str, name: str) -> FeatureTable:
    rows = invoices.filter(invoices.amount.notnull())
    inside = rows.inner_join(calendar, [rows.issued_on >= calendar[opens], rows.issued_on < calendar[closes]])
    spent = inside.group_by(list(KEYS)).agg(**{name: exact_units(inside.amount).sum()})
    return FeatureTable(spent, zeros=(name,))
