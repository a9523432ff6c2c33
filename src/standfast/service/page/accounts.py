"""Accounts in a list: those of a cell, a segment, an owner, or found by a word."""

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from standfast.pipelines.desk import Desk
from standfast.report.wording import as_text, is_known
from standfast.schema import ACCOUNT_ID, RISK_TIERS, VALUE_TIERS
from standfast.service.api.accounts import FILTERS, chosen
from standfast.service.beside import overrides_now
from standfast.service.page.kept import kept
from standfast.service.page.parts import Start, Text, part_at
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of

router = APIRouter(include_in_schema=False)
MOST = 50
SORTS = {
    "priority": ("Order of attention", ["priority", "revenue_at_risk"], [True, False]),
    "churn": ("Most likely to leave", ["churn_probability"], [False]),
    "upsell": ("Most likely to buy more", ["upsell_probability"], [False]),
    "at_risk": ("Revenue at risk", ["revenue_at_risk"], [False]),
    "revenue": ("Revenue", ["annual_revenue"], [False]),
    "worth": ("Worth of the plan", ["conservative_value"], [False]),
    "name": ("Name", ["name"], [True]),
}


@router.get("/accounts")
def accounts(
    request: Request,
    caller: Reader,
    q: Text = "",
    named: Text = "",
    sort: Text = "priority",
    start: Start = 0,
) -> Response:
    """Show the accounts that fit; a search that finds exactly one goes there."""
    desk = desk_of(request)
    wanted = {name: request.query_params.get(name) or None for name in FILTERS}
    found = chosen(desk, wanted, contains=q.strip() or None)
    if named:
        members = desk.book.members
        found = found[found[ACCOUNT_ID].isin(members.loc[members["segment"] == named, ACCOUNT_ID])]
    if q.strip() and len(found) == 1:
        return RedirectResponse(f"/account?{urlencode({'id': found[ACCOUNT_ID].iloc[0]})}", 303)
    part = part_at(request, _sorted(found, sort), start=start, most=MOST)
    return render(
        request, "accounts.html",
        part=part, q=q, named=named, sort=sort, wanted=wanted, title=_title(q.strip(), named, wanted),
        rows=[_row(row) for row in part.rows], overrides=overrides_now(request, desk),
        sorts=[(key, told[0]) for key, told in SORTS.items()],
        choices=kept(desk, "choices", lambda: _choices(desk)),
    )  # fmt: skip


def _sorted(found: pd.DataFrame, sort: str) -> pd.DataFrame:
    _, columns, rising = SORTS.get(sort, SORTS["priority"])
    there = [(name, up) for name, up in zip(columns, rising, strict=True) if name in found]
    names, ups = [*(name for name, _ in there), ACCOUNT_ID], [*(up for _, up in there), True]
    return found.sort_values(names, ascending=ups, kind="stable", na_position="last")


def _row(row: Any) -> dict[str, Any]:
    name = row.get("name")
    return {**row, "name": name if is_known(name) else row[ACCOUNT_ID], "owner": as_text(row.get("owner"))}


def _choices(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """Give what can be chosen in each filter."""
    owners = (
        desk.accounts["owner"].dropna().astype("str").str.strip() if "owner" in desk.accounts else pd.Series()
    )
    segments = [cell.segment for cell in desk.settings.built_matrix.cells]
    return {
        "owner": [(owner, owner) for owner in sorted(owners.unique(), key=str.casefold) if owner],
        "segment": [(segment, segment) for segment in dict.fromkeys(segments)],
        "risk_tier": [(tier, f"{tier} risk") for tier in RISK_TIERS],
        "value_tier": [(tier, f"{tier} value") for tier in VALUE_TIERS],
    }


def _title(q: str, named: str, wanted: dict[str, str | None]) -> str:
    """Say which accounts these are."""
    parts = [
        f"that hold \u201c{q}\u201d" if q else "",
        f"in segment {named}" if named else "",
        f"in {wanted['segment']}" if wanted["segment"] else "",
        f"in cell {wanted['cell']}" if wanted["cell"] else "",
        f"of {wanted['risk_tier']} risk" if wanted["risk_tier"] else "",
        f"of {wanted['value_tier']} value" if wanted["value_tier"] else "",
        f"of {wanted['owner']}" if wanted["owner"] else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"Accounts {told}" if told else "All accounts"
