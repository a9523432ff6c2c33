"""What the OpenAPI document says beside the code: shapes of answers, and an example for each."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header, Path, Query
from pydantic import BaseModel, Field

API = "/api/v1"
Row = Mapping[str, Any]
Responses = dict[int | str, dict[str, Any]]


class ListPart(BaseModel):
    """A part of a list; ``next_cursor`` asks for the next one, and is null at the end."""

    rows: list[dict[str, Any]]
    next_cursor: str | None = None
    n_total: int = Field(ge=0, description="rows of the whole list, under these filters")


class Kept(BaseModel):
    """What became of records."""

    n_new: int = Field(ge=0, description="kept now")
    n_completed: int = Field(ge=0, description="known, and told more of now")
    n_known: int = Field(ge=0, description="known as they were told")
    unknown_accounts: list[str] = Field(description="kept, though the book does not hold them now")


class Scored(BaseModel):
    """Scores, and what could not be scored: rows_in = scored + rejected."""

    rows_in: int = Field(ge=0)
    scored: int = Field(ge=0)
    rejected: int = Field(ge=0)
    model_version: str
    scores: list[dict[str, Any]]
    rejected_rows: list[dict[str, Any]]
    notes: list[str] = []


Limit = Annotated[int, Query(ge=1, le=10_000, description="most rows; [service] page_rows caps it")]
Cursor = Annotated[str | None, Query(max_length=2000, description="next_cursor of the part before")]
Sort = Annotated[str, Query(max_length=100, description="a column; - before it: largest first")]
Word = Annotated[str | None, Query(max_length=200)]
AccountId = Annotated[
    str,
    Path(min_length=1, max_length=500, openapi_examples={"one": {"value": "A-0001"}}, description="its id"),
]
Idempotency = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=200,
        description="the same key with the same request is done once, and answered alike for a day",
    ),
]  # fmt: skip


def example(value: Any, *, status: int = 200, text: str = "Done.") -> Responses:
    """Give the part of a route's ``responses`` that shows an example."""
    return {status: {"description": text, "content": {"application/json": {"example": value}}}}


def part_example(row: Row) -> Responses:
    """Give the example of a list."""
    return example({"rows": [dict(row)], "next_cursor": None, "n_total": 1})
