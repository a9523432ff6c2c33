"""A list part by part, by links that work without JavaScript."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import pandas as pd
from fastapi import Query, Request

from standfast.service.callers import Caller
from standfast.service.rights import is_same_owner

EVERYONE = "*"
"""What an address says in place of an owner."""
Owner = Annotated[str | None, Query(max_length=200)]
Start = Annotated[int, Query(ge=0, le=100_000_000)]
Text = Annotated[str, Query(max_length=300)]


@dataclass(frozen=True)
class Part:
    """Some rows of a list, and where those before and after them are."""

    rows: list[Mapping[str, Any]]
    first: int
    last: int
    n_total: int
    before: str
    after: str


def whose(owner: str | None, caller: Caller, there: Iterable[str]) -> str | None:
    """Give whose list is shown: the one asked for, else the caller's own where there is one; None: all."""
    if owner == EVERYONE:
        return None
    if owner:
        return owner
    return next((name for name in there if caller.owner and is_same_owner(name, caller.owner)), None)


def part_at(request: Request, found: pd.DataFrame, *, start: int, most: int) -> Part:
    """Give the rows from ``start`` on; one beyond the end is the last part."""
    start = min(start, max(0, (len(found) - 1) // most * most))
    shown = found.iloc[start : start + most]
    more = start + most < len(found)
    return Part(
        rows=[{str(name): value for name, value in row.items()} for row in shown.to_dict("records")],
        first=min(start + 1, len(found)),
        last=start + len(shown),
        n_total=len(found),
        before=_at(request, max(0, start - most)) if start else "",
        after=_at(request, start + most) if more else "",
    )


def _at(request: Request, start: int) -> str:
    url = request.url.remove_query_params("said").include_query_params(start=start)
    return f"{url.path}?{url.query}"
