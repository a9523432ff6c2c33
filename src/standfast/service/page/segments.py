"""Segments: those of the matrix with what they are worth, and the named ones, which overlap."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.report import tables
from standfast.report.wording import figure
from standfast.service.page.kept import kept_content
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(include_in_schema=False)


@router.get("/segments")
def segments(request: Request, caller: Reader) -> Response:
    """Show the segments of the book."""
    desk = desk_of(request)
    content = kept_content(desk)
    return render(
        request, "segments.html",
        cells=tables.segment_rows(content.segments), shows_cost="ltv_to_cac" in content.segments,
        least_ratio=figure(content.least_ltv_to_cac, 1), named=tables.named_rows(content.named),
        about=content.about_segments, glossary=content.glossary, notes=desk.notes,
    )  # fmt: skip
