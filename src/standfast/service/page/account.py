"""One account: how likely, why, what is planned, what else was weighed, and forms to say what is known."""

from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_overrides import all_overrides
from standfast.adapters.ledger_scores import account_scores
from standfast.adapters.ledger_touches import read_outcomes, read_touches
from standfast.pipelines.desk import Desk
from standfast.pipelines.explain import trail_of
from standfast.report.wording import is_known
from standfast.report.worklist_content import Agenda
from standfast.report.worklist_view import CHANNELS, item_of
from standfast.schema import ACCOUNT_ID
from standfast.service.acts import refuse_absent
from standfast.service.beside import overrides_now, snoozes_now
from standfast.service.done import with_done
from standfast.service.page import account_view
from standfast.service.page.drawings import over_time
from standfast.service.page.render import render
from standfast.service.page.week_bars import week_by_week, weeks_of
from standfast.service.page.worklist import form_days
from standfast.service.rights import may_write
from standfast.service.rows import of_account
from standfast.service.security import Reader
from standfast.service.state import desk_of, service_of

router = APIRouter(include_in_schema=False)
MOST_TOUCHES = 25
_NONE = Agenda()


@router.get("/account")
def account(
    request: Request,
    caller: Reader,
    account_id: Annotated[str, Query(alias="id", min_length=1, max_length=500)],
) -> Response:
    """Show everything that is known of one account."""
    desk = desk_of(request)
    refuse_absent(desk, account_id)
    ledger = service_of(request).door.ledger()
    trail = trail_of(account_id, desk.book, desk.settings, ledger=ledger).summary
    currency = desk.settings.units.currency
    place = desk.place_of[account_id]
    row = {str(name): value for name, value in desk.accounts.iloc[place].items()}
    history = account_view.history_of(account_scores(ledger, account_id), row)
    is_own = may_write(caller, desk.owner_of(account_id))
    made = _touches(desk, ledger, account_id)
    days = pd.to_datetime(made["day"]).tolist()
    weeks = weeks_of(account_id, desk.seen.observed.weekly, days, as_of=desk.as_of)
    return render(
        request, "account.html",
        row=row, trail=trail, owner=desk.owner_of(account_id), is_own=is_own,
        name=row["name"] if is_known(row.get("name")) else account_id,
        outlook=account_view.chances_of(trail["outlook"]),
        would_change=[
            (one["words"], account_view.chances_of({k: v for k, v in one.items() if k != "words"}))
            for one in trail["what_would_change_it"]
        ],
        history=history, picture=over_time(history, title="Likely to leave, by day of the score run"),
        families=account_view.families_of(trail, currency=currency),
        moves=account_view.moves_of(trail, currency=currency),
        facts_told=account_view.facts_of(trail, currency=currency),
        bundles=account_view.bundles_of(trail["bundles_considered"], currency=currency),
        todos=_todos(request, desk, account_id, people=is_own),
        agenda=desk.worklist.agendas.get(account_id, _NONE) if desk.worklist else _NONE,
        weeks=weeks, weekly=None if weeks is None else week_by_week(weeks),
        touches=[{str(k): v for k, v in one.items()} for one in made.head(MOST_TOUCHES).to_dict("records")],
        outcomes=_told(read_outcomes(ledger, account_id=account_id)),
        overrides=_told(all_overrides(ledger, account_id=account_id))[::-1],
        standing=overrides_now(request, desk).get(account_id, {}),
        snoozed_until=snoozes_now(request, desk).get(account_id), channels=CHANNELS,
        forms=form_days(desk), segments=[cell.segment for cell in desk.settings.built_matrix.cells],
        words={cell.segment: cell.words for cell in desk.settings.built_matrix.cells},
        back=f"/account?{request.url.remove_query_params('said').query}",
    )  # fmt: skip


def _todos(request: Request, desk: Desk, account_id: str, *, people: bool) -> list[Any]:
    """Give the touches that lie ahead, worded."""
    if desk.worklist is None:
        return []
    rows = desk.worklist.rows[desk.worklist.rows[ACCOUNT_ID] == account_id]
    rows = with_done(request, desk, rows if people else rows.assign(contact="", remarks=""))
    return [
        (item_of(row, place, anchor="", agenda=None), row["done_on"] if is_known(row["done_on"]) else None)
        for place, row in enumerate(rows.to_dict("records"), start=1)
    ]


def _touches(desk: Desk, ledger: Ledger, account_id: str) -> pd.DataFrame:
    """Give the touches made, of the book and of the ledger, the newest first."""
    made = desk.book.given.past.made
    since = read_touches(ledger, since=desk.as_of, account_id=account_id)
    names = [ACCOUNT_ID, "day", "channel", "play", "outcome"]
    parts = [of_account(part[names], account_id) for part in (made, since) if part is not None and len(part)]
    both = pd.concat(parts) if parts else pd.DataFrame(columns=names)
    return both.sort_values("day", ascending=False, kind="stable")


def _told(records: pd.DataFrame) -> list[dict[str, Any]]:
    rows = records.to_dict("records")
    return [{str(k): v if is_known(v) else None for k, v in row.items()} for row in rows]
