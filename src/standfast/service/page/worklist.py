"""The worklist: what to do, in order, with forms to say what was done; and the list as files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from standfast.adapters.table_writer import csv_bytes
from standfast.pipelines.desk import Desk
from standfast.pipelines.worklist_files import owner_calendar, team_workbook
from standfast.report.wording import is_known
from standfast.report.worklist_content import COLUMNS, Worklist
from standfast.report.worklist_view import Item, item_of, owner_tiles
from standfast.schema import ACCOUNT_ID
from standfast.service.beside import today
from standfast.service.callers import Caller
from standfast.service.done import with_done
from standfast.service.page.parts import EVERYONE, Owner, Part, Start, Text, part_at, whose
from standfast.service.page.render import render
from standfast.service.problems import Problem
from standfast.service.rights import may_write
from standfast.service.security import Reader
from standfast.service.state import desk_of
from standfast.service.worklists import without_people, worklist_of

router = APIRouter(include_in_schema=False)
MOST = 30
SORTS = {
    "due_on": ("Due first", ["due_on"], True),
    "worth": ("Worth most", ["conservative_value"], False),
    "minutes": ("Shortest", ["minutes"], True),
    "name": ("Name", ["name"], True),
}
DAYS = ((7, "7 days"), (14, "14 days"), (30, "30 days"), (3650, "all"))
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Days = Annotated[int, Query(ge=1, le=3660)]


@dataclass(frozen=True)
class Asked:
    """Which rows are asked for.

    Parameters
    ----------
    owner
        Whose; None: everyone's.
    """

    owner: str | None
    days: int
    sort: str
    q: str
    snoozed: bool
    done: bool


@dataclass(frozen=True)
class Todo:
    """A row of the list, worded, and what a form about it says."""

    item: Item
    row: Mapping[str, Any]
    done_on: Any
    snoozed_until: Any
    may_write: bool


@router.get("/worklist")
def worklist(
    request: Request,
    caller: Reader,
    owner: Owner = None,
    days: Days = 7,
    sort: Text = "due_on",
    q: Text = "",
    *,
    snoozed: bool = False,
    done: bool = False,
    start: Start = 0,
) -> Response:
    """Show the list; a csm sees their own first."""
    desk = desk_of(request)
    if desk.worklist is None:
        return render(request, "worklist_none.html", notes=desk.notes)
    asked = Asked(whose(owner, caller, desk.worklist.owners), days, sort, q.strip(), snoozed, done)
    rows = _rows(request, desk, caller, asked)
    part = part_at(request, rows, start=start, most=MOST)
    tiles = () if asked.owner is None else owner_tiles(desk.worklist, asked.owner)
    return render(
        request, "worklist.html",
        asked=asked, part=part, todos=_todos(part, desk, caller), tiles=tiles, owners=desk.worklist.owners,
        everyone=EVERYONE, sorts=[(key, told[0]) for key, told in SORTS.items()], days_told=DAYS,
        left_alone=desk.worklist.left_alone(asked.owner), forms=form_days(desk), back=_here(request),
        query=request.url.query,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class TakenAlong:
    """A list as a file holds it: the whole list, the rows to write, and whose they are (None: all)."""

    whole: Worklist
    shown: pd.DataFrame
    owner: str | None


def taken_along(request: Request, caller: Reader, owner: Owner = None, days: Days = 7) -> TakenAlong:
    """Give the list that is asked for as a file."""
    desk = desk_of(request)
    if desk.worklist is None:
        raise Problem(409, "; ".join(desk.notes) or "there is no plan, and so no worklist")
    whole = replace(desk.worklist, rows=without_people(desk.worklist.rows, caller))
    who = whose(owner, caller, whole.owners)
    shown = whole.within(days)
    shown = shown if who is None else shown[shown["owner"] == who].reset_index(drop=True)
    return TakenAlong(whole, shown[list(COLUMNS)], who)


Taken = Annotated[TakenAlong, Depends(taken_along)]


@router.get("/worklist.csv")
def as_csv(asked: Taken) -> Response:
    """Give the list as CSV; text that a spreadsheet would run is made safe."""
    return _file(csv_bytes(asked.shown), "text/csv", "worklist.csv")


@router.get("/worklist.xlsx")
def as_workbook(asked: Taken) -> Response:
    """Give the list as a workbook, a sheet for each owner."""
    owners = asked.whole.owners if asked.owner is None else [asked.owner]
    return _file(team_workbook(asked.whole, owners, asked.shown), _XLSX, "worklist.xlsx")


@router.get("/worklist.ics")
def as_calendar(asked: Taken) -> Response:
    """Give the list of one owner as a calendar."""
    if asked.owner is None or asked.whole.as_of is None:
        raise Problem(422, "a calendar is of one owner and of a book with dates; choose an owner first")
    calendar = owner_calendar(asked.whole, asked.owner, asked.shown)
    return _file(calendar.encode(), "text/calendar; charset=utf-8", "worklist.ics")


def form_days(desk: Desk) -> Mapping[str, date]:
    """Give the days that forms begin with: of a touch, of a snooze's end, of an override's last day."""
    begin, now = today(desk), datetime.now(UTC).date()
    is_near = begin <= now <= begin + timedelta(days=desk.settings.horizon.horizon_days)
    day = now if is_near else begin
    return {"touch": day, "snooze": day + timedelta(days=7), "override": day + timedelta(days=30)}


def _rows(request: Request, desk: Desk, caller: Caller, asked: Asked) -> pd.DataFrame:
    rows = worklist_of(request, desk, caller, owner=asked.owner, days=asked.days, snoozed=asked.snoozed)
    rows = with_done(request, desk, rows)
    if not asked.done:
        rows = rows[rows["done_on"].isna()]
    if asked.q:
        text = rows[ACCOUNT_ID].astype("str") + "\n" + rows["name"].astype("str")
        rows = rows[text.str.contains(asked.q, case=False, regex=False).to_numpy(dtype=bool)]
    _, columns, rises = SORTS.get(asked.sort, SORTS["due_on"])
    return rows.sort_values(columns, ascending=rises, kind="stable", na_position="last")


def _todos(part: Part, desk: Desk, caller: Caller) -> list[Todo]:
    """Word the rows; an account's agenda stands with its first one."""
    agendas = desk.worklist.agendas if desk.worklist else {}
    met: dict[str, int] = {}
    todos = []
    for place, row in enumerate(part.rows, start=1):
        account = str(row[ACCOUNT_ID])
        is_first = met.setdefault(account, place) == place
        item = item_of(
            row, place, anchor=f"a{met[account]}", agenda=agendas.get(account) if is_first else None
        )
        done_on, until = (row[name] if is_known(row[name]) else None for name in ("done_on", "snoozed_until"))
        todos.append(Todo(item, row, done_on, until, may_write(caller, desk.owner_of(account))))
    return todos


def _file(body: bytes, media_type: str, name: str) -> Response:
    return Response(
        body, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _here(request: Request) -> str:
    url = request.url.remove_query_params("said")
    return f"{url.path}?{url.query}" if url.query else url.path
