"""The test of do-not-disturb in the ledger: whom chance releases from it, drawn before a plan is shown."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_assignments import newest_cycle, running_assignments
from standfast.decision.guards import Guards, sleeping_dogs
from standfast.learning.holdout import HELD_OUT
from standfast.learning.release import LET_GO, RELEASE_ARMS, draw_released
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.kept_draw import keep_draw, nobody_drawn, own_experiment
from standfast.pipelines.kept_holdout import Drawing
from standfast.schema import ACCOUNT_ID, RELEASED
from standfast.settings import Settings

HYPOTHESIS = "accounts that do-not-disturb spares leave more often where a person contacts them"


@dataclass(frozen=True, eq=False)
class Released:
    """The arms of the test of do-not-disturb that hold on a day; no rows where it is not tested, and why."""

    rows: pd.DataFrame
    why_none: str = ""

    @property
    def let_go(self) -> pd.Series:
        """The ids of the accounts that chance released."""
        ids: pd.Series = self.rows.loc[self.rows["arm"] == LET_GO, ACCOUNT_ID].astype("str")
        return ids

    @property
    def spared(self) -> pd.Series:
        """The ids of those that chance left alone, as the rule has it."""
        ids: pd.Series = self.rows.loc[self.rows["arm"] == HELD_OUT, ACCOUNT_ID].astype("str")
        return ids

    @property
    def sentence(self) -> str:
        """Who was released until when, what it is for, and what it risks; or why nobody was."""
        if self.rows.empty:
            return self.why_none
        cycle = pd.Timestamp(self.rows["cycle"].max()).date()
        until = cycle + timedelta(days=int(self.rows["horizon_days"].max()) - 1)
        return (
            f"do-not-disturb is tested: chance releases {len(self.let_go):,} of {len(self.rows):,} accounts "
            f"that it alone keeps from outreach, from {cycle} to {until}, to learn whether they sleep; those "
            "that do may be woken ([holdout] release_share = 0 ends it at once)"
        )


def standing_release(ledger: Ledger | None, *, settings: Settings, day: date) -> Released:
    """Give the arms of the test that hold on a day; none where the settings want no test, or no rule."""
    if ledger is None or not is_tested(settings):
        return Released(nobody_drawn())
    return Released(running_assignments(ledger, day=day, experiment=RELEASED))


def is_tested(settings: Settings) -> bool:
    """Say whether the settings want do-not-disturb tested."""
    return settings.holdout.release_share > 0 and settings.guards.do_not_disturb


def may_draw(ledger: Ledger, *, day: date) -> bool:
    """Say whether a cycle may begin on a day: none runs or came after it, and nobody stopped the test."""
    found = own_experiment(ledger, RELEASED)
    if found is not None and not found.is_live:
        return False
    newest = newest_cycle(ledger, RELEASED)
    return newest is None or day > newest


def draw_release(drawing: Drawing, unspared: pd.DataFrame, *, guards: Guards) -> Released:
    """Draw among the accounts that do-not-disturb alone keeps from outreach, keep it, and give what stands.

    Parameters
    ----------
    unspared
        The scores with the figures of the plan that would be made without do-not-disturb.
    guards
        The rule as it stands: as the settings have it, or as it was learned.

    Raises
    ------
    StateError
        The ledger cannot be written.
    """
    settings, day = drawing.settings, drawing.day
    with book_ledger(settings) as ledger:
        if not may_draw(ledger, day=day):
            return standing_release(ledger, settings=settings, day=day)
        book = unspared.assign(
            is_spared=sleeping_dogs(unspared, guards=guards),
            is_barred=drawing.barred(unspared, ledger, is_disturbed=True),
        )
        drawn = draw_released(
            book, policy=settings.holdout, book_name=settings.book_name, cycle=day.isoformat()
        )
        if not (drawn["arm"] == LET_GO).any():
            return Released(nobody_drawn(), _too_few(int(book["is_spared"].sum()), len(drawn)))
        share = settings.holdout.release_share
        kept = keep_draw(
            ledger, drawn, name=RELEASED, arms=dict(zip(RELEASE_ARMS, (share, 1 - share), strict=True)),
            hypothesis=HYPOTHESIS, terms=_terms(settings), settings=settings, day=day,
        )  # fmt: skip
        return Released(kept)


def _too_few(n_spared: int, n_drawn: int) -> str:
    """Say why nobody can be released."""
    return (
        f"do-not-disturb is not tested: of {n_spared:,} accounts that it spares {n_drawn:,} would get a "
        "person's time without it and are barred by nothing else, and chance releases none of so few "
        "([holdout] release_share, value_tiers)"
    )


def _terms(settings: Settings) -> dict[str, Any]:
    guards = settings.guards
    names = ("least_signs", "low_seat_utilisation", "low_sponsor_engagement")
    return {
        "against": HELD_OUT, "value_tiers": settings.holdout.value_tiers,
        **{name: getattr(guards, name) for name in names},
    }  # fmt: skip
