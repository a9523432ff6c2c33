"""The plan, and what other hours would bring."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from standfast.adapters.table_writer import csv_bytes
from standfast.decision.outreach import Plan
from standfast.report.plain_values import plain
from standfast.schema import ACCOUNT_ID
from standfast.service.api.lists import answer_part
from standfast.service.api.told import API, Cursor, Limit, ListPart, Sort, Word, example, part_example
from standfast.service.problems import Problem
from standfast.service.rows import having
from standfast.service.security import Reader
from standfast.service.state import desk_of
from standfast.service.what_if import what_if

router = APIRouter(prefix=API, tags=["plan"])
_SUMMARY = {
    "hours_capacity": 388.0,
    "hours_used": 371.5,
    "conservative_value": 48210.0,
    "expected_value": 120500.0,
}
_LINE = {"account_id": "A-0001", "owner": "ann", "play": "Save call", "n_call": 2, "hours": 2.0, "why": "..."}
_IF = {
    "hours": 300.0,
    "summary": _SUMMARY,
    "against": {"hours_capacity": -88.0, "conservative_value": -9100.0},
}


@router.get("/plan", summary="The plan in figures", responses=example({"as_of": "2026-01-01", **_SUMMARY}))
def plan(request: Request, caller: Reader) -> Response:
    """Give the plan's hours, money, cuts, owners, forecast and notes; its lines are at /plan/lines."""
    desk = desk_of(request)
    return JSONResponse({**plain(desk.facts), **plain(asdict(_plan(request).summary))})


@router.get(
    "/plan/lines", summary="The plan line by line", response_model=ListPart, responses=part_example(_LINE)
)
def plan_lines(
    request: Request,
    caller: Reader,
    owner: Word = None,
    *,
    planned: Annotated[
        bool | None, Query(description="only accounts that get time, or that get none")
    ] = None,
    sort: Sort = ACCOUNT_ID,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give one line per account: planned, or left with its reason."""
    lines = having(_plan(request).lines, {"owner": owner})
    if planned is not None:
        lines = lines[(lines["hours"] > 0) == planned]
    columns = list(lines.columns)
    return answer_part(request, lines, key=ACCOUNT_ID, sort=sort, limit=limit, cursor=cursor, columns=columns)


@router.get(
    "/plan.csv",
    summary="The plan as a table",
    response_class=Response,
    responses={200: {"description": "A CSV file.", "content": {"text/csv": {"example": "account_id,...\n"}}}},
)
def plan_csv(request: Request, caller: Reader) -> Response:
    """Give all lines as CSV; text that a spreadsheet would run is made safe."""
    headers = {"Content-Disposition": 'attachment; filename="plan.csv"'}
    return Response(csv_bytes(_plan(request).lines), media_type="text/csv", headers=headers)


@router.get("/plan/what-if", summary="The plan with other hours", responses=example(_IF))
async def plan_what_if(
    request: Request,
    caller: Reader,
    hours: Annotated[
        float | None, Query(ge=0, le=1e9, allow_inf_nan=False, description="of the team for the horizon")
    ] = None,
    csms: Annotated[int, Query(ge=-1000, le=1000, description="so many more CSMs, or fewer")] = 0,
) -> Response:
    """Give what other hours would gain or cut; it is tried only, and never kept."""
    _plan(request)
    tried = await what_if(request, hours=hours, csms=csms)
    return JSONResponse(plain(tried))


def _plan(request: Request) -> Plan:
    desk = desk_of(request)
    if desk.plan is None:
        raise Problem(409, "; ".join(desk.notes) or "there is no plan")
    return desk.plan
