"""Campaigns for a new offer: start them, see who is next and how they stand, record results, stop them."""

from dataclasses import asdict
from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_campaigns import Campaign, all_campaigns
from standfast.pipelines.campaign_next import whom_next
from standfast.pipelines.campaign_profile import profile_of
from standfast.pipelines.campaign_results import standing_of
from standfast.report.plain_values import plain
from standfast.service.acts import Act, add_result, add_results
from standfast.service.api.lists import answer_part
from standfast.service.api.told import (
    API,
    Cursor,
    Idempotency,
    Limit,
    ListPart,
    Sort,
    Word,
    example,
    part_example,
)
from standfast.service.bodies import CampaignBody, LookBody, ResultBody, StopBody
from standfast.service.campaign_acts import MOST_NEXT, look, starting, stop
from standfast.service.problems import Problem
from standfast.service.security import Reader, Writer
from standfast.service.state import desk_of, service_of
from standfast.service.writes import write_once

router = APIRouter(prefix=API, tags=["campaigns"])
CampaignName = Annotated[
    str, Path(min_length=1, max_length=200, openapi_examples={"one": {"value": "spring"}})
]
_ROW = {"name": "spring", "offer": "Premium support", "started_on": "2026-01-01", "open_list": "A"}
_STANDING = {"campaign": _ROW, "lists": [{"list": "A", "n_accounts": 40}], "gate": {"verdict": "go on"}}
_STARTED = {**_ROW, "accounts_by_list": [{"list": "A", "n_accounts": 40, "n_held_back": 2}], "notes": []}
_NEXT = {
    "campaign": "spring", "as_of": "2026-01-01", "open_list": "A", "n_left": 38, "opened": [],
    "next": [{"owner": "ann", "account_id": "A-0001", "list": "A", "place": 1, "why": "..."}],
    "gate": {"verdict": "working", "sentence": "..."}, "held_back": {"in onboarding": 2},
}  # fmt: skip
_TRAIT = {"about": "plan", "group": "pro", "n_accounts": 12, "share": 0.6, "share_others": 0.3}
_Results = Annotated[list[ResultBody], Body(min_length=1, max_length=1000)]
_RESULT = {"campaign": "spring", "rows": 1, "n_new": 1, "n_known": 0, "n_corrected": 0, "notes": []}


@router.get("/campaigns", summary="Campaigns", response_model=ListPart, responses=part_example(_ROW))
def campaigns(
    request: Request,
    caller: Reader,
    sort: Sort = "name",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give every campaign of the book in short."""
    found = all_campaigns(service_of(request).door.ledger())
    columns = ["name", "offer", "started_on", "looked_on", "stopped_on", "stop_reason", "open_list"]
    frame = pd.DataFrame([asdict(one) for one in found], columns=columns)
    return answer_part(request, frame, key="name", sort=sort, limit=limit, cursor=cursor, columns=columns)


@router.post(
    "/campaigns", summary="Start a campaign", status_code=201, responses=example(_STARTED, status=201)
)
def post_campaign(request: Request, body: CampaignBody, caller: Writer, key: Idempotency = None) -> Response:
    """Start a campaign: lists of the accounts the offer is for, by what persons say where they said so.

    For leads, admins and keys that are not confined to an owner.
    """
    return write_once(request, starting(caller, desk_of(request), body), asked=body.model_dump())


@router.get(
    "/campaign-profile", summary="What the best accounts are like", responses=example({"rows": [_TRAIT]})
)
async def campaign_profile(request: Request, caller: Reader) -> Response:
    """Give products, plans, sizes, use, tickets of the A list against all others, to design offers by."""
    service, desk = service_of(request), desk_of(request)
    async with service.plans:  # it reads tables, so it takes its turn
        found = await run_in_threadpool(profile_of, desk.seen.observed, desk.settings)
    return JSONResponse(plain(found.summary))


@router.get("/campaigns/{name:path}/next", summary="Whom to contact", responses=example(_NEXT))
def campaign_next(
    request: Request,
    name: CampaignName,
    caller: Reader,
    owner: Word = None,
    most: Annotated[int, Query(ge=1, le=1000, description="at most so many")] = MOST_NEXT,
) -> Response:
    """Give whom to contact as of the last look, in order, and what the gate of the open list says."""
    ledger = service_of(request).door.ledger()
    accounts = desk_of(request).accounts
    found = whom_next(ledger, _found(ledger, name).name, accounts, most=most, owner=owner)
    return JSONResponse(plain(found.summary))


@router.post("/campaigns/{name:path}/next", summary="Look again and open lists", responses=example(_NEXT))
def post_next(
    request: Request, name: CampaignName, body: LookBody, caller: Writer, key: Idempotency = None
) -> Response:
    """Look again who is held back, and open the next list where its gate lets through or a person says why.

    For leads, admins and keys that are not confined to an owner.
    """
    return _write(request, name, lambda pen: look(pen, name, body), asked=body.model_dump(), status=200)


@router.post("/campaigns/{name:path}/stop", summary="Stop a campaign", responses=example(_STANDING))
def post_stop(
    request: Request, name: CampaignName, body: StopBody, caller: Writer, key: Idempotency = None
) -> Response:
    """Stop a campaign, which frees its accounts for others; results may still be recorded.

    For leads, admins and keys that are not confined to an owner.
    """
    return _write(request, name, lambda pen: stop(pen, name, body), asked=body.model_dump(), status=200)


@router.post(
    "/campaigns/{name:path}/results", summary="Record a result", status_code=201,
    responses=example(_RESULT, status=201),
)  # fmt: skip
def post_result(
    request: Request,
    name: CampaignName,
    body: ResultBody,
    caller: Writer,
    key: Idempotency = None,
) -> Response:
    """Keep what came of a contact; told again it is the same one, corrected where it differs."""
    return _write(request, name, lambda pen: add_result(pen, name, body), asked=body.model_dump())


@router.post(
    "/campaigns/{name:path}/results/many", summary="Record many results", status_code=201,
    responses=example(_RESULT, status=201),
)  # fmt: skip
def post_results(
    request: Request, name: CampaignName, body: _Results, caller: Writer, key: Idempotency = None
) -> Response:
    """Keep what came of many contacts, all of them or none."""
    asked = [one.model_dump() for one in body]
    return _write(request, name, lambda pen: add_results(pen, name, body), asked=asked)


@router.get("/campaigns/{name:path}", summary="How a campaign stands", responses=example(_STANDING))
def campaign(request: Request, name: CampaignName, caller: Reader) -> Response:
    """Give effort and result per list, each against the first, and what the gate says."""
    service = service_of(request)
    ledger = service.door.ledger()
    standing = standing_of(ledger, _found(ledger, name), service.settings)
    return JSONResponse(plain(standing.summary))


def _write(request: Request, name: str, act: Act, *, asked: object, status: int = 201) -> Response:
    """Do an act on a campaign that is there."""
    _found(service_of(request).door.ledger(), name)
    return write_once(request, act, asked=asked, status=status)


def _found(ledger: Ledger, name: str) -> Campaign:
    every = all_campaigns(ledger)
    found = next((one for one in every if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        there = ", ".join(one.name for one in every) or "none"
        raise Problem(404, f"there is no campaign {name!r}; there are: {there}")
    return found
