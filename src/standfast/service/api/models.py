"""The models: which there are, how good they are, why the gate let them through."""

from dataclasses import asdict

import pandas as pd
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from standfast.pipelines.models import known_models
from standfast.report.plain_values import plain
from standfast.service.api.lists import answer_part
from standfast.service.api.told import API, Cursor, Limit, ListPart, Sort, example, part_example
from standfast.service.security import Reader
from standfast.service.state import desk_of, service_of

router = APIRouter(prefix=API, tags=["models"])
_ROW = {"version": "sample-783b32ca5d", "standing": "champion", "is_champion": True, "book": "sample"}
_QUALITY = {"model_version": "sample-783b32ca5d", "models": [{"target": "churn", "grade": "B"}], "gate": []}


@router.get("/models", summary="Models there are", response_model=ListPart, responses=part_example(_ROW))
def models(
    request: Request,
    caller: Reader,
    sort: Sort = "-recorded",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Give every version with its grade, figures and standing; the champion may change while this runs."""
    settings = service_of(request).settings
    columns = [
        "version", "recorded", "book", "standing", "is_champion", "learned_until", "figures", "reason",
    ]  # fmt: skip
    frame = pd.DataFrame([asdict(one) for one in known_models(settings).models], columns=columns)
    return answer_part(request, frame, key="version", sort=sort, limit=limit, cursor=cursor, columns=columns)


@router.get("/models/champion", summary="How good the model in use is", responses=example(_QUALITY))
def quality(request: Request, caller: Reader) -> Response:
    """Give grade, figures with intervals, strongest features, curves, the gate's answers, the backtest."""
    desk = desk_of(request)
    told = {
        "model_version": desk.version,
        "models": desk.models,
        "evaluations": [asdict(one) for one in desk.evaluations],
        "gate": desk.gate,
        "backtest": desk.backtest,
    }
    return JSONResponse(plain(told))
