"""The book as a whole: matrix, segments, forecast."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from standfast.report.plain_values import plain
from standfast.schema import ACCOUNT_ID
from standfast.service.api.lists import answer_part
from standfast.service.api.told import API, Cursor, Limit, ListPart, Sort, Word, example, part_example
from standfast.service.problems import Problem
from standfast.service.rows import having, rows_of
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(prefix=API, tags=["book"])
_MEMBER = {
    "member": "A-0001/HiPo", "account_id": "A-0001", "segment": "HiPo", "kind": "growth", "why": "...",
}  # fmt: skip
_CELL = {"cell": "high risk, high value", "segment": "Save", "priority": 1, "n_accounts": 12}


@router.get(
    "/matrix", summary="Risk against reward", responses=example({"as_of": "2026-01-01", "cells": [_CELL]})
)
def matrix(request: Request, caller: Reader) -> Response:
    """Give each cell with its accounts and money, and what the desk was laid from."""
    desk = desk_of(request)
    return JSONResponse({**plain(desk.facts), "cells": rows_of(desk.matrix)})


@router.get(
    "/segments",
    summary="Named segments",
    responses=example({"n_accounts": 1555, "named": [{"segment": "HiPo", "n_accounts": 40}]}),
)
def segments(request: Request, caller: Reader) -> Response:
    """Give the named segments, which overlap, the matrix's with what they are worth, and a glossary."""
    found = desk_of(request).segmentation
    if found is None:
        raise Problem(409, "; ".join(desk_of(request).notes) or "this book has no segments")
    return JSONResponse(plain(found.summary))


@router.get(
    "/segments/members",
    summary="Who is in a named segment",
    response_model=ListPart,
    responses=part_example(_MEMBER),
)
def segment_members(
    request: Request,
    caller: Reader,
    segment: Word = None,
    account_id: Word = None,
    sort: Sort = ACCOUNT_ID,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give one row per account and named segment, with why it is there; an account may be in several."""
    found = having(desk_of(request).book.members, {"segment": segment, ACCOUNT_ID: account_id})
    rows = found.assign(member=found[ACCOUNT_ID].astype("str") + "/" + found["segment"].astype("str"))
    columns = ["member", *found.columns]
    return answer_part(request, rows, key="member", sort=sort, limit=limit, cursor=cursor, columns=columns)


@router.get(
    "/forecast",
    summary="Revenue retention ahead",
    responses=example({"forecast": {"grr": {"value": 0.93, "low": 0.91, "high": 0.95}}}),
)
def forecast(request: Request, caller: Reader) -> Response:
    """Give gross and net revenue retention over the horizon, with the plan and without it, with intervals."""
    planned = desk_of(request).plan
    ahead: Any = None if planned is None else planned.summary.forecast
    return JSONResponse({"forecast": None if ahead is None else plain(asdict(ahead))})
