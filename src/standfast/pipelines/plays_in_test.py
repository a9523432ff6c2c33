"""The play that a test gave an account goes before all others in the plan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_assignments import running_assignments
from standfast.adapters.ledger_experiments import live_experiments
from standfast.decision.plays import Play
from standfast.schema import ACCOUNT_ID

COLUMN = "play_in_test"


def assigned_plays(ledger: Ledger | None, *, day: date) -> pd.Series:
    """Give account to the play that a live test gave it on a day; a test that was stopped gives none."""
    live = [] if ledger is None else [one.name for one in live_experiments(ledger) if one.kind == "plays"]
    if ledger is None or not live:
        return pd.Series(dtype="str")
    running = running_assignments(ledger, day=day)
    mine = running[running["experiment"].isin(live)].drop_duplicates(ACCOUNT_ID)
    return mine.set_index(ACCOUNT_ID)["arm"].astype("str")


def with_plays_in_test(
    scores: pd.DataFrame, plays: Sequence[Play], assigned: pd.Series | None
) -> tuple[pd.DataFrame, tuple[Play, ...]]:
    """Give scores and plays such that whoever is in a test and is contacted gets the play of its arm."""
    if assigned is None or assigned.empty:
        return scores, tuple(plays)
    named = {play.name: play for play in plays if play.kind == "matrix"}
    first = [
        replace(named[arm], segment="", action="", value_tier="", where=f"{COLUMN} == {arm!r}")
        for arm in sorted(assigned.unique())
        if arm in named
    ]
    arm = scores[ACCOUNT_ID].astype("str").map(assigned)
    return scores.assign(**{COLUMN: arm.astype("str")}), (*first, *plays)
