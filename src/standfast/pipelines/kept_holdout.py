"""The holdout in the ledger: who is held out on a day, and a new cycle drawn before its plan is shown."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_assignments import newest_cycle, running_assignments
from standfast.adapters.ledger_campaigns import claimed_accounts
from standfast.decision.suppression import suppressed_because
from standfast.learning.holdout import ARMS, CHANCE_WANTED, HELD_OUT, draw_holdout
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.kept_alerts import escalated_accounts
from standfast.pipelines.kept_draw import keep_draw, nobody_drawn, own_experiment
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.typed_rows import typed_rows
from standfast.schema import ACCOUNT_ID, HOLDOUT
from standfast.settings import Settings

NOT_YET = (
    "nobody is held out so far: chance chooses when the ledger keeps a plan of this book (standfast run, or "
    "standfast plan without a scores file)"
)
HYPOTHESIS = "accounts that get their outreach leave less often than those that chance leaves alone"


@dataclass(frozen=True, eq=False)
class Arms:
    """The arms of the holdout that hold on a day, as the ledger has them, or why there are none."""

    rows: pd.DataFrame
    why_none: str = NOT_YET

    @property
    def held_out(self) -> pd.Series:
        """The ids of the accounts held out."""
        ids: pd.Series = self.rows.loc[self.rows["arm"] == HELD_OUT, ACCOUNT_ID].astype("str")
        return ids


def standing_arms(ledger: Ledger | None, *, settings: Settings, day: date) -> Arms | None:
    """Give the arms that hold on a day; None where the settings want no holdout."""
    if not settings.holdout.is_on:
        return None
    if ledger is None:
        return Arms(nobody_drawn())
    return Arms(running_assignments(ledger, day=day, experiment=HOLDOUT), _why_never(ledger, day) or NOT_YET)


@dataclass(frozen=True, eq=False)
class Drawing:
    """What begins a cycle: the day of a plan that the ledger will keep, and what is known of the accounts.

    Parameters
    ----------
    observed
        The book as it is now, for what speaks against holding an account out; None where it is not read.
    alerts
        The open alerts; None where they never were looked for.
    """

    settings: Settings
    day: date
    observed: ObservedBook | None = None
    alerts: pd.DataFrame | None = None

    def draw(self, book: pd.DataFrame) -> Arms:
        """Draw among the accounts at the margin of a plan, keep it, and give what stands.

        Parameters
        ----------
        book
            The scores with the figures of the plan in which nobody is held out.

        Raises
        ------
        StateError
            The ledger cannot be written.
        """
        policy, settings = self.settings.holdout, self.settings
        with book_ledger(settings) as ledger:
            if said := _why_never(ledger, self.day):
                return Arms(nobody_drawn(), said)
            drawn = draw_holdout(
                book.assign(is_barred=self.barred(book, ledger)),
                policy=policy, book_name=settings.book_name, cycle=self.day.isoformat(),
            )  # fmt: skip
            n_held = int((drawn["arm"] == HELD_OUT).sum())
            if n_held < policy.fewest:
                return Arms(nobody_drawn(), _too_few(drawn, n_held, policy))
            shares = (1 - policy.share, policy.share)
            kept = keep_draw(
                ledger, drawn, name=HOLDOUT, arms=dict(zip(ARMS, shares, strict=True)),
                hypothesis=HYPOTHESIS, terms=_terms(settings), settings=settings, day=self.day,
            )  # fmt: skip
            return Arms(kept)

    def barred(self, book: pd.DataFrame, ledger: Ledger, *, is_disturbed: bool = False) -> pd.Series:
        """Say against whom something speaks: what holds a campaign back, an escalation, another test.

        Parameters
        ----------
        is_disturbed
            Whether do-not-disturb is to hold nobody back.
        """
        guards = replace(self.settings.guards, do_not_disturb=False) if is_disturbed else self.settings.guards
        rows = book if self.observed is None else typed_rows(self.observed.current.reset_index(drop=True))
        reasons = suppressed_because(
            rows, guards=guards, lifecycle=self.settings.lifecycle,
            claimed=claimed_accounts(ledger, besides=None),
        )  # fmt: skip
        barred = set(rows.loc[reasons.notna().to_numpy(), ACCOUNT_ID].astype("str"))
        running = running_assignments(ledger, day=self.day)
        barred |= set(running.loc[running["experiment"] != HOLDOUT, ACCOUNT_ID])
        barred |= escalated_accounts(self.alerts)
        return book[ACCOUNT_ID].astype("str").isin(barred)


def _too_few(drawn: pd.DataFrame, n_held: int, policy: HoldoutPolicy) -> str:
    """Say why a draw is too small to begin a cycle; where its cost made it small, that, too."""
    n_wanted = float(drawn[CHANCE_WANTED].sum())
    dear = (
        f" (more than that is expected to cost beyond {policy.most_cost:.2%} of what the plan is worth, "
        "[holdout] most_cost)"
        if n_wanted >= n_held + 1
        else ""
    )
    return (
        f"nobody is held out: chance would choose {n_held} of {len(drawn)} accounts at the margin of this "
        f"plan{dear}, and fewer than {policy.fewest} teach nothing ([holdout] fewest)"
    )


def _terms(settings: Settings) -> dict[str, Any]:
    policy = settings.holdout
    names = ("margin", "value_tiers", "most_cost", "fewest")
    return {name: getattr(policy, name) for name in names}


def _why_never(ledger: Ledger, day: date) -> str | None:
    """Say why no cycle may begin on a day; None where one may."""
    found = own_experiment(ledger, HOLDOUT)
    if found is None:
        return None
    if not found.is_live:
        return f"nobody is held out: the holdout was stopped on {found.stopped_on} ({found.stop_reason})"
    newest = newest_cycle(ledger, HOLDOUT)
    if newest is not None and day <= newest:
        return f"nobody is held out: this plan is of a day before the cycle that began on {newest}"
    return None
