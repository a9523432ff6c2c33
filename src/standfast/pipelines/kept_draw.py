"""What plans draw by themselves, in the ledger: the experiment it belongs to, and its cycles."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_assignments import open_cycle
from standfast.adapters.ledger_experiments import OF_PLANS, Experiment, all_experiments, start_experiment
from standfast.pipelines.known_at_draw import known_at_draw
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


def own_experiment(ledger: Ledger, name: str) -> Experiment | None:
    """Give the plan's own experiment of a name, live or stopped; None before its first cycle."""
    return next((one for one in all_experiments(ledger) if one.name == name), None)


def keep_draw(
    ledger: Ledger,
    drawn: pd.DataFrame,
    *,
    name: str,
    arms: Mapping[str, float],
    hypothesis: str,
    terms: Mapping[str, Any],
    settings: Settings,
    day: date,
) -> pd.DataFrame:
    """Keep a draw, and the experiment it belongs to where this is its first cycle; give what is kept."""
    rows = drawn.assign(**{ACCOUNT_ID: drawn[ACCOUNT_ID].astype("str")}, known=known_at_draw(drawn, settings))
    with ledger.together() as work:
        if own_experiment(work, name) is None:
            start_experiment(
                work, name, kind=OF_PLANS[name], arms=arms, outcome="churned", started_on=day,
                hypothesis=hypothesis, seed=settings.holdout.seed, terms=terms,
            )  # fmt: skip
        return open_cycle(work, name, rows, day=day, horizon_days=settings.horizon.horizon_days)


def nobody_drawn() -> pd.DataFrame:
    """Give assignments of nobody."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("cycle", ACCOUNT_ID, "arm")})
