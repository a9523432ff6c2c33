"""What people did, what came of it, what they know better, what they put off: in and out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from standfast.adapters.ledger_overrides import all_overrides, overrides_on
from standfast.adapters.ledger_record_pages import RecordPart, newest_outcomes, newest_touches
from standfast.adapters.ledger_snoozes import snoozes_on
from standfast.schema import ACCOUNT_ID
from standfast.service.acts import add_outcomes, add_touches, make_override, put_off, stop_override
from standfast.service.api.lists import answer_part
from standfast.service.api.told import (
    API,
    Cursor,
    Idempotency,
    Kept,
    Limit,
    ListPart,
    Word,
    example,
    part_example,
)
from standfast.service.beside import today
from standfast.service.bodies import OutcomeBody, OverrideBody, SnoozeBody, TouchBody
from standfast.service.problems import Problem
from standfast.service.rights import may_write
from standfast.service.rows import cursor_of, of_account, read_cursor, rows_of
from standfast.service.security import Reader, Writer
from standfast.service.state import desk_of, service_of
from standfast.service.writes import write_once

router = APIRouter(prefix=API, tags=["records"])
_KEPT = {"n_new": 1, "n_completed": 0, "n_known": 0, "unknown_accounts": []}
_TOUCH = {"account_id": "A-0001", "day": "2026-01-05", "channel": "call", "play": "Save call", "minutes": 30}
_OUTCOME = {"account_id": "A-0001", "day": "2026-01-31", "outcome": "renewed", "amount": 12000.0}
_OVERRIDE = {
    "override_id": 7, "account_id": "A-0001", "field": "churn_probability", "value": "0.6",
    "reason": "Their sponsor told us of a tender", "until": "2026-03-31",
}  # fmt: skip
_SNOOZE = {"snooze_id": 3, "account_id": "A-0001", "until": "2026-01-19", "reason": "On holiday"}
_NEWEST_FIRST = "-day"
_MOST = 2**62
_Touches = Annotated[list[TouchBody], Body(min_length=1, max_length=1000)]
_Outcomes = Annotated[list[OutcomeBody], Body(min_length=1, max_length=1000)]
_Number = Annotated[int, Path(ge=1, le=2**31 - 1, openapi_examples={"one": {"value": 7}})]


@router.post(
    "/touches", summary="Record touches", status_code=201, response_model=Kept,
    responses=example(_KEPT, status=201),
)  # fmt: skip
def post_touches(request: Request, body: _Touches, caller: Writer, key: Idempotency = None) -> Response:
    """Keep what was done; a touch told again is the same one, and what is told of it then is added."""
    return write_once(request, lambda pen: add_touches(pen, body), asked=[one.model_dump() for one in body])


@router.get("/touches", summary="Touches recorded", response_model=ListPart, responses=part_example(_TOUCH))
def get_touches(
    request: Request, caller: Reader, account_id: Word = None, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    """Give the touches of the ledger, the newest first; contacts only where the caller may write."""
    found = _newest(request, newest_touches, account_id, limit, cursor)
    desk, rows = desk_of(request), found.rows
    ids = rows[ACCOUNT_ID].astype("str")
    mine = ids.map({one: may_write(caller, desk.owner_of(one)) for one in ids.unique()}).astype(bool)
    return _told(replace(found, rows=rows.assign(contact_id=rows["contact_id"].where(mine))))


@router.post(
    "/outcomes", summary="Record outcomes", status_code=201, response_model=Kept,
    responses=example(_KEPT, status=201),
)  # fmt: skip
def post_outcomes(request: Request, body: _Outcomes, caller: Writer, key: Idempotency = None) -> Response:
    """Keep what became of accounts; an outcome told again is the same one."""
    return write_once(request, lambda pen: add_outcomes(pen, body), asked=[one.model_dump() for one in body])


@router.get(
    "/outcomes", summary="Outcomes recorded", response_model=ListPart, responses=part_example(_OUTCOME)
)
def get_outcomes(
    request: Request,
    caller: Reader,
    account_id: Word = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give the outcomes of the ledger, the newest first."""
    return _told(_newest(request, newest_outcomes, account_id, limit, cursor))


@router.post("/overrides", summary="Say otherwise", status_code=201, responses=example(_OVERRIDE, status=201))
def post_override(request: Request, body: OverrideBody, caller: Writer, key: Idempotency = None) -> Response:
    """Keep what a person knows better, with reason and last day; what the model says stays beside it."""
    return write_once(request, lambda pen: make_override(pen, body), asked=body.model_dump())


@router.get(
    "/overrides", summary="What is said otherwise", response_model=ListPart, responses=part_example(_OVERRIDE)
)
def get_overrides(
    request: Request,
    caller: Reader,
    account_id: Word = None,
    *,
    past: Annotated[bool, Query(description="also those that have ended or expired")] = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give the overrides that stand now, or all there ever were."""
    ledger = service_of(request).door.ledger()
    found = all_overrides(ledger) if past else overrides_on(ledger, today(desk_of(request)))
    return _listed(request, _of(found, account_id), "override_id", "override_id", limit, cursor)


@router.delete(
    "/overrides/{override_id}", summary="End an override",
    responses=example({"override_id": 7, "ended": True, "stands_now": None}),
)  # fmt: skip
def delete_override(
    request: Request,
    override_id: _Number,
    caller: Writer,
    key: Idempotency = None,
) -> Response:
    """Let an override stand no more; that it was stays in the ledger.

    ``stands_now`` names the one before it, of this account and field, that stands again; null: the model's.
    """
    return write_once(request, lambda pen: stop_override(pen, override_id), status=200)


@router.post("/snoozes", summary="Put off", status_code=201, responses=example(_SNOOZE, status=201))
def post_snooze(request: Request, body: SnoozeBody, caller: Writer, key: Idempotency = None) -> Response:
    """Put an account off until a day, when it is on its list again; of several words the newest counts."""
    return write_once(request, lambda pen: put_off(pen, body), asked=body.model_dump())


@router.get("/snoozes", summary="What is put off", response_model=ListPart, responses=part_example(_SNOOZE))
def get_snoozes(
    request: Request,
    caller: Reader,
    account_id: Word = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give the accounts that are put off now."""
    found = snoozes_on(service_of(request).door.ledger(), today(desk_of(request)))
    return _listed(request, _of(found, account_id), "snooze_id", "snooze_id", limit, cursor)


def _newest(
    request: Request,
    asked: Callable[..., RecordPart],
    account_id: str | None,
    limit: int,
    cursor: str | None,
) -> RecordPart:
    """Give the part of records that is asked for, by day, the newest first."""
    service = service_of(request)
    after = None if cursor is None else _place(*read_cursor(cursor, _NEWEST_FIRST))
    most = min(limit, service.settings.service.page_rows)
    return asked(service.door.ledger(), limit=most, after=after, account_id=account_id)


def _place(day: Any, number: str) -> tuple[date, int]:
    try:
        return date.fromisoformat(day), max(0, min(int(number), _MOST))
    except (TypeError, ValueError):
        why = f"cursor: {day!r}, {number!r} is no place here; begin without one"
        raise Problem(422, why) from None


def _told(part: RecordPart) -> Response:
    cursor = None if part.ends_at is None else cursor_of(_NEWEST_FIRST, part.ends_at[0], part.ends_at[1])
    return JSONResponse({"rows": rows_of(part.rows), "next_cursor": cursor, "n_total": part.n_total})


def _of(found: pd.DataFrame, account_id: str | None) -> pd.DataFrame:
    return found if account_id is None else of_account(found, account_id)


def _listed(
    request: Request, found: pd.DataFrame, key: str, sort: str, limit: int, cursor: str | None
) -> Response:
    columns = list(found.columns)
    return answer_part(request, found, key=key, sort=sort, limit=limit, cursor=cursor, columns=columns)
