"""Whether the service lives, whether it is ready, and what Prometheus asks."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from standfast.errors import StandfastError
from standfast.report.plain_values import plain
from standfast.service.callers import Caller
from standfast.service.security import Reader
from standfast.service.state import Service, service_of

router = APIRouter(tags=["health"])


@router.get("/health", summary="Does it live?")
def health() -> dict[str, str]:
    """Say that the process answers; open to all, and tells nothing else."""
    return {"status": "ok"}


@router.get("/ready", summary="Can it answer?", responses={503: {"description": "Not yet, or not now."}})
def ready(request: Request) -> Response:
    """Say whether there are a desk and a ledger; who is known also hears what of, and what is wrong."""
    service = service_of(request)
    desk, away = service.keeper.desk, _ledger_away(service)
    is_ready = desk is not None and away is None
    told: dict[str, Any] = {"status": _word(service, is_ready=is_ready)}
    caller: Caller | None = request.scope.get("caller")
    if caller is not None:
        told |= {"desk": desk.facts if desk else None, "problem": service.keeper.problem, "ledger": away}
    return JSONResponse(plain(told), 200 if is_ready else 503)


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
def metrics(request: Request, caller: Reader) -> Response:  # noqa: ARG001  (the right to read is the point)
    """Give figures in Prometheus's own format; its job needs a key with the scope read."""
    service = service_of(request)
    return Response(
        service.metrics.text(service.keeper, n_uploads=service.uploads.n_there),
        media_type=CONTENT_TYPE_LATEST,
    )


def _word(service: Service, *, is_ready: bool) -> str:
    if not is_ready:
        return "not ready"
    return "stale" if service.keeper.problem else "ready"


def _ledger_away(service: Service) -> str | None:
    try:
        with service.door.ledger().reading() as connection:
            connection.exec_driver_sql("SELECT 1")
    except StandfastError as problem:
        return str(problem)
    return None
