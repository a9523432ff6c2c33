"""The past replayed: what the lists of earlier dates would have found, in places and in money."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.report.backtest_view import backtest_view
from standfast.service.page.kept import kept
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(include_in_schema=False)


@router.get("/backtest")
def backtest(request: Request, caller: Reader) -> Response:
    """Show what a replay of the past found."""
    desk = desk_of(request)
    view = kept(desk, "backtest", lambda: backtest_view(desk.backtest)) if desk.backtest else None
    return render(request, "backtest.html", view=view)
