"""The figures of a replay as plain values, and its lists as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.hindsight import contributions, list_of
from standfast.decision.replay import RuleReplay, accounts_of, replay
from standfast.decision.rules import PLAN, RULES
from standfast.pipelines.observe import book_fingerprint
from standfast.pipelines.past_list import ReplayedDate
from standfast.propensity.bootstrap import account_weights
from standfast.propensity.evaluation import without_nan
from standfast.settings import Settings

SCHEMA = 1


def summarise_replay(
    replayed: Sequence[ReplayedDate],
    skipped: Mapping[str, str],
    *,
    as_of: date | None,
    settings: Settings,
) -> dict[str, Any]:
    """Give what the terminal, the report and MLflow tell, as plain values: JSON gives it back unchanged."""
    policy, pasts = settings.backtest, [one.past for one in replayed]
    shortest = min(len(past.left) for past in pasts)
    rules = replay(
        pasts,
        account_weights(np.arange(len(accounts_of(pasts))), draws=policy.n_draws, seed=settings.model.seed),
        response=settings.response,
        first_calls=[n for n in policy.first_calls if n < shortest],
        level=policy.level,
    )
    told: dict[str, Any] = without_nan(
        {
            "schema": SCHEMA,
            "book": settings.book_name,
            "fingerprint": book_fingerprint(settings),
            "as_of": str(as_of),
            "horizon_days": settings.horizon.horizon_days,
            "lead_days": settings.horizon.lead_days,
            "currency": settings.units.currency,
            "save_rate": settings.response.save_rate,
            "level": policy.level,
            "n_accounts": len(accounts_of(pasts)),
            "n_listed": sum(len(past.left) for past in pasts),
            "n_left": int(sum(past.left.sum() for past in pasts)),
            "left_revenue": sum(float(past.left @ past.revenue) for past in pasts),
            "hours": sum(past.hours for past in pasts),
            "dates": [_date(one, settings=settings) for one in replayed],
            "skipped": [{"date": day, "why": why} for day, why in skipped.items()],
            "rules": [_rule(rule) for rule in rules],
        }
    )
    return told


def _rule(rule: RuleReplay) -> dict[str, Any]:
    ends = {
        name: {figure: list(one) for figure, one in getattr(rule, name).items()}
        for name in ("figures", "ahead")
    }
    return {**asdict(rule), **ends, "words": RULES[rule.rule]}


def _date(one: ReplayedDate, *, settings: Settings) -> dict[str, Any]:
    """Give one date: who was there, what happened, how right the models were, what each rule reached."""
    past = one.past
    added = {
        work.rule: contributions(past, work, response=settings.response, first_calls=()).sum()
        for work in past.lists
    }
    return {
        "date": past.date,
        "n_accounts": len(past.left),
        "n_left": int(past.left.sum()),
        "left_revenue": float(past.left @ past.revenue),
        "hours": past.hours,
        "n_learned_from": one.n_learned_from,
        "learned_until": one.learned_until,
        "models": one.models,
        "rules": {
            rule: {
                name: float(sums[name]) for name in ("left_reached", "revenue_reached", "conservative_value")
            }
            for rule, sums in added.items()
        },
    }


def lists_of(replayed: Sequence[ReplayedDate]) -> pd.DataFrame:
    """Give each account's place in every list of every date, and what became of it."""
    frames = []
    for one in replayed:
        past = one.past
        frame = one.scores[
            [
                "account_id",
                "observation_date",
                "annual_revenue",
                "churn_probability",
                "upsell_probability",
                "cell",
            ]
        ].assign(plan_hours=list_of(past, PLAN).touches.hours)
        ranks = {f"place_{work.rule}": work.place for work in past.lists}
        frames.append(frame.assign(**ranks, churned=past.left, expanded=past.grew))
    return pd.concat(frames, ignore_index=True)
