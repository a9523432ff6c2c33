"""Alerts: what has changed at accounts and still holds, and how often each kind was right."""

from typing import Any

import pandas as pd
from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.decision.alert_policy import SEVERITIES
from standfast.pipelines.desk import Desk
from standfast.report.listing import Listing
from standfast.report.wording import count, is_known, percent, spoken
from standfast.schema import ACCOUNT_ID
from standfast.service.page.kept import kept
from standfast.service.page.parts import EVERYONE, Owner, Start, Text, part_at, whose
from standfast.service.page.render import render
from standfast.service.rows import having
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(include_in_schema=False)
MOST = 50


@router.get("/alerts")
def alerts(
    request: Request,
    caller: Reader,
    owner: Owner = None,
    severity: Text = "",
    account_id: Text = "",
    *,
    new: bool = False,
    start: Start = 0,
) -> Response:
    """Show the open alerts; a csm sees their own first."""
    desk = desk_of(request)
    found = desk.alerts
    if found is None:
        return render(request, "alerts_none.html", notes=desk.notes)
    owners = kept(desk, "alert owners", lambda: _owners(found.open))
    chosen = None if account_id else whose(owner, caller, owners)
    wanted = {"owner": chosen, "severity": severity or None, ACCOUNT_ID: account_id or None}
    rows = having(found.open, wanted)
    rows = rows[rows["is_new"]] if new else rows
    part = part_at(request, _ordered(rows), start=start, most=MOST)
    return render(
        request, "alerts.html",
        found=found, part=part, rows=[_row(row) for row in part.rows], owner=chosen, new=new,
        severity=severity, account_id=account_id, everyone=EVERYONE,
        severities=[(one, one) for one in SEVERITIES],
        owners=owners,
        precision=kept(desk, "precision", lambda: precision_listing(desk)),
    )  # fmt: skip


def precision_listing(desk: Desk) -> Listing:
    """Put side by side what alerts of each type were followed by, and what happened anyway."""
    known = desk.alerts.precision if desk.alerts else ()
    rows = tuple(
        (
            spoken(one.type), spoken(one.outcome), count(one.n_accounts), percent(one.rate),
            f"{percent(one.low)} to {percent(one.high)}" if is_known(one.low) else "", percent(one.base_rate),
        )
        for one in known
    )  # fmt: skip
    return Listing(
        ("Kind", "Warns of", "Accounts that had it", "It followed", "Between", "Of all accounts"), rows
    )


def _owners(rows: pd.DataFrame) -> list[str]:
    return sorted(rows["owner"].dropna().astype("str").unique(), key=str.casefold)


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    ranked = rows.assign(rank=rows["severity"].map(SEVERITIES.index))
    return ranked.sort_values(["rank", "opened_on", ACCOUNT_ID], ascending=[True, False, True], kind="stable")


def _row(row: Any) -> dict[str, Any]:
    return {**row, "name": row["name"] if is_known(row["name"]) else row[ACCOUNT_ID]}
