"""The plan with other hours: tried on the desk, remembered for it, never kept."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from standfast.decision.more_hours import hours_of_csm
from standfast.pipelines.desk import Desk
from standfast.service.state import desk_of, service_of

FIGURES = (
    "hours_capacity", "hours_used", "n_planned", "expected_value", "conservative_value", "revenue_reached",
)  # fmt: skip
_MOST = 64
_tried: "WeakKeyDictionary[Desk, dict[float, Mapping[str, Any]]]" = WeakKeyDictionary()


async def what_if(request: Request, *, hours: float | None, csms: int) -> Mapping[str, Any]:
    """Give the plan of other hours in figures, and how they differ from the desk's plan.

    Parameters
    ----------
    hours
        Of the whole team for the horizon; the desk's own where None.
    csms
        So many more CSMs, each with the hours that ``[capacity] csm_hours`` gives to a horizon.
    """
    desk = desk_of(request)
    asked = round(max(0.0, hours_of(desk, hours) + csms * csm_hours_of(desk)), 2)
    tried = _tried.setdefault(desk, {})
    if asked not in tried:
        async with service_of(request).plans:
            if asked not in tried:
                while len(tried) >= _MOST:
                    tried.pop(next(iter(tried)))
                tried[asked] = await run_in_threadpool(try_hours, desk, asked)
    return tried[asked]


def try_hours(desk: Desk, hours: float) -> Mapping[str, Any]:
    """Plan the desk with other hours."""
    told = asdict(desk.book.given.plan(settings=desk.settings, hours=hours).summary)
    now = asdict(desk.plan.summary) if desk.plan else {}
    against = {name: told[name] - now[name] for name in FIGURES if name in told and name in now}
    return {"hours": hours, "summary": told, "against": against}


def hours_of(desk: Desk, hours: float | None) -> float:
    """Give the hours asked for, or those of the desk's plan."""
    if hours is not None or desk.plan is None:
        return hours or 0.0
    return desk.plan.summary.hours_capacity


def csm_hours_of(desk: Desk) -> float:
    """Give the hours that one more CSM brings to the desk's horizon."""
    settings = desk.settings
    return hours_of_csm(settings.capacity, horizon_days=settings.horizon.horizon_days)
