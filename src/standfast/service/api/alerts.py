"""Alerts that are open."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from standfast.report.plain_values import plain
from standfast.service.api.lists import answer_part
from standfast.service.api.told import API, Cursor, Limit, ListPart, Sort, Word, example, part_example
from standfast.service.problems import Problem
from standfast.service.rows import having
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(prefix=API, tags=["alerts"])
_ROW = {
    "alert": "A-0001/usage_drop", "account_id": "A-0001", "owner": "ann", "type": "usage_drop",
    "severity": "risk", "opened_on": "2025-12-22", "reason": "...", "action": "...", "is_new": True,
}  # fmt: skip


@router.get("/alerts", summary="Open alerts", response_model=ListPart, responses=part_example(_ROW))
def alerts(
    request: Request,
    caller: Reader,
    owner: Word = None,
    severity: Word = None,
    account_id: Word = None,
    sort: Sort = "-opened_on",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give what has changed at accounts and still holds."""
    desk = desk_of(request)
    if desk.alerts is None:
        raise Problem(409, "; ".join(desk.notes) or "a flat table has no past, and so no alerts")
    found = desk.alerts.open.astype({"account_id": "str"})
    found = having(found, {"owner": owner, "severity": severity, "account_id": account_id})
    found = found.assign(alert=found["account_id"] + "/" + found["type"].astype("str"))
    columns = ["alert", *desk.alerts.open.columns]
    return answer_part(request, found, key="alert", sort=sort, limit=limit, cursor=cursor, columns=columns)


@router.get(
    "/alerts/types",
    summary="How often alerts were right",
    responses=example({"as_of": "2026-01-01", "precision": [{"type": "usage_drop", "precision": 0.4}]}),
)
def alert_types(request: Request, caller: Reader) -> Response:
    """Give, per type of alert, what its past ones were followed by, and how many accounts have it open."""
    found = desk_of(request).alerts
    if found is None:
        return JSONResponse({"as_of": None, "precision": [], "states": {}})
    told = {
        name: found.summary[name] for name in ("as_of", "since", "n_new", "n_closed", "states", "precision")
    }
    return JSONResponse(plain(told))
