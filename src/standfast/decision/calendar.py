"""Fixed work, planned before outreach: onboarding, renewals, alert calls and yearly calls."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.calendar_book import CalendarBook
from standfast.decision.calendar_policy import KINDS, CalendarPolicy
from standfast.decision.calls import alert_calls, yearly_calls
from standfast.decision.capacity import Pools
from standfast.decision.columns import Bools, Ints, texts
from standfast.decision.contract_work import onboarding_sessions, renewal_steps
from standfast.decision.fixed_use import FixedUse
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.play_choice import plays_of_kind
from standfast.decision.plays import PLAYS_OF_KIND, Play
from standfast.decision.touch_rows import TouchRows
from standfast.schema import SCHEDULE_COLUMNS


@dataclass(frozen=True, eq=False)
class FixedWork:
    """The fixed touches that fit the hours, those that were cut, and the minutes each pool gives to them."""

    kept: TouchRows
    cut: TouchRows
    minutes: Ints

    @property
    def uses(self) -> tuple[FixedUse, ...]:
        """Each kind of fixed work there is, in the order in which it is kept."""
        return tuple(
            _use(kind, self.kept.only(self.kept.kind == place), self.cut.only(self.cut.kind == place))
            for place, kind in enumerate(KINDS)
            if (self.kept.kind == place).any() or (self.cut.kind == place).any()
        )

    def touched(self, n_accounts: int) -> Bools:
        """Return which accounts get a fixed touch."""
        return np.asarray(np.bincount(self.kept.account, minlength=n_accounts) > 0)


def plan_fixed_work(
    book: CalendarBook, pools: Pools, *, policy: CalendarPolicy, call_minutes: int, self_service: bool = False
) -> FixedWork:
    """Return the fixed work of a book in the hours there are.

    Each kind has its share of a pool's minutes, and all together have theirs. What does not fit is cut in
    this order: yearly calls (whoever was silent longest keeps one), alert calls (the newest are kept), then
    onboarding and renewals from the lowest value tier up, in a tier from the cell of lowest priority, so
    that Save comes last; in a cell the touches due last. A kind is kept up to the first touch that does not
    fit, so that more hours never cut more.

    Parameters
    ----------
    call_minutes
        Minutes of a pooled phone call.
    """
    contract = TouchRows.together(
        onboarding_sessions(book, policy=policy), renewal_steps(book, policy=policy)
    )
    at = contract.account
    contract = contract.ordered(at, contract.due, book.cell[at], book.tier[at])
    alerts = alert_calls(book, policy=policy, minutes=call_minutes)
    most = _minutes(pools, policy.most_share)
    room = np.minimum(_minutes(pools, policy.contract_share), most)
    kept, cut = contract.within(room, pools)
    most = most - np.minimum(contract.by_pool(pools), room)
    room = np.minimum(_minutes(pools, policy.alert_share), most)
    kept_alerts, cut_alerts = alerts.within(room, pools)
    most = most - np.minimum(alerts.by_pool(pools), room)
    kept, cut = TouchRows.together(kept, kept_alerts), TouchRows.together(cut, cut_alerts)
    if not self_service:
        met = np.bincount(kept.account, minlength=len(book)) > 0
        calls = yearly_calls(book, met=met, policy=policy, minutes=call_minutes)
        room = np.minimum(_minutes(pools, policy.yearly_share), most)
        kept_calls, cut_calls = calls.within(room, pools)
        spread = kept_calls.spread(book.start, book.end, pools)
        kept, cut = TouchRows.together(kept, spread), TouchRows.together(cut, cut_calls)
    return FixedWork(kept, cut, kept.by_pool(pools))


def no_fixed_work(pools: Pools) -> FixedWork:
    """Return the fixed work of a book of which no date is known."""
    return FixedWork(TouchRows.none(), TouchRows.none(), np.zeros(len(pools.names), dtype=np.int64))


def schedule(
    work: FixedWork,
    scores: pd.DataFrame,
    *,
    plays: Sequence[Play] = PLAYS_OF_KIND,
    matrix: Matrix = MATRIX,
) -> pd.DataFrame:
    """Return the fixed work as rows of the schedule, by day and account, each with the play of its kind."""
    rows = work.kept.frame(scores)
    rows = rows.assign(play=_play_names(rows["kind"], work.kept.account, scores, plays, matrix))
    order = np.lexsort((rows["account_id"].astype(str).to_numpy(dtype=object), rows["due_on"].to_numpy()))
    return rows.iloc[order].reset_index(drop=True)[list(SCHEDULE_COLUMNS)]


def _play_names(
    kind: pd.Series, account: Ints, scores: pd.DataFrame, plays: Sequence[Play], matrix: Matrix
) -> pd.Series:
    """Return the name of each touch's play: the first of its kind that fits the account."""
    names = pd.Series("", index=kind.index, dtype="str")
    for one in kind.unique():
        own = (kind == one).to_numpy()
        touched = scores.iloc[account[own]]
        offered, place = plays_of_kind(touched, one, plays=plays, matrix=matrix)
        names[own] = texts(tuple(play.name for play in offered), place, touched.index).to_numpy()
    return names


def _minutes(pools: Pools, share: float) -> Ints:
    return np.asarray(np.floor(pools.minutes * share + 1e-6).astype(np.int64))


def _use(kind: str, kept: TouchRows, cut: TouchRows) -> FixedUse:
    return FixedUse(
        kind=kind,
        n_accounts=len(np.unique(kept.account)),
        n_touches=len(kept),
        hours=float(kept.minutes.sum()) / 60,
        n_cut=len(cut),
        hours_cut=float(cut.minutes.sum()) / 60,
    )
