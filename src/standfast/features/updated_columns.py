"""Columns of dated tables that people change afterwards: an export shows their last state only."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from standfast.features.findings import Finding

if TYPE_CHECKING:
    import ibis.expr.types as ir

_UPDATED = {
    "tickets": ("priority", "escalated", "reopens", "satisfaction"),
    "opportunities": ("amount", "kind"),
    "subscriptions": ("auto_renew", "renews_on"),
    "contacts": ("role",),
}
"""Columns people change after the row is made, without a date that says when."""


def updated_findings(book: "Mapping[str, ir.Table]") -> Iterator[Finding]:
    """Say which columns hold today's state although their row is dated earlier."""
    told = [
        f"{table}.{column}"
        for table, columns in _UPDATED.items()
        if table in book
        for column in columns
        if column in book[table].columns
    ]
    if told:
        yield Finding(
            name="updated_later",
            severity="note",
            explanation="these columns may have been changed after their row's date, and an export shows the "
            f"last state only: {', '.join(told)}. They are read as known from the row's date on.",
            way_out="export the history of changes where it matters, or leave a column out",
        )
    if "opportunities" in book and {"won", "closed_on"} <= set(book["opportunities"].columns):
        rows = book["opportunities"]
        n_undated = int(rows.filter(rows.won & rows.closed_on.isnull()).count().to_pyarrow().as_py())
        if n_undated:
            yield Finding(
                name="undated:opportunities.won",
                severity="warning",
                table="opportunities",
                explanation=f"{n_undated:,} opportunities are won without a closed_on, so when is unknown; "
                "they count as open.",
                way_out="fill in closed_on at the source",
            )
