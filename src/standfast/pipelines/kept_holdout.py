"""The holdout in the ledger: who is held out on a day, and a new cycle drawn before its plan is shown."""

from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_assignments import newest_cycle, open_cycle, running_assignments
from standfast.adapters.ledger_campaigns import claimed_accounts
from standfast.adapters.ledger_experiments import Experiment, all_experiments, start_experiment
from standfast.decision.suppression import suppressed_because
from standfast.learning.holdout import ARMS, CHANCE_WANTED, HELD_OUT, draw_holdout
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.kept_alerts import escalated_accounts
from standfast.pipelines.known_at_draw import known_at_draw
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
        return Arms(_nobody())
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
                return Arms(_nobody(), said)
            drawn = draw_holdout(
                book.assign(is_barred=self.barred(book, ledger)),
                policy=policy, book_name=settings.book_name, cycle=self.day.isoformat(),
            )  # fmt: skip
            n_held = int((drawn["arm"] == HELD_OUT).sum())
            if n_held < policy.fewest:
                return Arms(_nobody(), _too_few(drawn, n_held, policy))
            return Arms(_opened(ledger, drawn, settings=settings, day=self.day))

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


def _opened(ledger: Ledger, drawn: pd.DataFrame, *, settings: Settings, day: date) -> pd.DataFrame:
    """Keep the draw, and the experiment it belongs to where this is its first cycle."""
    rows = drawn.assign(**{ACCOUNT_ID: drawn[ACCOUNT_ID].astype("str")}, known=known_at_draw(drawn, settings))
    with ledger.together() as work:
        if _holdout(work) is None:
            share = settings.holdout.share
            start_experiment(
                work, HOLDOUT, kind="holdout", arms=dict(zip(ARMS, (1 - share, share), strict=True)),
                outcome="churned", started_on=day, hypothesis=HYPOTHESIS, seed=settings.holdout.seed,
                terms=MappingProxyType(_terms(settings)),
            )  # fmt: skip
        return open_cycle(work, HOLDOUT, rows, day=day, horizon_days=settings.horizon.horizon_days)


def _terms(settings: Settings) -> dict[str, Any]:
    policy = settings.holdout
    names = ("margin", "value_tiers", "most_cost", "fewest")
    return {name: getattr(policy, name) for name in names}


def _holdout(ledger: Ledger) -> Experiment | None:
    return next((one for one in all_experiments(ledger) if one.name == HOLDOUT), None)


def _why_never(ledger: Ledger, day: date) -> str | None:
    """Say why no cycle may begin on a day; None where one may."""
    found = _holdout(ledger)
    if found is None:
        return None
    if not found.is_live:
        return f"nobody is held out: the holdout was stopped on {found.stopped_on} ({found.stop_reason})"
    newest = newest_cycle(ledger, HOLDOUT)
    if newest is not None and day <= newest:
        return f"nobody is held out: this plan is of a day before the cycle that began on {newest}"
    return None


def _nobody() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("cycle", ACCOUNT_ID, "arm")})
