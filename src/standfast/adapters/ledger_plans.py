"""Plans in the ledger: each one made is kept, and of those made for a day the newest counts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_rows import insert_frame, insert_one, plain_json, read_rows
from standfast.adapters.ledger_tables import PLAN_LINES, PLANS
from standfast.schema import PLAN_COLUMNS

_MADE_LAST = sa.func.row_number().over(partition_by=PLANS.c.as_of, order_by=PLANS.c.plan_id.desc())


def keep_plan(
    ledger: Ledger,
    lines: pd.DataFrame,
    *,
    as_of: date,
    horizon_days: int,
    model_version: str | None,
    summary: Mapping[str, Any],
) -> int:
    """Keep a plan that was made for ``as_of``, and give its number; earlier ones for that day stay.

    Parameters
    ----------
    lines
        The plan's columns, and ``churn_probability`` where that is known.
    """
    made = {
        "book": ledger.book, "as_of": as_of, "made_at": now(), "horizon_days": horizon_days,
        "model_version": model_version, "summary": plain_json(summary),
    }  # fmt: skip
    with ledger.writing() as connection:
        number = insert_one(connection, PLANS, made)
        insert_frame(connection, PLAN_LINES, lines, plan_id=number)
    return number


def last_plan(ledger: Ledger, *, before: date) -> pd.DataFrame | None:
    """Give the lines of the newest plan made for a day strictly before, with that day as ``as_of``.

    A plan made again for the same day so has the same one before it. None where there is none, or where it
    is older than its own horizon.
    """
    newest = (
        sa.select(PLANS.c.plan_id, PLANS.c.as_of, PLANS.c.horizon_days)
        .where(PLANS.c.book == ledger.book, PLANS.c.as_of < before)
        .order_by(PLANS.c.as_of.desc(), PLANS.c.plan_id.desc())
        .limit(1)
    )
    with ledger.reading() as connection:
        found = connection.execute(newest).first()
        if found is None or found.as_of + timedelta(days=found.horizon_days) < before:
            return None
        lines = [PLAN_LINES.c[name] for name in PLAN_COLUMNS]
        wanted = sa.select(*lines).where(PLAN_LINES.c.plan_id == found.plan_id).order_by("account_id")
        return read_rows(connection, wanted).assign(as_of=pd.Timestamp(found.as_of))


def newest_plan(ledger: Ledger) -> int | None:
    """Give the number of the plan that was kept last, whatever day it is for; None without one."""
    wanted = sa.select(sa.func.max(PLANS.c.plan_id)).where(PLANS.c.book == ledger.book)
    with ledger.reading() as connection:
        number: int | None = connection.execute(wanted).scalar_one()
    return number


def kept_plans(ledger: Ledger) -> pd.DataFrame:
    """Give one row per day that a plan was made for: the newest plan of that day, and how many there are."""
    of_day = (
        sa.select(
            PLANS.c.plan_id, PLANS.c.as_of, PLANS.c.made_at, PLANS.c.horizon_days, PLANS.c.model_version,
            sa.func.count().over(partition_by=PLANS.c.as_of).label("n_made"), _MADE_LAST.label("place"),
        )
        .where(PLANS.c.book == ledger.book)
        .subquery()
    )  # fmt: skip
    line = PLAN_LINES.c
    wanted = (
        sa.select(
            *(of_day.c[n] for n in ("as_of", "made_at", "horizon_days", "model_version", "n_made")),
            sa.func.count(line.account_id).label("n_accounts"),
            sa.func.sum(sa.case((line.hours > 0, 1), else_=0)).label("n_planned"),
            sa.func.sum(line.hours).label("hours"),
            sa.func.sum(line.expected_value).label("expected_value"),
            sa.func.sum(line.conservative_value).label("conservative_value"),
        )
        .join_from(of_day, PLAN_LINES, line.plan_id == of_day.c.plan_id, isouter=True)
        .where(of_day.c.place == 1)
        .group_by(*of_day.c)
        .order_by(of_day.c.as_of)
    )
    with ledger.reading() as connection:
        return read_rows(connection, wanted)


def plan_owners(ledger: Ledger) -> pd.DataFrame:
    """Give each account's owner as the newest plan that knows the account has it."""
    newest = (
        sa.select(PLAN_LINES.c.account_id, sa.func.max(PLAN_LINES.c.plan_id).label("plan_id"))
        .join_from(PLAN_LINES, PLANS)
        .where(PLANS.c.book == ledger.book)
        .group_by(PLAN_LINES.c.account_id)
        .subquery()
    )
    same = sa.and_(PLAN_LINES.c.plan_id == newest.c.plan_id, PLAN_LINES.c.account_id == newest.c.account_id)
    wanted = sa.select(PLAN_LINES.c.account_id, PLAN_LINES.c.owner).join_from(PLAN_LINES, newest, same)
    with ledger.reading() as connection:
        return read_rows(connection, wanted.order_by(PLAN_LINES.c.account_id))


def planned_since(ledger: Ledger) -> pd.DataFrame:
    """Give each account that a plan ever knew, and the day of the first one that is kept."""
    first = sa.func.min(PLANS.c.as_of).label("first_planned_on")
    wanted = (
        sa.select(PLAN_LINES.c.account_id, first)
        .join_from(PLAN_LINES, PLANS)
        .where(PLANS.c.book == ledger.book)
        .group_by(PLAN_LINES.c.account_id)
        .order_by(PLAN_LINES.c.account_id)
    )
    with ledger.reading() as connection:
        return read_rows(connection, wanted)
