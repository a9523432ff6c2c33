"""The plan before this one, and this one kept for the next: what the ledger does for a plan."""

from dataclasses import asdict, replace
from datetime import date

import pandas as pd

from standfast.adapters.ledger_plans import keep_plan, last_plan
from standfast.decision.outreach import Plan
from standfast.pipelines.book_ledger import book_ledger, reading_ledger
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

NOT_KEPT = (
    "this plan has no date, so the ledger does not keep it and the next one starts afresh; give --as-of, or "
    "scores with an observation_date"
)


def plan_before(settings: Settings, *, day: date | None) -> pd.DataFrame | None:
    """Give the plan that one of a day follows; None where there is none, or the day is not known."""
    if day is None:
        return None
    with reading_ledger(settings) as ledger:
        return None if ledger is None else last_plan(ledger, before=day)


def day_of_plan(scores: pd.DataFrame, *, as_of: date | None) -> date | None:
    """Give the day a plan starts: the one told, else the newest observation date of the scores."""
    if as_of is not None or OBSERVATION_DATE not in scores:
        return as_of
    newest = pd.to_datetime(scores[OBSERVATION_DATE], errors="coerce").max()
    return None if pd.isna(newest) else newest.date()


def keep_made_plan(
    planned: Plan, scores: pd.DataFrame, *, settings: Settings, day: date | None, model_version: str | None
) -> Plan:
    """Keep a plan in the ledger, and give it; where it has no date it is not kept, and a note says so."""
    summary = planned.summary
    if day is None:
        return replace(planned, summary=replace(summary, notes=(*summary.notes, NOT_KEPT)))
    lines = planned.lines.assign(churn_probability=scores["churn_probability"].to_numpy())
    lines[ACCOUNT_ID] = lines[ACCOUNT_ID].astype("str")
    with book_ledger(settings) as ledger:
        keep_plan(
            ledger,
            lines,
            as_of=day,
            horizon_days=summary.horizon_days,
            model_version=model_version,
            summary=asdict(summary),
        )
    return planned


def version_of(scores: pd.DataFrame) -> str | None:
    """Give the version of the model that made the scores, where they tell it."""
    told = scores["model_version"].dropna() if "model_version" in scores else pd.Series(dtype="str")
    return None if told.empty else str(told.iloc[0])
