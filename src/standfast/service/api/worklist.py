"""Everyone's Monday list."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from standfast.adapters.table_writer import csv_bytes
from standfast.service.api.lists import answer_part
from standfast.service.api.told import API, Cursor, Limit, ListPart, Sort, Word, example, part_example
from standfast.service.security import Reader
from standfast.service.state import desk_of
from standfast.service.worklists import ROW_KEY, worklist_of

router = APIRouter(prefix=API, tags=["worklist"])
Days = Annotated[
    int | None, Query(ge=1, le=3660, description="due within so many days; the horizon by default")
]
_ROW = {
    "touch": "A-0001/call/outreach/0", "owner": "ann", "due_on": "2026-01-05", "account_id": "A-0001",
    "channel": "call", "minutes": 60, "play": "Save call", "why": "...", "snoozed_until": None,
}  # fmt: skip


@router.get("/worklist", summary="What to do", response_model=ListPart, responses=part_example(_ROW))
def worklist(
    request: Request,
    caller: Reader,
    owner: Word = None,
    days: Days = None,
    *,
    snoozed: Annotated[bool, Query(description="also accounts that are put off")] = False,
    sort: Sort = "due_on",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give the touches of an owner, or of all, the first due first.

    Whom to speak with is told of accounts to which the caller may write.
    """
    desk = desk_of(request)
    rows = worklist_of(request, desk, caller, owner=owner, days=days, snoozed=snoozed)
    columns = list(rows.columns)
    return answer_part(request, rows, key=ROW_KEY, sort=sort, limit=limit, cursor=cursor, columns=columns)


@router.get("/worklist/owners", summary="Who has a list", responses=example({"owners": ["ann", "ben"]}))
def owners(request: Request, caller: Reader) -> Response:
    """Name everybody who has something to do."""
    found = desk_of(request).worklist
    return JSONResponse({"owners": [] if found is None else found.owners})


@router.get(
    "/worklist.csv",
    summary="What to do, as a table",
    response_class=Response,
    responses={
        200: {"description": "A CSV file.", "content": {"text/csv": {"example": "touch,owner,...\n"}}}
    },
)
def worklist_csv(request: Request, caller: Reader, owner: Word = None, days: Days = None) -> Response:
    """Give the list as CSV; text that a spreadsheet would run is made safe."""
    rows = worklist_of(request, desk_of(request), caller, owner=owner, days=days, snoozed=False)
    headers = {"Content-Disposition": 'attachment; filename="worklist.csv"'}
    return Response(csv_bytes(rows), media_type="text/csv", headers=headers)
