"""Plan outreach: place the scored accounts in the matrix, then spend the hours where they are worth most."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from standfast.adapters.formula_safety import undefuse
from standfast.adapters.tables import read_flat_table
from standfast.decision.change_sizes import ChangeSizes
from standfast.decision.forecast import forecast_book
from standfast.decision.keeping import kept_of
from standfast.decision.outreach import Capacity, Plan, check_plan_input, plan_outreach
from standfast.decision.tiers import mean_churn
from standfast.errors import InputError
from standfast.pipelines.place import learn_yardsticks, place_scores
from standfast.pipelines.sources import read_frame
from standfast.schema import OBSERVATION_DATE, TABLES
from standfast.settings import Settings

MONEY_AND_ODDS = (
    "churn_probability", "churn_low", "churn_high", "contraction_probability", "upsell_probability",
    "annual_revenue", "upsell_value", "revenue_at_risk", "expected_upsell", "reward", "priority",
    "gross_margin", "acquisition_cost", "seat_utilisation", "sponsor_engagement", "open_critical",
)  # fmt: skip
PLACED = ("reward", "risk_tier", "value_tier", "cell", "segment", "priority")


def read_scores(path: Path) -> pd.DataFrame:
    """Give a scores file, ours or a stranger's, with its numbers as numbers and ids as they were.

    Raises
    ------
    InputError
        The file cannot be read, or a number column holds something else.
    """
    scores = read_flat_table(path)
    if path.suffix.lower() != ".parquet":
        scores = undefuse(scores)
    for column in [name for name in MONEY_AND_ODDS if name in scores]:
        scores[column] = _numbers(scores[column], source=path.name)
    if OBSERVATION_DATE in scores:
        scores[OBSERVATION_DATE] = pd.to_datetime(scores[OBSERVATION_DATE], errors="coerce")
    return scores


def plan(
    scores: pd.DataFrame,
    *,
    settings: Settings,
    hours: float | None = None,
    as_of: date | None = None,
    n_events: Mapping[str, int] | None = None,
    contractions: ChangeSizes | None = None,
    last_plan: pd.DataFrame | None = None,
) -> Plan:
    """Give the plan for scored accounts, and the book's forecast with it and without it.

    What the scores lack is worked out from them.

    Parameters
    ----------
    n_events
        How many accounts each model learned from, where that is known.
    contractions
        What contractions took in this book, where that is known.
    last_plan
        The plan before this one, as the ledger gives it; what stays as it was is told in the notes.

    Raises
    ------
    InputError
        A needed column is missing, or a value is impossible (a probability outside 0..1, negative money).
    """
    if hours is not None and not (np.isfinite(hours) and hours >= 0):
        raise InputError(f"--hours {hours} is impossible; give the team's hours for the horizon, 0 or more")
    check_plan_input(scores)
    placed = scores if set(PLACED) <= set(scores.columns) else place_strangers(scores, settings=settings)
    planned = plan_outreach(
        placed,
        capacity=team_capacity(settings, hours=hours),
        economics=settings.economics,
        response=settings.response,
        channels=settings.channels,
        guards=settings.guards,
        horizon_days=settings.horizon.horizon_days,
        as_of=as_of,
        last_plan=last_plan,
    )
    forecast = forecast_book(
        placed,
        planned.lines,
        economics=settings.economics,
        response=settings.response,
        horizon_days=settings.horizon.horizon_days,
        policy=settings.forecast,
        n_events=n_events,
        contractions=contractions,
    )
    notes = (*planned.summary.notes, *_kept_notes(planned.lines, last_plan))
    return replace(planned, summary=replace(planned.summary, forecast=forecast, notes=notes))


def plan_if_possible(
    scores: pd.DataFrame,
    *,
    settings: Settings,
    hours: float | None = None,
    as_of: date | None = None,
    n_events: Mapping[str, int] | None = None,
    contractions: ChangeSizes | None = None,
    last_plan: pd.DataFrame | None = None,
) -> tuple[Plan | None, list[str]]:
    """Give the plan, or the reason why there can be none (a book without revenue)."""
    if scores["annual_revenue"].notna().any():
        made = plan(
            scores,
            settings=settings,
            hours=hours,
            as_of=as_of,
            n_events=n_events,
            contractions=contractions,
            last_plan=last_plan,
        )
        return made, []
    return None, ["no plan: no account has a known annual_revenue; map it under [columns] to get one"]


def place_strangers(scores: pd.DataFrame, *, settings: Settings) -> pd.DataFrame:
    """Place scores that come without tiers, by the base rate and the cut-offs of the file itself."""
    known = scores["churn_probability"].notna().any()
    yardsticks = learn_yardsticks(
        scores,
        base_rate=mean_churn(scores) if known else None,
        economics=settings.economics,
        tiers=settings.tiers,
    )
    return place_scores(scores, yardsticks=yardsticks, economics=settings.economics, tiers=settings.tiers)


def team_capacity(settings: Settings, *, hours: float | None = None) -> Capacity:
    """Give the hours to spend: of each owner where they are known, else one pool.

    ``hours`` replaces the sum; owners then share it in proportion to their own hours.
    """
    capacity = settings.capacity
    owners = dict(capacity.owners) if capacity.owners else _team_hours(settings)
    if not owners:
        return capacity if hours is None else replace(capacity, hours=hours)
    total = sum(owners.values())
    if hours is not None:
        share = hours / total if total else 0.0
        return replace(capacity, hours=hours, owners={name: own * share for name, own in owners.items()})
    pool_is_told = "hours" in settings.given.get("capacity", {})
    return replace(capacity, hours=capacity.hours if pool_is_told else total, owners=owners)


def _team_hours(settings: Settings) -> dict[str, float]:
    """Give owners' hours from the book's team table, unless the settings say how many hours there are."""
    if "hours" in settings.given.get("capacity", {}) or "team" not in settings.book.tables:
        return {}
    team = read_frame(settings, "team").rename(
        columns={column: name for name, column in settings.columns.of("team").items()}
    )
    missing = [name for name in TABLES["team"].needed if name not in team]
    if missing:
        raise InputError(f"{settings.book.team} lacks columns {missing}; map them under [columns.team]")
    if "hours" not in team:
        return {}
    return dict(zip(team["owner"].astype(str), _numbers(team["hours"], source="team"), strict=True))


def _kept_notes(lines: pd.DataFrame, last_plan: pd.DataFrame | None) -> list[str]:
    if last_plan is None or not (lines["hours"] > 0).any():
        return []
    return [kept_of(lines, last_plan).in_words(last_plan["as_of"].iloc[0].date())]


def _numbers(values: pd.Series, *, source: str) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    bad = values[numbers.isna() & values.notna() & (values.astype(str).str.strip() != "")]
    if len(bad):
        raise InputError(
            f"{source}: column {values.name!r} holds {len(bad)} values that are no number, "
            f"for instance {bad.iloc[0]!r}; correct them"
        )
    return numbers
