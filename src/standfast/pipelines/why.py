"""Why an account's probability is what it is, what changed since an earlier date, and what could change."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from standfast.errors import InputError
from standfast.pipelines.account_reasons import peers_of, reasons_of, within_reach
from standfast.pipelines.kept_plans import plan_before
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.scoring import Scorer
from standfast.propensity.reasons import Moves, Reach, Reasons, moves_between, total
from standfast.report.reason_words import move_lines, reach_lines, reason_lines
from standfast.schema import ACCOUNT_ID, TARGETS
from standfast.settings import Settings


@dataclass(frozen=True)
class Why:
    """All there is to say of one probability.

    Parameters
    ----------
    peers
        Who the account is compared with; None where the bundle was made before peers were kept.
    moves
        What changed since ``since``; None where the account was not there then, or the book has no past.
    reach
        What the account could change about its churn; None where reasons speak of another outcome.
    """

    target: str
    reasons: Reasons
    peers: str | None
    since: date | None
    moves: Moves | None
    reach: Reach | None

    @property
    def summary(self) -> dict[str, Any]:
        """Plain values for a machine; figures are not rounded, so that they add up."""
        return {
            "reasons_of": self.target,
            "base": self.reasons.base,
            "log_odds": self.reasons.log_odds,
            "families": {family: total(found) for family, found in self.reasons.by_family().items()},
            "peers": self.peers,
            "reasons": [
                {name: value for name, value in asdict(reason).items() if self.peers or name != "peers"}
                for reason in self.reasons.every
            ],
            "since": None if self.since is None else self.since.isoformat(),
            "moves": None if self.moves is None else _moves_view(self.moves),
            "within_reach": None if self.reach is None else asdict(self.reach),
        }

    def lines(self, currency: str) -> list[str]:
        """Tell it to a person."""
        word = TARGETS[self.target]
        told = reason_lines(self.reasons, peers=self.peers, word=word, currency=currency)
        if self.moves is not None:
            told += ["", *move_lines(self.moves, since=str(self.since), currency=currency)]
        elif self.since is not None:
            told += ["", f"since {self.since}: the account was not asked about then, so nothing is compared"]
        if self.reach is not None:
            found = reach_lines(self.reach, word=word, currency=currency)
            told += ["", *found] if found else []
        return told


def why_of(account: str, observed: ObservedBook, scorer: Scorer, *, settings: Settings) -> Why:
    """Give the reasons of one account of the book, which is known to be there and scored."""
    row = _rows_of(account, observed.current)
    reasons = reasons_of(row, scorer)
    before = None if observed.earlier is None else _rows_of(account, observed.earlier)
    return Why(
        target=scorer.explained,
        reasons=reasons,
        peers=peers_of(row, scorer),
        since=observed.earlier_on,
        moves=None if before is None or before.empty else moves_between(reasons_of(before, scorer), reasons),
        reach=within_reach(row, scorer, policy=settings.reasons) if scorer.explained == "churned" else None,
    )


def earlier_date(settings: Settings, *, since: date | None) -> Callable[[date], date]:
    """Give what tells the earlier date from the as-of date: the one asked for, the last plan's, or some days.

    The last plan is that of the ledger which this day's plan follows.

    Raises
    ------
    InputError
        A date is asked for, and the book is a flat table or not known beyond that date.
    """
    if since is not None and settings.is_flat:
        raise InputError(
            f"--since {since}: {settings.book_name!r} is a flat table, which has no past to "
            "compare with; leave it out, or name tables with dates under [book]"
        )

    def before(as_of: date) -> date:
        if since is not None and since >= as_of:
            raise InputError(
                f"--since {since} is not before {as_of}, the date looked at; give an earlier one"
            )
        if since is not None:
            return since
        plan = plan_before(settings, day=as_of)
        if plan is not None and len(plan):
            return pd.Timestamp(plan["as_of"].iloc[0]).date()
        return as_of - timedelta(days=settings.reasons.look_back_days)

    return before


def _rows_of(account: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows[ACCOUNT_ID].astype(str) == account]


def _moves_view(moves: Moves) -> dict[str, Any]:
    every = [{**asdict(move), "change": move.change} for move in moves.every]
    return {"probability_then": moves.probability_then, "change": moves.change, "base": moves.base,
            "every": every}  # fmt: skip
