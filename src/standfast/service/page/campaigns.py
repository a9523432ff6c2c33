"""Campaigns for a new offer: how each list did against the first, who is next, and a result to record."""

import math
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.decision.effort import Tally
from standfast.pipelines.campaign_desk import CampaignNow, campaigns_now
from standfast.pipelines.campaign_results import Standing
from standfast.pipelines.desk import Desk
from standfast.report.listing import Listing
from standfast.report.wording import as_text, count, figure, hours, is_known, money
from standfast.schema import ACCOUNT_ID
from standfast.service.callers import Caller
from standfast.service.page.render import render
from standfast.service.page.worklist import form_days
from standfast.service.rights import may_write
from standfast.service.security import Reader
from standfast.service.state import desk_of, service_of

router = APIRouter(include_in_schema=False)
MOST_NEXT = 20
_MINUTES = 60.0


@router.get("/campaigns")
def campaigns(request: Request, caller: Reader) -> Response:
    """Show every campaign."""
    desk, service = desk_of(request), service_of(request)
    found = campaigns_now(service.door.ledger(), service.settings, most=MOST_NEXT)
    return render(
        request, "campaigns.html",
        campaigns=[(one, lists_of(one.standing), _next(one, desk, caller)) for one in found],
        forms=form_days(desk),
    )  # fmt: skip


def lists_of(standing: Standing) -> Listing:
    """Put what each list took and brought side by side."""
    rows = tuple(_list(tally, standing) for tally in standing.tallies)
    columns = ("List", "Accounts", "Contacted", "Meetings", "Sales", "Hours", "Won a year", "Effort per won",
               "Against the first")  # fmt: skip
    return Listing(columns, rows)


def _list(tally: Tally, standing: Standing) -> tuple[str, ...]:
    effort, ratio = tally.effort_per_revenue, standing.ratios.get(tally.list)
    per = "nothing won yet" if math.isinf(effort) else figure(effort, 2)
    against = f"{figure(ratio.ratio, 1)} ({figure(ratio.low, 1)} to {figure(ratio.high, 1)})" if ratio else ""
    return (
        tally.list, count(tally.n_accounts), count(tally.n_contacted), count(tally.n_meetings),
        count(tally.n_sales), hours(tally.minutes / _MINUTES), money(tally.revenue, standing.currency),
        per, against,
    )  # fmt: skip


def _next(one: CampaignNow, desk: Desk, caller: Caller) -> list[Mapping[str, Any]]:
    return [_row(row, desk, caller) for row in one.next.to_dict("records")]


def _row(row: Mapping[Any, Any], desk: Desk, caller: Caller) -> Mapping[str, Any]:
    """Word an account that is next, by its name and owner of today."""
    account = str(row[ACCOUNT_ID])
    place, owner = desk.place_of.get(account), desk.owner_of(account)
    name = desk.accounts["name"].iloc[place] if place is not None and "name" in desk.accounts else None
    return {
        ACCOUNT_ID: account,
        "name": name if is_known(name) else account,
        "owner": as_text(owner),
        "list": row["list"],
        "why": row["why"],
        "is_known": place is not None,
        "may_write": may_write(caller, owner),
    }
