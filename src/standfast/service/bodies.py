"""What people and programs send: checked field by field, with examples for the OpenAPI document."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")
]
"""One line of text that says something."""
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Minutes = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))]
Value = str | int | float | bool | None


class Body(BaseModel):
    """What is sent; a field that is not known is an error, for it would be lost."""

    model_config = ConfigDict(extra="forbid")


class RowsBody(Body):
    """Rows to score, in the columns of the book's own table."""

    rows: list[dict[str, Value]] = Field(
        min_length=1, examples=[[{"account_id": "A-0001", "annual_revenue": 12000, "plan": "pro"}]]
    )
    reasons: int = Field(default=0, ge=0, le=50, examples=[3], description="how many reasons each score gets")


class TouchBody(Body):
    """A contact that was made; the same account, day, channel and play is the same touch."""

    account_id: Name = Field(examples=["A-0001"])
    day: Day = Field(examples=["2026-01-05"])
    channel: Literal["in_person", "review", "call", "email", "digital"] = Field(examples=["call"])
    minutes: Minutes | None = Field(default=None, examples=[30])
    play: Line | None = Field(default=None, examples=["Save call"])
    contact_id: Name | None = Field(default=None, examples=["C-0007"])
    outcome: Line | None = Field(default=None, examples=["reached"])


class OutcomeBody(Body):
    """What became of an account."""

    account_id: Name = Field(examples=["A-0001"])
    day: Day = Field(examples=["2026-01-31"])
    outcome: Literal["churned", "contracted", "expanded", "renewed"] = Field(examples=["renewed"])
    amount: Amount | None = Field(default=None, examples=[12000])
    note: Line | None = Field(default=None, examples=["Two years, by the new sponsor"])


class OverrideBody(Body):
    """Where a person knows better than the model: of what, until when, and why."""

    account_id: Name = Field(examples=["A-0001"])
    field: Literal["churn_probability", "upsell_probability", "segment", "cell"] = Field(
        examples=["churn_probability"]
    )
    value: Name = Field(examples=["0.6"])
    reason: Line = Field(examples=["Their sponsor told us of a tender"])
    until: Day = Field(examples=["2026-03-31"])


class SnoozeBody(Body):
    """An account that is put off until a day."""

    account_id: Name = Field(examples=["A-0001"])
    until: Day = Field(examples=["2026-01-19"])
    reason: Line | None = Field(default=None, examples=["On holiday until then"])


class ResultBody(Body):
    """What came of a campaign's contact."""

    account_id: Name = Field(examples=["A-0001"])
    result: Literal["none", "meeting", "sale", "refused"] = Field(examples=["meeting"])
    minutes: Minutes = Field(examples=[45])
    day: Day | None = Field(default=None, examples=["2026-01-12"])
    channel: Literal["call", "in_person", "review", "email", "digital"] = Field(
        default="call", examples=["call"]
    )
    cost: Amount = Field(default=0, examples=[0])
    revenue: Amount = Field(default=0, examples=[0], description="won, per year; with the result sale alone")
    note: Line | None = Field(default=None, examples=["Wants a trial in May"])
