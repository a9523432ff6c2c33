"""Campaigns for a new offer: which there are, how they stand, what came of a contact."""

from dataclasses import asdict
from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_campaigns import Campaign, all_campaigns
from standfast.pipelines.campaign_results import standing_of
from standfast.report.plain_values import plain
from standfast.service.acts import add_result
from standfast.service.api.lists import answer_part
from standfast.service.api.told import API, Cursor, Idempotency, Limit, ListPart, Sort, example, part_example
from standfast.service.bodies import ResultBody
from standfast.service.problems import Problem
from standfast.service.security import Reader, Writer
from standfast.service.state import service_of
from standfast.service.writes import write_once

router = APIRouter(prefix=API, tags=["campaigns"])
CampaignName = Annotated[
    str, Path(min_length=1, max_length=200, openapi_examples={"one": {"value": "spring"}})
]
_ROW = {"name": "spring", "offer": "Premium support", "started_on": "2026-01-01", "open_list": "A"}
_STANDING = {"campaign": _ROW, "lists": [{"list": "A", "n_accounts": 40}], "gate": {"verdict": "go on"}}
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


@router.get("/campaigns/{name}", summary="How a campaign stands", responses=example(_STANDING))
def campaign(request: Request, name: CampaignName, caller: Reader) -> Response:
    """Give effort and result per list, each against the first, and what the gate says."""
    service = service_of(request)
    ledger = service.door.ledger()
    standing = standing_of(ledger, _found(ledger, name), service.settings)
    return JSONResponse(plain(standing.summary))


@router.post(
    "/campaigns/{name}/results", summary="Record a result", status_code=201,
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
    _found(service_of(request).door.ledger(), name)
    return write_once(request, lambda pen: add_result(pen, name, body), asked=body.model_dump())


def _found(ledger: Ledger, name: str) -> Campaign:
    every = all_campaigns(ledger)
    found = next((one for one in every if one.name == name), None)
    if found is None:
        there = ", ".join(one.name for one in every) or "none"
        raise Problem(404, f"there is no campaign {name!r}; there are: {there}")
    return found
