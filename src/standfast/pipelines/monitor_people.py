"""What the ledger tells of the people: alerts that came true, overrides, plans followed, hours."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from standfast.adapters.ledger_alerts import told_alerts
from standfast.adapters.ledger_overrides import all_overrides
from standfast.adapters.ledger_plans import last_plan
from standfast.decision.alert_record import PastPrecision, past_precision
from standfast.decision.channel_words import PERSONAL_WORDS, name_channels
from standfast.decision.overrides import OVERRIDDEN_PROBABILITIES
from standfast.learning.check import Check
from standfast.learning.done import PERSONAL_COUNTS
from standfast.learning.followed import follow_plan, judge_followed, judge_hours
from standfast.learning.told_better import judge_overrides, score_overrides
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.made_touches import made_touches
from standfast.pipelines.plan import team_capacity
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

_LABEL_OF = {"churn_probability": "churned", "upsell_probability": "expanded"}


def judge_people(labelled: pd.DataFrame, *, settings: Settings, as_of: date) -> tuple[Check, ...]:
    """Give what is to be said of alerts, overrides, the plan and the hours, as far as the ledger knows.

    Parameters
    ----------
    labelled
        Snapshots by month, with labels where they have matured.
    """
    return (
        *_alerts(labelled, settings=settings),
        _overrides(labelled, settings=settings),
        *_plan(settings=settings, as_of=as_of),
    )


def _alerts(labelled: pd.DataFrame, *, settings: Settings) -> tuple[Check, ...]:
    with reading_ledger(settings) as ledger:
        told = None if ledger is None else told_alerts(ledger)
    if told is None or told.empty:
        return (
            Check(
                kind="alerts", about="all", step="nothing", is_judged=False,
                sentence="alerts: none is kept yet; standfast alerts keeps what each look finds",
            ),
        )  # fmt: skip
    dated = _at_month(
        told.assign(opened_on=pd.to_datetime(told["opened_on"])), labelled, "opened_on", settings
    )
    found = past_precision(
        dated.assign(opened_on=dated[OBSERVATION_DATE]).drop(columns=OBSERVATION_DATE),
        labelled, policy=settings.alerts, confidence=settings.evidence.confidence,
    )  # fmt: skip
    known = [one for one in found if one.n_accounts]
    if not known:
        return (
            Check(
                kind="alerts", about="all", step="nothing", is_judged=False,
                sentence=f"alerts: what followed the {len(told)} that are kept is not known yet",
            ),
        )  # fmt: skip
    return tuple(_alert(one, settings) for one in known)


def _alert(one: PastPrecision, settings: Settings) -> Check:
    is_idle = one.high < one.base_rate
    is_few = one.n_accounts < settings.monitor.least_events
    said = (
        ": less often than of all accounts, so raise its threshold or turn it off"
        if is_idle
        else ": more often than of all accounts"
        if one.is_telling
        else ": no more often than of all accounts, within chance"
    )
    return Check(
        kind="alerts", about=one.type, step="watch" if is_idle else "nothing", value=one.rate, low=one.low,
        high=one.high, threshold=one.base_rate, is_judged=not is_few,
        sentence=f"alert {one.type}: {one.n_right} of {one.n_accounts} accounts {one.outcome} afterwards "
        f"({one.rate:.0%}, {one.low:.0%} to {one.high:.0%}; {one.base_rate:.1%} of all){said}",
    )  # fmt: skip


def _overrides(labelled: pd.DataFrame, *, settings: Settings) -> Check:
    with reading_ledger(settings) as ledger:
        told = pd.DataFrame() if ledger is None else all_overrides(ledger)
    if told.empty:
        return Check(
            kind="overrides", about="all", step="nothing", is_judged=False,
            sentence="overrides: nobody has made any",
        )  # fmt: skip
    return judge_overrides(score_overrides(with_outcomes(told, labelled, settings=settings)))


def with_outcomes(overrides: pd.DataFrame, labelled: pd.DataFrame, *, settings: Settings) -> pd.DataFrame:
    """Give overrides with what was said as numbers, and what happened from the month they were made in on."""
    is_number = overrides["field"].isin(OVERRIDDEN_PROBABILITIES)
    dated = overrides.assign(
        made_on=pd.to_datetime(overrides["made_at"]).dt.normalize(),
        said=pd.to_numeric(overrides["value"].where(is_number), errors="coerce"),
        model_said=pd.to_numeric(overrides["model_value"].where(is_number), errors="coerce"),
    )
    placed = _at_month(dated, labelled, "made_on", settings)
    labels = labelled.reindex(columns=[ACCOUNT_ID, OBSERVATION_DATE, *_LABEL_OF.values()])
    labels = labels.assign(**{ACCOUNT_ID: labels[ACCOUNT_ID].astype("str")})
    both = placed.merge(labels, on=[ACCOUNT_ID, OBSERVATION_DATE], how="left")
    happened = np.select(
        [both["field"] == field for field in _LABEL_OF],
        [both[label].astype("Float64").astype(float) for label in _LABEL_OF.values()],
        np.nan,
    )
    return both.assign(happened=happened).drop(columns="made_by", errors="ignore")


def _plan(*, settings: Settings, as_of: date) -> tuple[Check, ...]:
    """Judge the newest plan that is at least a step old, touches due so far against touches made."""
    old_enough = as_of - timedelta(days=settings.snapshots.step_days)
    with reading_ledger(settings) as ledger:
        lines = None if ledger is None else last_plan(ledger, before=old_enough + timedelta(days=1))
    if lines is None or lines.empty:
        return (
            Check(
                kind="plan", about="followed", step="nothing", is_judged=False,
                sentence=f"plan: the ledger holds none from {old_enough} back that could have been followed",
            ),
        )  # fmt: skip
    horizon_days = settings.horizon.horizon_days
    day = lines["as_of"].iloc[0].date()
    until = min(as_of, day + timedelta(days=horizon_days))
    made = made_touches(settings, as_of=until)
    made = made[(made["day"] >= pd.Timestamp(day))]
    channel = name_channels(made["channel"])
    made = made[channel.isin(set(PERSONAL_WORDS.values())).to_numpy()].assign(channel=channel, made=1)
    elapsed = (until - day).days / horizon_days
    # Automated touches are recorded by nobody.
    planned = lines.assign(planned=lines[list(PERSONAL_COUNTS)].sum(axis=1))
    told = follow_plan(planned, made, plan_day=str(day), share_elapsed=elapsed)
    hours = _hours(made, settings)
    n_silent = int((~told.by_owner["is_recorded"] & (told.by_owner["planned"] > 0)).sum())
    capacity = team_capacity(settings)
    there_were = max(capacity.hours, capacity.owned_hours) * elapsed
    checks = [judge_followed(told, policy=settings.monitor)]
    if told.by_owner["is_recorded"].any():
        checks.append(judge_hours(hours, there_were, n_silent=n_silent, plan_day=str(day)))
    return tuple(checks)


def _hours(made: pd.DataFrame, settings: Settings) -> float:
    """Give the hours that the touches took by the minutes of their channels."""
    minutes = {name: getattr(settings.channels, name).minutes for name in set(PERSONAL_WORDS.values())}
    return float(made["channel"].map(minutes).sum()) / 60


def _at_month(records: pd.DataFrame, labelled: pd.DataFrame, day: str, settings: Settings) -> pd.DataFrame:
    """Give records with the date on which their account was last looked at, a step back at most."""
    seen = labelled[[ACCOUNT_ID, OBSERVATION_DATE]].assign(**{ACCOUNT_ID: labelled[ACCOUNT_ID].astype("str")})
    seen = seen.astype({OBSERVATION_DATE: "datetime64[us]"}).sort_values(OBSERVATION_DATE, kind="stable")
    dated = records.assign(**{ACCOUNT_ID: records[ACCOUNT_ID].astype("str")}).astype({day: "datetime64[us]"})
    return pd.merge_asof(
        dated.sort_values(day, kind="stable"), seen, left_on=day, right_on=OBSERVATION_DATE, by=ACCOUNT_ID,
        tolerance=pd.Timedelta(days=settings.snapshots.step_days),
    )  # fmt: skip
