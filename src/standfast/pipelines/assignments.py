"""What chance assigned, what was done and what came of it: the frame that all learning reads."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from standfast.adapters.ledger_assignments import read_assignments
from standfast.adapters.ledger_plans import plan_owners, planned_since
from standfast.adapters.ledger_touches import read_outcomes, read_touches
from standfast.decision.calendar_policy import KINDS
from standfast.decision.channel_words import name_channels
from standfast.learning.done import add_done, count_followed
from standfast.learning.holdout import CHANCE_WANTED
from standfast.learning.oddities import (
    Oddity,
    held_out_contacted,
    in_two_tests,
    months_missing,
    not_recorded,
    outcomes_missing,
    touched_before,
    without_a_plan,
)
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.known_at_draw import with_known
from standfast.pipelines.made_touches import MADE_COLUMNS, made_touches
from standfast.pipelines.matured import outcomes_of_book, outcomes_recorded
from standfast.schema import ACCOUNT_ID, ASSIGNMENT_COLUMNS
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class Assigned:
    """What chance assigned and what came of it, and what is to be said of the records behind it.

    Parameters
    ----------
    rows
        The columns of ``ASSIGNMENT_COLUMNS``, and beside them what else was known at the draw.
    followed
        Accounts by arm and by what was done for them, such as "planned, in part".
    oddities
        What is odd, each counted, named, and what is done about it.
    as_of
        The day up to which things are known; None where nothing tells it.
    made
        The touches made until then.
    n_just_drawn
        Rows by experiment of cycles that begin on that day or later, of which nothing can be known yet.
    """

    rows: pd.DataFrame
    followed: Mapping[str, int]
    oddities: tuple[Oddity, ...]
    as_of: date | None
    made: pd.DataFrame
    n_just_drawn: Mapping[str, int]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        rows = self.rows
        return {
            "as_of": self.as_of,
            "n_assigned": len(rows),
            "n_matured": int(rows["is_matured"].sum()),
            "n_recorded": int(rows["is_recorded"].sum()),
            "followed": dict(self.followed),
            "oddities": [asdict(one) for one in self.oddities],
        }

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what is odd, and how much of the plan was done."""
        done = "; ".join(f"{n:,} {what}" for what, n in self.followed.items() if n)
        return (*([f"what was done: {done}"] if done else []), *(one.sentence for one in self.oddities))


def assigned_accounts(settings: Settings, *, as_of: date | None = None) -> Assigned:
    """Give what was assigned before a day with what was done until then, and what came of it.

    Intention to treat is ``arm``, as treated ``done_*``. An account in two tests counts in the first alone.

    Raises
    ------
    InputError
        A table of the book cannot be read.
    StateError
        The ledger cannot be read.
    """
    with reading_ledger(settings) as ledger:
        if ledger is None:
            return _nothing(as_of)
        drawn = read_assignments(ledger)
        owners = plan_owners(ledger)
        outcomes, touches = read_outcomes(ledger), read_touches(ledger)
        planned = planned_since(ledger)
    if drawn.empty:
        return _nothing(as_of)
    every, (drawn, twice) = drawn, in_two_tests(drawn)
    cycles = sorted({cycle.date() for cycle in drawn["cycle"]})
    if settings.is_flat:
        until = as_of or _newest_day(outcomes, touches, cycles)
        found = outcomes_recorded(drawn, outcomes, settings=settings, until=until)
    else:
        found, until = outcomes_of_book(
            settings, [day for day in cycles if day < (as_of or date.max)], as_of=as_of
        )
    drawn = drawn[drawn["cycle"] < pd.Timestamp(until)]
    ahead = every[every["cycle"] >= pd.Timestamp(until)]
    made = _with_owner(_named(made_touches(settings, as_of=until)), drawn, owners)
    rows = add_done(drawn.reset_index(drop=True), made)
    rows = _with_outcomes(rows, found, over_by=pd.Timestamp(until) - _maturity(settings))
    odd = (
        *twice,
        *held_out_contacted(rows, made, fixed_plays=_fixed_plays(settings)),
        *touched_before(rows, made),
        *without_a_plan(touches, planned, what="touches"),
        *without_a_plan(outcomes, planned, what="outcomes"),
        *not_recorded(rows),
        *months_missing(rows, made, until=until.isoformat()),
        *_lost(rows, until=until, settings=settings),
    )
    return Assigned(
        _told(rows), count_followed(rows), odd, until, made,
        {str(name): int(n) for name, n in ahead["experiment"].value_counts().items()},
    )  # fmt: skip


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of ``ASSIGNMENT_COLUMNS``, and what else was known of the accounts at the draw."""
    told = with_known(rows)
    beside = [name for name in told if name not in rows and name != CHANCE_WANTED]
    return told[[*ASSIGNMENT_COLUMNS, *beside]]


def _nothing(as_of: date | None) -> Assigned:
    empty = pd.DataFrame(columns=list(ASSIGNMENT_COLUMNS)).astype({"is_matured": bool, "is_recorded": bool})
    return Assigned(empty, {}, (), as_of, pd.DataFrame(columns=list(MADE_COLUMNS)), {})


def _newest_day(outcomes: pd.DataFrame, touches: pd.DataFrame, cycles: list[date]) -> date:
    """Give the day after the newest that anything is recorded of, where the book itself tells no date."""
    days = [frame["day"].max().date() for frame in (outcomes, touches) if len(frame)]
    newest: date = max([*days, cycles[-1]])
    return newest + timedelta(days=1)


def _named(touches: pd.DataFrame) -> pd.DataFrame:
    """Give the touches with our words for channels; a review is a meeting in person."""
    channel = name_channels(touches["channel"]).replace("review", "in_person")
    return touches.assign(channel=channel.fillna("unknown"))


def _with_owner(touches: pd.DataFrame, drawn: pd.DataFrame, owners: pd.DataFrame) -> pd.DataFrame:
    """Give the touches with the owner of the account, by the newest plan that knows it."""
    known = pd.concat([drawn[[ACCOUNT_ID, "owner"]], owners], ignore_index=True)
    of = known.drop_duplicates(ACCOUNT_ID, keep="last").set_index(ACCOUNT_ID)["owner"]
    return touches.assign(owner=touches[ACCOUNT_ID].map(of).astype("str"))


def _maturity(settings: Settings) -> pd.Timedelta:
    return pd.Timedelta(days=settings.label_policy.maturity_days)


def _with_outcomes(rows: pd.DataFrame, found: pd.DataFrame, *, over_by: pd.Timestamp) -> pd.DataFrame:
    """Give the rows with what came of them, where their whole time is over.

    Whoever left is known at once and whoever stayed at the end: read as they come, all would seem to leave.
    """
    found = found.astype({"cycle": "datetime64[s]", ACCOUNT_ID: "str"})
    joined = rows.merge(found, on=[ACCOUNT_ID, "cycle"], how="left", validate="many_to_one")
    is_matured = joined["is_matured"].fillna(value=False).astype(bool) & (joined["cycle"] <= over_by)
    return joined.assign(
        is_matured=is_matured,
        churned=joined["churned"].astype("boolean").where(is_matured),
        expanded=joined["expanded"].astype("boolean").where(is_matured),
        revenue_after=joined["revenue_after"].astype("float64").where(is_matured),
    )


def _fixed_plays(settings: Settings) -> list[str]:
    """Name the plays of fixed work: its kinds, and what the plays of those kinds are called."""
    return [*KINDS, *(play.name for play in settings.play_book if play.kind in KINDS)]


def _lost(rows: pd.DataFrame, *, until: date, settings: Settings) -> list[Oddity]:
    """Say of how many accounts nothing can be told although their time is over."""
    is_over = rows["cycle"] + _maturity(settings) <= pd.Timestamp(until)
    way = (
        "record what came of them, renewed for those who stayed"
        if settings.is_flat
        else "they are not in the book any more, or were gone before the horizon began"
    )
    return outcomes_missing(rows[is_over & ~rows["is_matured"]], way=way)
