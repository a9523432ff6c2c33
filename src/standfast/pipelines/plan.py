"""Plan outreach: place the scored accounts in the matrix, then spend the hours where they are worth most."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from standfast.adapters.formula_safety import undefuse
from standfast.adapters.tables import read_flat_table
from standfast.decision.cadence_plan import cadence_worth, plan_cadence
from standfast.decision.calendar_book import DATES
from standfast.decision.change_sizes import ChangeSizes
from standfast.decision.forecast import forecast_book
from standfast.decision.keeping import kept_of
from standfast.decision.outreach import Capacity, Plan, check_plan_input, plan_outreach
from standfast.decision.owner_limits import OwnerLimits, channels_of, refuse_strangers
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.recent_contact import with_last_touch, with_risk_alerts
from standfast.decision.reward_hours import add_rewards
from standfast.decision.reward_plays import assign_reward_plays
from standfast.decision.spend_tiers import assign_spend_tiers, concentration
from standfast.errors import InputError
from standfast.pipelines.holdout import hold_out
from standfast.pipelines.kept_holdout import Drawing
from standfast.pipelines.kept_plans import day_of_plan
from standfast.pipelines.known_plays import known_plays
from standfast.pipelines.learned_response import plan_by_learned, tell_response
from standfast.pipelines.look_back import NO_PAST, Past
from standfast.pipelines.place import place_if_needed
from standfast.pipelines.plays_in_test import with_plays_in_test
from standfast.pipelines.poor_fit import flag_poor_fit
from standfast.pipelines.release import release, tell_release
from standfast.pipelines.sources import read_frame
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE, TABLES
from standfast.settings import Settings

PlanBy = Literal["value", "cadence"]
MONEY_AND_ODDS = (
    "churn_probability", "churn_low", "churn_high", "contraction_probability", "upsell_probability",
    "annual_revenue", "upsell_value", "revenue_at_risk", "expected_upsell", "reward", "priority",
    "gross_margin", "acquisition_cost", "seat_utilisation", "sponsor_engagement", "open_critical",
)  # fmt: skip


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
    for column in [name for name in (OBSERVATION_DATE, *DATES) if name in scores]:
        scores[column] = pd.to_datetime(scores[column], errors="coerce")
    return scores


def plan(
    scores: pd.DataFrame,
    *,
    settings: Settings,
    hours: float | None = None,
    as_of: date | None = None,
    n_events: Mapping[str, int] | None = None,
    contractions: ChangeSizes | None = None,
    past: Past = NO_PAST,
    by: PlanBy = "value",
    drawing: Drawing | None = None,
) -> Plan:
    """Give the plan for scored accounts, and the book's forecast with it and without it.

    What the scores lack is worked out from them.

    Parameters
    ----------
    n_events
        How many accounts each model learned from, where that is known.
    contractions
        What contractions took in this book, where that is known.
    past
        What was planned, done and seen before; what stays as it was planned is told in the notes.
    by
        value: each account gets the touches that are worth most, and the summary says what a cadence would
        be worth; cadence: each gets those of its cell (C2).
    drawing
        What begins a cycle of the holdout where none runs; None for a plan that the ledger does not keep.

    Raises
    ------
    InputError
        A needed column is missing, or a value is impossible (a probability outside 0..1, negative money).
    """
    if hours is not None and not (np.isfinite(hours) and hours >= 0):
        raise InputError(f"--hours {hours} is impossible; give the team's hours for the horizon, 0 or more")
    check_plan_input(scores)
    placed = place_if_needed(scores, settings=settings)
    placed = _with_past(flag_poor_fit(placed, settings=settings), past, settings=settings)
    usual = settings
    placed, settings = plan_by_learned(placed, past.learned, settings=settings)
    placed, policy = _with_policy(placed, past, hours=hours, settings=settings)
    placed, released = release(placed, past, policy=policy, as_of=as_of, drawing=drawing)
    held = hold_out(placed, past, policy=policy, as_of=as_of, by=by, drawing=drawing)
    placed = held.scores
    planned = _solved(placed, past, policy=policy, as_of=as_of, by=by)
    planned = held.tell(
        planned,
        currency=settings.units.currency,
        wanted=settings.experiments,
        most_cost=settings.holdout.most_cost,
    )
    planned = tell_release(planned, released)
    usual_policy = replace(policy, response=usual.response, guards=usual.guards)
    planned = tell_response(planned, placed, past, policy=policy, usual_policy=usual_policy, as_of=as_of)
    planned = _with_rewards(planned, placed, past, day=day_of_plan(placed, as_of=as_of), settings=settings)
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
    notes = (
        *planned.summary.notes,
        *_concentration(placed, settings=settings),
        *_kept_notes(planned.lines, past.last_plan),
    )
    return replace(planned, summary=replace(planned.summary, forecast=forecast, notes=notes))


def _with_policy(
    placed: pd.DataFrame, past: Past, *, hours: float | None, settings: Settings
) -> tuple[pd.DataFrame, PlanPolicy]:
    """Give the scores with the plays they are tested with, and what the plan is made by."""
    policy = plan_policy(settings, team_capacity(settings, hours=hours))
    placed, plays = with_plays_in_test(placed, known_plays(settings, placed), past.plays_in_test)
    return placed, replace(policy, plays=plays)


def _solved(placed: pd.DataFrame, past: Past, *, policy: PlanPolicy, as_of: date | None, by: PlanBy) -> Plan:
    """Give the plan by value or by cadence, and what a cadence in the same hours is worth."""
    if by == "value":
        planned = plan_outreach(placed, policy=policy, as_of=as_of, last_plan=past.last_plan, made=past.made)
        worth = cadence_worth(placed, policy=policy, as_of=as_of)
    else:
        planned = plan_cadence(placed, policy=policy, as_of=as_of)
        worth = planned.summary.expected_value, planned.summary.conservative_value
    summary = replace(planned.summary, cadence_value=worth[0], cadence_conservative_value=worth[1])
    return replace(planned, summary=summary)


def plan_policy(settings: Settings, capacity: Capacity) -> PlanPolicy:
    """Give what a plan of these hours is made by under the settings."""
    return PlanPolicy(
        capacity=capacity,
        economics=settings.economics,
        response=settings.response,
        channels=settings.channels,
        guards=settings.guards,
        calendar=settings.calendar,
        horizon_days=settings.horizon.horizon_days,
        matrix=settings.built_matrix,
        plays=settings.play_book,
    )


def _with_past(placed: pd.DataFrame, past: Past, *, settings: Settings) -> pd.DataFrame:
    """Give the scores with the last touch by a person and the newest risk alert, as far as they are known."""
    if past.made is not None:
        placed = with_last_touch(placed, past.made, human_channels=settings.calendar.human_channels)
    return placed if past.alerts is None else with_risk_alerts(placed, past.alerts)


def _with_rewards(
    planned: Plan, placed: pd.DataFrame, past: Past, *, day: date | None, settings: Settings
) -> Plan:
    """Add the thanks to the best accounts (C8), as far as hours are left."""
    if day is None:
        return planned
    made = past.made if past.made is not None else pd.DataFrame(columns=[ACCOUNT_ID, "day", "play"])
    rewards = assign_reward_plays(
        placed, made, policy=settings.rewards, as_of=pd.Timestamp(day), plays=settings.play_book,
        matrix=settings.built_matrix,
    )  # fmt: skip
    return add_rewards(planned, rewards)


def _concentration(scores: pd.DataFrame, *, settings: Settings) -> tuple[str, ...]:
    """Give the warning where few accounts carry the revenue (T5); nothing where tiers cannot be told."""
    try:
        tiered = assign_spend_tiers(scores, policy=settings.spend_tiers, tiers=settings.tiers)
    except InputError:
        return ()
    found = concentration(tiered, policy=settings.spend_tiers)
    return found.sentences if found.is_flagged else ()


def team_capacity(settings: Settings, *, hours: float | None = None) -> Capacity:
    """Give the hours to spend: of each owner where they are known, else one pool.

    ``hours`` replaces the sum; owners then share it in proportion to their own hours.
    """
    team = _team(settings)
    capacity = replace(settings.capacity, limits=_limits(settings, team))
    owners = dict(capacity.owners) if capacity.owners else _team_hours(settings, team)
    if not owners:
        return capacity if hours is None else replace(capacity, hours=hours)
    total = sum(owners.values())
    if hours is not None:
        share = hours / total if total else 0.0
        return replace(capacity, hours=hours, owners={name: own * share for name, own in owners.items()})
    pool_is_told = "hours" in settings.given.get("capacity", {})
    return replace(capacity, hours=capacity.hours if pool_is_told else total, owners=owners)


def _team(settings: Settings) -> pd.DataFrame | None:
    """Give the book's team table in canonical words, where it has one."""
    if "team" not in settings.book.tables:
        return None
    team = read_frame(settings, "team").rename(
        columns={column: name for name, column in settings.columns.of("team").items()}
    )
    missing = [name for name in TABLES["team"].needed if name not in team]
    if missing:
        raise InputError(f"{settings.book.team} lacks columns {missing}; map them under [columns.team]")
    return team


def _team_hours(settings: Settings, team: pd.DataFrame | None) -> dict[str, float]:
    """Give owners' hours from the team table, unless the settings say how many hours there are."""
    if team is None or "hours" not in team or "hours" in settings.given.get("capacity", {}):
        return {}
    return dict(zip(team["owner"].astype(str), _numbers(team["hours"], source="team"), strict=True))


def _kept_notes(lines: pd.DataFrame, last_plan: pd.DataFrame | None) -> list[str]:
    if last_plan is None or not (lines["hours"] > 0).any():
        return []
    return [kept_of(lines, last_plan).in_words(last_plan["as_of"].iloc[0].date())]


def _limits(settings: Settings, team: pd.DataFrame | None) -> Mapping[str, OwnerLimits] | None:
    """Give what each owner does and how much: the settings', and channels that the team's skills name."""
    told = dict(settings.capacity.limits or {})
    names = [] if team is None else team["owner"].astype(str).tolist()
    if known := {*names, *(settings.capacity.owners or {})}:
        refuse_strangers(told, known)
    if team is not None and "skills" in team:
        skills = team["skills"].fillna("").astype(str).str.split("[;,|]", regex=True)
        for owner, listed in zip(names, skills, strict=True):
            if (channels := channels_of(listed)) and not told.get(owner, OwnerLimits()).channels:
                told[owner] = replace(told.get(owner, OwnerLimits()), channels=channels)
    return told or None


def _numbers(values: pd.Series, *, source: str) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    bad = values[numbers.isna() & values.notna() & (values.astype(str).str.strip() != "")]
    if len(bad):
        raise InputError(
            f"{source}: column {values.name!r} holds {len(bad)} values that are no number, "
            f"for instance {bad.iloc[0]!r}; correct them"
        )
    return numbers
