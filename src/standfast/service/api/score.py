"""Score rows that are sent: one account, many, or a table of any length."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from standfast.pipelines.desk import Desk
from standfast.pipelines.score_sent import filled_from_book, notes_on, score_sent
from standfast.service.api.told import API, Scored, example
from standfast.service.bodies import RowsBody
from standfast.service.callers import Caller
from standfast.service.problems import Problem
from standfast.service.rights import has
from standfast.service.rows import row_of, rows_of
from standfast.service.security import Scoring
from standfast.service.state import Service, desk_of, service_of
from standfast.service.uploads import score_upload

router = APIRouter(prefix=API, tags=["score"])
_SCORE = {
    "account_id": "A-0001", "churn_probability": 0.21, "churn_low": 0.14, "churn_high": 0.29,
    "upsell_probability": 0.08, "annual_revenue": 12000.0, "cell": "medium risk, high value",
    "segment": "Steer", "priority": 3, "model_version": "sample-783b32ca5d",
}  # fmt: skip
_SCORED = {
    "rows_in": 1, "scored": 1, "rejected": 0, "model_version": "sample-783b32ca5d", "scores": [_SCORE],
    "rejected_rows": [], "notes": [],
}  # fmt: skip


@router.post("/score", summary="Score accounts", response_model=Scored, responses=example(_SCORED))
async def score(request: Request, body: RowsBody, caller: Scoring) -> Response:
    """Score one account or many; a row that cannot be scored is named with the reason, and is no error.

    Rows are in the columns of a flat book. Of a book with events they are in standfast's words; what a row
    does not say of an account of the book is taken from the book for those who may read it; a note tells so.
    """
    service, desk = service_of(request), desk_of(request)
    _refuse_too_many(body, service)
    rows, notes = _filled(body, caller, desk)
    notes = [*notes_on(body.rows, desk.scorer), *notes]
    if len(rows) == 1:
        found = desk.one_account.score_plain(rows[0], n_reasons=body.reasons)
        if found is not None:
            service.metrics.rows_scored.inc()
            return JSONResponse(_told([row_of(found)], [], desk.version, notes))
    sent = await run_in_threadpool(score_sent, rows, desk.scorer, n_reasons=body.reasons)
    service.metrics.rows_scored.inc(len(sent.scores))
    service.metrics.rows_rejected.inc(len(sent.rejected))
    scores = sent.scores
    if body.reasons:
        scores = scores.assign(reasons=scores["reasons"].map(json.loads))  # a list here, text in files
    return JSONResponse(_told(rows_of(scores), rows_of(sent.rejected), desk.version, notes))


@router.post(
    "/score/table",
    summary="Score a table",
    response_class=Response,
    responses={
        200: {
            "description": "The table scored: every row of it, with its scores or with `rejected_because`.",
            "headers": {
                name: {"schema": {"type": "integer"}, "description": text}
                for name, text in (
                    ("X-Rows-In", "rows sent"), ("X-Rows-Scored", "scored"), ("X-Rows-Rejected", "rejected"),
                )
            },
            "content": {
                "text/csv": {"example": "account_id,...,rejected_because\nA-0001,...,\n"},
                "application/vnd.apache.parquet": {},
            },
        }
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {"schema": {"type": "string"}, "example": "account_id,plan\nA-0001,pro\n"},
                "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)  # fmt: skip
async def score_table(
    request: Request,
    caller: Scoring,
    reasons: Annotated[int, Query(ge=0, le=50, description="how many reasons each score gets")] = 0,
    answer: Annotated[Literal["csv", "parquet"], Query(description="how the scores are written")] = "csv",
) -> Response:
    """Score a CSV or Parquet file sent as the body; it may be as long as [service] upload_mb allows.

    All rows come back, stretch by stretch, those without scores behind the others: rows in = scored +
    rejected. A table that is none, lacks a column or holds an account twice is refused as a whole. While too
    many tables wait: 503, Retry-After.
    """
    return await score_upload(request, n_reasons=reasons, ending=answer)


def _filled(body: RowsBody, caller: Caller, desk: Desk) -> tuple[Sequence[Mapping[str, Any]], list[str]]:
    """Fill rows up from a book with events; not for who may score alone, since scores tell of the book."""
    if desk.scorer.is_flat or not has(caller, "read"):
        return body.rows, []
    return filled_from_book(body.rows, desk)


def _refuse_too_many(body: RowsBody, service: Service) -> None:
    most = service.settings.service.json_rows
    if len(body.rows) > most:
        told = {"field": "body.rows", "value": len(body.rows), "message": f"at most {most} rows"}
        raise Problem(
            422, f"rows: {len(body.rows):,} rows are more than {most:,}; send a table to /api/v1/score/table",
            errors=[told],
        )  # fmt: skip


def _told(
    scores: list[dict[str, Any]], rejected: list[dict[str, Any]], version: str, notes: list[str]
) -> dict[str, Any]:
    return {
        "rows_in": len(scores) + len(rejected), "scored": len(scores), "rejected": len(rejected),
        "model_version": version, "scores": scores, "rejected_rows": rejected, "notes": notes,
    }  # fmt: skip
