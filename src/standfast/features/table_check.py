"""What the tables of a book look like before anything is built from them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from standfast.features.findings import CheckPolicy, Finding

if TYPE_CHECKING:
    import ibis.expr.types as ir


def check_tables(
    book: "Mapping[str, ir.Table]",  # noqa: ARG001
    *,
    dates: Sequence[date],  # noqa: ARG001
    as_of: date,  # noqa: ARG001
    policy: CheckPolicy,  # noqa: ARG001
) -> tuple[Finding, ...]:
    """Give what is worth knowing about the tables of a book with events."""
    return ()
