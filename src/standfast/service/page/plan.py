"""The plan: hours and money, who has how many, what was cut; and a slider that tries other hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from standfast.pipelines.desk import Desk
from standfast.report import headline, tables
from standfast.report.content import PageLimits
from standfast.report.headline import Tile
from standfast.report.listing import Listing
from standfast.report.pictures import Picture, hours_picture
from standfast.report.plan_words import sensitivity_told
from standfast.report.wording import MINUS, as_text, count, counted, hours, is_known, money, percent
from standfast.service.page.kept import kept, kept_content
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of
from standfast.service.what_if import csm_hours_of, hours_of, what_if

router = APIRouter(include_in_schema=False)
MOST_CSMS = 5
Hours = Annotated[float | None, Query(ge=0, le=1e9, allow_inf_nan=False)]
Csms = Annotated[int, Query(ge=-1000, le=1000)]


@dataclass(frozen=True, eq=False)
class PlanView:
    """What the page says of the plan as it stands."""

    told: str
    sensitivity: str
    owners: Listing
    pictures: tuple[Picture, ...]
    cut: Listing
    left: list[tuple[str, str]]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """A plan with other hours against the one that stands."""

    is_same: bool
    told: str
    tiles: tuple[Tile, ...]
    cut: Listing


@router.get("/plan")
async def plan(request: Request, caller: Reader, hours: Hours = None, csms: Csms = 0) -> Response:
    """Show the plan, and the one with the hours asked for beside it."""
    desk = desk_of(request)
    if desk.plan is None:
        return render(request, "plan_none.html", notes=desk.notes)
    view = await run_in_threadpool(kept, desk, "plan", lambda: plan_view(desk))
    there = desk.plan.summary.hours_capacity
    return render(
        request, "plan.html",
        view=view, tried=await _tried(request, desk, hours, csms), csms=csms,
        hours=round(hours_of(desk, hours)),
        most_hours=max(10, round(2 * there), round(hours_of(desk, hours))), there=there,
        csm_hours=csm_hours_of(desk), most_csms=max(MOST_CSMS, abs(csms)),
    )  # fmt: skip


@router.get("/plan/tried")
async def tried(request: Request, caller: Reader, hours: Hours = None, csms: Csms = 0) -> Response:
    """Give the part of the page that follows the sliders."""
    desk = desk_of(request)
    return render(request, "_tried.html", tried=await _tried(request, desk, hours, csms))


def plan_view(desk: Desk) -> PlanView:
    """Word and draw the plan of a desk."""
    content = kept_content(desk)
    summary = content.plan_summary
    return PlanView(
        told=headline.hours_told(content),
        sensitivity=sensitivity_told(summary, content.currency),
        owners=tables.owner_rows(summary, limits=PageLimits()),
        pictures=hours_picture(list(summary.get("by_owner") or ())),
        cut=tables.cut_rows(summary),
        left=tables.left_rows(summary),
        notes=tuple(summary.get("notes") or ()),
    )


async def _tried(request: Request, desk: Desk, asked: float | None, csms: int) -> Tried | None:
    if desk.plan is None:
        return None
    there = desk.plan.summary.hours_capacity
    if csms == 0 and (asked is None or round(asked) == round(there)):
        summary = kept(desk, "summary", desk.plan.summary.to_dict)
        return tried_view(summary, summary, desk.settings.units.currency)
    found = await what_if(request, hours=asked, csms=csms)
    return tried_view(found["summary"], desk.plan.summary.to_dict(), desk.settings.units.currency)


def tried_view(then: Mapping[str, Any], now: Mapping[str, Any], currency: str) -> Tried:
    """Word a plan with other hours, each figure against the plan that stands."""
    more = then["lambda_"]
    told = (
        f"One more hour would then earn about {money(more, currency)}." if more > 0 else "Hours are to spare."
    )
    pays = (then.get("sensitivity") or {}).get("break_even_save_rate")
    told += f" It pays for itself from a save rate of {percent(pays)}." if is_known(pays) else ""
    return Tried(
        is_same=then is now,
        told=told,
        tiles=(
            _tile("Worth, cautious", "conservative_value", then, now, currency),
            _tile("Worth, as planned", "expected_value", then, now, currency),
            _tile("Hours of outreach", "hours_used", then, now, currency),
            _tile("Accounts reached in person", "n_planned", then, now, currency),
        ),
        cut=_cut(then, now),
    )


def _tile(name: str, figure: str, then: Mapping[str, Any], now: Mapping[str, Any], currency: str) -> Tile:
    value, change = then[figure], then[figure] - now[figure]
    word = {"hours_used": hours, "n_planned": count}.get(figure, lambda one: money(one, currency))
    if then is now:
        return Tile(name, word(value), "as it stands")
    sign = "+" if change > 0 else MINUS if change < 0 else "\u00b1"
    return Tile(name, word(value), f"{sign}{word(abs(change))} against {word(now[figure])} now")


def _cut(then: Mapping[str, Any], now: Mapping[str, Any]) -> Listing:
    """Show by segment what is reached now and then, of what would pay."""
    before = {str(line["segment"]): line for line in now.get("cut") or ()}
    rows = []
    for line in then.get("cut") or ():
        name = str(as_text(line["segment"]))
        was = before.get(name, {"n_planned": 0, "hours_planned": 0.0})
        n_more = line["n_planned"] - was["n_planned"]
        change = (
            "as now" if n_more == 0 else f"{'+' if n_more > 0 else MINUS}{counted(abs(n_more), 'account')}"
        )
        cut = line["n_wanted"] - line["n_planned"]
        rows.append((name, count(line["n_planned"]), change, count(cut), hours(line["hours_planned"]),
                     hours(line["hours_wanted"])))  # fmt: skip
    columns = ("Segment", "Reached", "Against now", "Cut, though it pays", "Hours", "Hours they need")
    return Listing(columns, tuple(rows))
