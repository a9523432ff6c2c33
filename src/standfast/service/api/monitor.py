"""What the last look at the model in use found."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from standfast.pipelines.kept_monitor import kept_monitor
from standfast.report.plain_values import plain
from standfast.service.api.told import API, example
from standfast.service.security import Reader
from standfast.service.state import desk_of, service_of

router = APIRouter(prefix=API, tags=["models"])
_FOUND = {
    "model_version": "sample-783b32ca5d",
    "found": {
        "verdict": "watch", "is_breach": False, "as_of": "2026-01-01",
        "checks": [{"kind": "level", "about": "churn", "step": "watch", "value": 1.2}],
    },
}  # fmt: skip


@router.get("/monitor", summary="What monitoring found last", responses=example(_FOUND))
def monitor(request: Request, caller: Reader) -> Response:
    """Give verdict, next step and every check of the last look at this model; null where there is none."""
    version = desk_of(request).version
    told = kept_monitor(service_of(request).settings, version=version)
    return JSONResponse(plain({"model_version": version, "found": told}))
