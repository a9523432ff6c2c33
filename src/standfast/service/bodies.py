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


class CampaignBody(Body):
    """A campaign to start: a new offer, and whom it is for."""

    name: Annotated[Line, Field(max_length=120)] = Field(examples=["Spring offer"])
    offer: Line = Field(examples=["Audit module, 10 % off for two years"])
    where: Annotated[str, Field(max_length=2000)] | None = Field(
        default=None, examples=["annual_revenue > 5000"], description="an expression; everyone without it"
    )
    lists: list[Literal["A", "B", "C", "D"]] | None = Field(
        default=None, min_length=1, max_length=4, examples=[["A", "B"]],
        description="lists it goes through; those of the settings by default",
    )  # fmt: skip
    is_experimental: bool = Field(
        default=False, examples=[False], description="not proven yet: list A is left out"
    )


class LookBody(Body):
    """A look at who is next."""

    go_on: Line | None = Field(
        default=None, examples=["The board asks for it"],
        description="why the next list is opened although its gate is closed",
    )  # fmt: skip


class StopBody(Body):
    """The end of a campaign."""

    reason: Line = Field(examples=["List B takes five times the effort"])
    day: Day | None = Field(default=None, examples=["2026-02-02"], description="that of the last look")


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
