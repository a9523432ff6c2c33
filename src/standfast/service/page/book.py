"""The book: accounts and money by cell of the matrix."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.report.matrix_view import grid, tiers_of
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(include_in_schema=False)


@router.get("/")
def book(request: Request, caller: Reader) -> Response:
    """Show the matrix."""
    desk = desk_of(request)
    values = tiers_of(desk.matrix)[1] if len(desk.matrix) else ()
    return render(request, "book.html", grid=grid(desk.matrix), value_tiers=values)
