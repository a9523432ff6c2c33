"""Old plans and scores of a book thinned to the last day of each month that has any."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_all_tables import PLAN_LINES, PLANS, SCORE_RUNS, SCORES
from standfast.adapters.ledger_audit import note

_AT_ONCE = 500


def thin_ledger(ledger: Ledger, *, before: date, who: str) -> Mapping[str, int]:
    """Remove plans and scores of days before ``before`` but the newest of each month; give how many went."""
    with ledger.together() as work, work.writing() as connection:
        done = {
            "plans": _thin(connection, ledger.book, PLANS.c.plan_id, PLAN_LINES.c.plan_id, before=before),
            "score_runs": _thin(connection, ledger.book, SCORE_RUNS.c.run_id, SCORES.c.run_id, before=before),
        }
        note(work, who=who, action="ledger thinned", details={"before": before, **done})
    return done


def newest_day(ledger: Ledger) -> date | None:
    """Give the newest day for which there are plans or scores; None without any."""
    with ledger.reading() as connection:
        days = [
            connection.execute(
                sa.select(sa.func.max(table.c.as_of)).where(table.c.book == ledger.book)
            ).scalar()
            for table in (PLANS, SCORE_RUNS)
        ]
    return max((day for day in days if day is not None), default=None)


def _thin(
    connection: sa.Connection, book: str, number: sa.Column[Any], of_rows: sa.Column[Any], *, before: date
) -> int:
    table = number.table
    found = connection.execute(
        sa.select(number, table.c.as_of)
        .where(table.c.book == book, table.c.as_of < before)
        .order_by(table.c.as_of, number)
    ).all()
    last = {(day.year, day.month): key for key, day in found}
    gone = [key for key, _ in found if key not in set(last.values())]
    for start in range(0, len(gone), _AT_ONCE):
        some = gone[start : start + _AT_ONCE]
        connection.execute(sa.delete(of_rows.table).where(of_rows.in_(some)))
        connection.execute(sa.delete(table).where(number.in_(some)))
    return len(gone)
