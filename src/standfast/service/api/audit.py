"""Who did what, when: for admins."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from standfast.adapters.ledger_audit import read_audit
from standfast.service.api.told import API, Limit, Word, example
from standfast.service.rows import rows_of
from standfast.service.security import Admin
from standfast.service.state import service_of

router = APIRouter(prefix=API, tags=["audit"])
_ENTRY = {
    "entry_id": 12, "at": "2026-01-05T09:12:44", "who": "ann", "action": "override made",
    "account_id": "A-0001", "details": {"field": "churn_probability"},
}  # fmt: skip


@router.get("/audit", summary="Who did what", responses=example({"rows": [_ENTRY], "next_before": None}))
def audit(
    request: Request,
    caller: Admin,
    limit: Limit = 100,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="next_before of the part before")] = None,
    account_id: Word = None,
) -> Response:
    """Give the newest acts first; ``next_before`` asks for those before them, and is null at the end."""
    service = service_of(request)
    most = min(limit, service.settings.service.page_rows)
    found = read_audit(service.door.ledger(), limit=most + 1, before_id=before, account_id=account_id)
    rows = rows_of(found.iloc[:most])
    return JSONResponse({"rows": rows, "next_before": rows[-1]["entry_id"] if len(found) > most else None})
