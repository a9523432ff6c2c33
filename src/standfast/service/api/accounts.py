"""Scores of the book, and everything known of one account."""

from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from standfast.adapters.ledger_overrides import all_overrides
from standfast.adapters.ledger_scores import account_scores
from standfast.adapters.ledger_touches import read_outcomes, read_touches
from standfast.adapters.table_writer import csv_bytes
from standfast.pipelines.desk import Desk
from standfast.pipelines.explain import trail_of
from standfast.report.plain_values import plain
from standfast.schema import ACCOUNT_ID, SCORE_COLUMNS
from standfast.service.acts import refuse_absent
from standfast.service.api.lists import part_for
from standfast.service.api.told import (
    API,
    AccountId,
    Cursor,
    Limit,
    ListPart,
    Sort,
    Word,
    example,
    part_example,
)
from standfast.service.beside import overrides_now, snoozes_now, with_overrides
from standfast.service.rights import may_write
from standfast.service.rows import rows_of
from standfast.service.security import Reader
from standfast.service.state import desk_of, service_of

router = APIRouter(prefix=API, tags=["accounts"])
COLUMNS = (*SCORE_COLUMNS, "name", "owner", "n_alerts")
FILTERS = ("owner", "segment", "cell", "risk_tier", "value_tier")
_ROW = {
    "account_id": "A-0001", "churn_probability": 0.21, "segment": "Steer", "annual_revenue": 12000.0,
    "owner": "ann",
    "overrides": {"churn_probability": {"value": "0.6", "model": 0.21, "until": "2026-03-31"}},
}  # fmt: skip


@router.get("/scores", summary="Scores of the book", response_model=ListPart, responses=part_example(_ROW))
def scores(
    request: Request,
    caller: Reader,
    owner: Word = None,
    segment: Word = None,
    cell: Word = None,
    risk_tier: Word = None,
    value_tier: Word = None,
    contains: Annotated[str | None, Query(max_length=200, description="in the id or the name")] = None,
    sort: Sort = "priority",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give the accounts' scores page by page; what people said otherwise stands beside them."""
    desk = desk_of(request)
    wanted = {
        "owner": owner,
        "segment": segment,
        "cell": cell,
        "risk_tier": risk_tier,
        "value_tier": value_tier,
    }
    found = chosen(desk, wanted, contains=contains)
    part = part_for(request, found, key=ACCOUNT_ID, sort=sort, limit=limit, cursor=cursor, columns=COLUMNS)
    rows = with_overrides(part.rows, overrides_now(request, desk))
    return JSONResponse({"rows": rows, "next_cursor": part.next_cursor, "n_total": part.n_total})


@router.get(
    "/scores.csv",
    summary="Scores of the book as a table",
    response_class=Response,
    responses={200: {"description": "A CSV file.", "content": {"text/csv": {"example": "account_id,...\n"}}}},
)
def scores_csv(request: Request, caller: Reader) -> Response:
    """Give all scores as CSV; text that a spreadsheet would run is made safe."""
    frame = desk_of(request).accounts.reindex(columns=list(COLUMNS))
    headers = {"Content-Disposition": 'attachment; filename="scores.csv"'}
    return Response(csv_bytes(frame), media_type="text/csv", headers=headers)


@router.get(
    "/accounts/{account_id:path}",
    summary="The whole trail of one account",
    responses=example({"account_id": "A-0001", "scores": {"churn_probability": 0.21}, "reasons": []}),
)
def account(request: Request, account_id: AccountId, caller: Reader) -> Response:
    """Give what `standfast explain --json` gives, with history, overrides, touches and outcomes.

    Touches name the person spoken with only to those who may write to the account.
    """
    service, desk = service_of(request), desk_of(request)
    refuse_absent(desk, account_id)
    ledger = service.door.ledger()
    trail = trail_of(account_id, desk.book, desk.settings, ledger=ledger)
    touches = read_touches(ledger, account_id=account_id)
    if not may_write(caller, desk.owner_of(account_id)):
        touches = touches.drop(columns="contact_id", errors="ignore")
    snoozes = snoozes_now(request, desk)
    told: dict[str, Any] = {
        **plain(trail.summary),
        "owner": desk.owner_of(account_id),
        "may_write": may_write(caller, desk.owner_of(account_id)),
        "history": rows_of(account_scores(ledger, account_id)),
        "overrides": rows_of(all_overrides(ledger, account_id=account_id)),
        "touches": rows_of(touches),
        "outcomes": rows_of(read_outcomes(ledger, account_id=account_id)),
        "snoozed_until": snoozes.get(account_id),
    }
    return JSONResponse(told)


def chosen(desk: Desk, wanted: dict[str, str | None], *, contains: str | None) -> pd.DataFrame:
    """Give the accounts that have what is wanted."""
    found = desk.accounts
    for name, value in wanted.items():
        if value is not None:
            cells = found[name] if name in found else pd.Series("", index=found.index)
            found = found[
                (cells.astype("str").str.strip() == value.strip()).fillna(False).to_numpy(dtype=bool)
            ]
    if contains:
        names = found["name"].astype("str").fillna("") if "name" in found else ""
        text = found[ACCOUNT_ID] + "\n" + names
        found = found[text.str.contains(contains, case=False, regex=False).to_numpy(dtype=bool)]
    return found
