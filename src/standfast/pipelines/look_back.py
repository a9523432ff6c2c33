"""What was planned, done and seen before the day of a plan, so that the plan can go on from there."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from standfast.adapters.ledger_alerts import last_look, open_alerts
from standfast.adapters.ledger_plans import last_plan
from standfast.learning.response import LearnedResponse
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.kept_holdout import Arms, standing_arms
from standfast.pipelines.kept_release import Released, standing_release
from standfast.pipelines.learned_response import learned_before
from standfast.pipelines.made_touches import made_touches
from standfast.pipelines.plays_in_test import assigned_plays
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class Past:
    """What a plan goes on from.

    Parameters
    ----------
    last_plan
        The lines of the plan before; None where there is none.
    made
        The touches made before the day; None where that is not known.
    alerts
        The alerts that were open when they were last looked for; None where they never were.
    arms
        The arms of the holdout that hold on the day; None where no holdout is wanted.
    plays_in_test
        Account to the play that a test of plays gave it; None where that is not known.
    learned
        What the holdout has taught of outreach; None where nothing that was drawn has matured.
    released
        The arms of the test of do-not-disturb that hold on the day; None where that is not known.
    """

    last_plan: pd.DataFrame | None = None
    made: pd.DataFrame | None = None
    alerts: pd.DataFrame | None = None
    arms: Arms | None = None
    plays_in_test: pd.Series | None = None
    learned: LearnedResponse | None = None
    released: Released | None = None


NO_PAST = Past()


def look_back(settings: Settings, *, day: date | None) -> Past:
    """Give what is known of the time before a day; nothing where the day is not known.

    Raises
    ------
    InputError
        The book's touches cannot be read.
    StateError
        The ledger cannot be read.
    """
    if day is None:
        return NO_PAST
    with reading_ledger(settings) as ledger:
        kept = Past(
            last_plan=None if ledger is None else last_plan(ledger, before=day),
            alerts=None if ledger is None or last_look(ledger) is None else open_alerts(ledger),
            arms=standing_arms(ledger, settings=settings, day=day),
            plays_in_test=assigned_plays(ledger, day=day),
            released=standing_release(ledger, settings=settings, day=day),
        )
    return replace(kept, made=made_touches(settings, as_of=day), learned=learned_before(settings, day=day))
