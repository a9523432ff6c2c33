"""Monitoring: what the last look at the model in use found, and what is to be done."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.pipelines.kept_monitor import kept_monitor
from standfast.report.monitor_view import monitor_view
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of, service_of

router = APIRouter(include_in_schema=False)


@router.get("/monitor")
def monitor(request: Request, caller: Reader) -> Response:
    """Show what the last look found."""
    told = kept_monitor(service_of(request).settings, version=desk_of(request).version)
    return render(request, "monitor.html", view=monitor_view(told))
