"""The book: accounts and money by cell, what changed, what revenue is kept, what to mind."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.pipelines.desk import Desk
from standfast.pipelines.desk_changes import Changes, changes_of
from standfast.report import headline
from standfast.report.caveats import caveats
from standfast.report.content import ReportContent
from standfast.report.forecast_view import ForecastView, forecast_view
from standfast.report.forecast_words import forecast_lead
from standfast.report.headline import Tile
from standfast.report.matrix_view import GridRow, grid, risk_rows, tiers_of
from standfast.report.quality_view import event_of
from standfast.report.wording import as_text, count, counted, day, hours, is_known, money
from standfast.service.page.kept import kept, kept_content
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(include_in_schema=False)
_LOG = logging.getLogger("standfast.service")


@dataclass(frozen=True, eq=False)
class BookView:
    """All that the page says."""

    title: str
    lead: list[str]
    tiles: list[Tile]
    grid: list[GridRow]
    value_tiers: tuple[str, ...]
    risk_rows: list[tuple[str, str]]
    changes: Changes
    changed: list[str]
    moved: list[Mapping[str, Any]]
    forecast: ForecastView | None
    ahead: str
    concentration: tuple[str, ...]
    warnings: list[tuple[str, str]]


@router.get("/")
def book(request: Request, caller: Reader) -> Response:
    """Show the book as a whole."""
    desk = desk_of(request)
    return render(request, "book.html", view=kept(desk, "book", lambda: book_view(desk)))


def draw_ahead(desk: Desk) -> None:
    """Word and draw a new desk's book before anybody asks; what cannot be drawn is told to whoever asks."""
    try:
        kept(desk, "book", lambda: book_view(desk))
    except Exception:  # noqa: BLE001  (the desk is whole; only its picture is missing)
        _LOG.exception("the book could not be drawn")


def book_view(desk: Desk) -> BookView:
    """Word and draw the book of a desk."""
    content = kept_content(desk)
    changes = changes_of(desk)
    return BookView(
        title=headline.title(content),
        lead=headline.lead(content)[:1],
        ahead=_ahead(content),
        tiles=headline.tiles(content),
        grid=grid(desk.matrix),
        value_tiers=tiers_of(desk.matrix)[1] if len(desk.matrix) else (),
        risk_rows=risk_rows(content.scores),
        changes=changes,
        changed=[*_since(changes, desk), *_alerts(desk)],
        moved=[_moved(row) for row in changes.moved.to_dict("records")],
        forecast=forecast_view(content.plan_summary.get("forecast")),
        concentration=desk.segmentation.concentration.sentences if desk.segmentation else (),
        warnings=[*_of_models(desk), *caveats(content)],
    )


def _ahead(content: ReportContent) -> str:
    """Say what the coming horizon keeps."""
    told = content.plan_summary.get("forecast")
    return forecast_lead(told, content.currency) if told else ""


def _since(changes: Changes, desk: Desk) -> list[str]:
    """Say what is other than at the plan before."""
    if changes.since is None:
        return ["This is the first plan that the ledger knows; the next one tells here what is other."]
    then, now = changes.n_planned
    money_then, money_now = (money(value, desk.settings.units.currency) for value in changes.value)
    moved = (
        f"{counted(changes.n_moved, 'account')} moved to another cell, {count(changes.n_up)} of them to a "
        f"more urgent one; {count(changes.n_come)} came into the book and {count(changes.n_gone)} left it."
    )
    plan = (
        f"The plan reaches {counted(now, 'account')} in person where it reached {count(then)}, in "
        f"{hours(changes.hours[1])} where it took {hours(changes.hours[0])}; its cautious worth is "
        f"{money_now}, and was {money_then}."
    )
    return [moved, plan]


def _alerts(desk: Desk) -> list[str]:
    """Say which alerts came and went since they were last looked for."""
    found = desk.alerts
    if found is None:
        return ["Alerts need a book with a past; this one tells none."]
    there = f"{counted(len(found.open), 'alert')} are open as of {day(found.as_of)}"
    if found.since is None:
        return [f"{there}; it is the first look, so what is new is told at the next one."]
    return [f"{there}: {count(found.n_new)} new and {count(found.n_closed)} closed since {day(found.since)}."]


def _moved(row: Mapping[Any, Any]) -> Mapping[str, Any]:
    name = row.get("name")
    return {
        "account_id": row["account_id"],
        "name": name if is_known(name) else row["account_id"],
        "then": row["segment_then"],
        "now": row["segment"],
        "is_up": bool(row["is_up"]),
        "revenue": money(row["annual_revenue"]),
        "owner": as_text(row.get("owner")),
    }


def _of_models(desk: Desk) -> list[tuple[str, str]]:
    """Give what each model warns of."""
    return [
        (f"Model: {event_of(str(model['target'])).title.lower()}", str(warning))
        for model in desk.models
        for warning in model["warnings"]
    ]
