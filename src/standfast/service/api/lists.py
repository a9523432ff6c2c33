"""How the API answers with a list: part by part, and no more rows at once than the settings allow."""

from collections.abc import Sequence

import pandas as pd
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from standfast.service.rows import Part, part_of
from standfast.service.state import service_of


def part_for(
    request: Request,
    found: pd.DataFrame,
    *,
    key: str,
    sort: str,
    limit: int,
    cursor: str | None,
    columns: Sequence[str],
) -> Part:
    """Give the part of a list that is asked for; see ``part_of``."""
    most = min(limit, service_of(request).settings.service.page_rows)
    return part_of(found, key=key, sort=sort, limit=most, cursor=cursor, columns=columns)


def answer_part(
    request: Request,
    found: pd.DataFrame,
    *,
    key: str,
    sort: str,
    limit: int,
    cursor: str | None,
    columns: Sequence[str],
) -> Response:
    """Answer with the part of a list that is asked for."""
    part = part_for(request, found, key=key, sort=sort, limit=limit, cursor=cursor, columns=columns)
    return JSONResponse(vars(part))
