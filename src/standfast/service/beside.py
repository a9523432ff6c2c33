"""What people said beside what the model says: overrides and snoozes, read from the ledger per request."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from fastapi import Request

from standfast.adapters.ledger_overrides import overrides_on
from standfast.adapters.ledger_snoozes import snoozes_on
from standfast.pipelines.desk import Desk
from standfast.schema import ACCOUNT_ID
from standfast.service.rows import cell
from standfast.service.state import service_of

Overrides = Mapping[str, Mapping[str, Mapping[str, Any]]]


def today(desk: Desk) -> date:
    """Give the day on which overrides and snoozes count: the book's, or the clock's where it tells none."""
    return desk.as_of or datetime.now(UTC).date()


def overrides_now(request: Request, desk: Desk) -> Overrides:
    """Give what stands otherwise now, and what the model says, by field, by account."""
    found = overrides_on(service_of(request).door.ledger(), today(desk))
    if found.empty:
        return {}
    model = desk.book.given.model_scores.set_index(ACCOUNT_ID)
    told: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in found[[ACCOUNT_ID, "field", "value", "until", "made_by"]].itertuples(index=False):
        account, field = str(row[0]), str(row[1])
        says = cell(model.at[account, field]) if account in model.index and field in model else None
        told.setdefault(account, {})[field] = {
            "value": str(row[2]), "model": says, "until": cell(row[3]), "by": str(row[4]),
        }  # fmt: skip
    return told


def snoozes_now(request: Request, desk: Desk) -> Mapping[str, str]:
    """Give the accounts that are put off, and until when."""
    found = snoozes_on(service_of(request).door.ledger(), today(desk))
    return {str(row[0]): cell(row[1]) for row in found[[ACCOUNT_ID, "until"]].itertuples(index=False)}


def with_overrides(rows: list[dict[str, Any]], overrides: Overrides) -> list[dict[str, Any]]:
    """Give rows with what stands otherwise beside what the model says."""
    return [{**row, "overrides": overrides.get(str(row[ACCOUNT_ID]), {})} for row in rows]
