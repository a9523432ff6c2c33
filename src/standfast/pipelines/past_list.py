"""The lists of one past date: models of what was known then, the accounts active then, plan and rules."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta

from standfast.decision.capacity import Capacity
from standfast.decision.columns import Floats
from standfast.decision.hindsight import PastDate
from standfast.decision.outreach import check_plan_input, solve_outreach
from standfast.decision.rules import plan_list, rule_lists
from standfast.errors import InputError
from standfast.pipelines.expansions import upsell_shares_of
from standfast.pipelines.gate_evidence import RECENCY, first_known
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.place import Yardsticks, learn_yardsticks, place_scores
from standfast.pipelines.plan import plan_policy
from standfast.pipelines.scoring import PROBABILITY_OF, Scorer, score_rows
from standfast.pipelines.target_rows import target_rows
from standfast.pipelines.train import Learnable, prepare_learning
from standfast.propensity.metrics import figures, sort_rows
from standfast.propensity.model import Propensity, fit_propensity
from standfast.schema import ACCOUNT_ID, LABELS, OBSERVATION_DATE, TARGETS
from standfast.settings import Settings

TODAYS_STATE = ("owner", "name")
"""Columns that travel to the plan as they are today; at a past date nobody had seen them yet."""


@dataclass(frozen=True, eq=False)
class ReplayedDate:
    """One past date: its lists with what then happened, and how good its models turned out to be.

    ``models`` gives by model: rung, n, events, event_rate and the ends of its interval, mean_probability,
    ece, auc, log_loss, base_log_loss.
    """

    past: PastDate
    n_learned_from: int
    learned_until: str
    models: Mapping[str, Mapping[str, Any]]
    scores: pd.DataFrame


def known_by(snapshots: pd.DataFrame, date: pd.Timestamp, *, maturity_days: int) -> pd.DataFrame:
    """Give the snapshots whose labels had matured by a date: what one could learn from then."""
    return snapshots[snapshots[OBSERVATION_DATE] + timedelta(days=maturity_days) <= date]


def replay_date(
    observed: ObservedBook,
    date: pd.Timestamp,
    *,
    set_aside: Sequence[str],
    capacity: Capacity,
    settings: Settings,
) -> ReplayedDate:
    """Give the lists of a past date as they would have been made on it, and what happened afterwards.

    Labels of the date itself serve to judge the lists, never to make them.

    Raises
    ------
    InputError
        Too little had matured by then to learn from, or no revenue was known.
    """
    snapshots = observed.snapshots
    known = known_by(snapshots, date, maturity_days=settings.label_policy.maturity_days)
    here = snapshots[snapshots[OBSERVATION_DATE] == date].sort_values(ACCOUNT_ID, ignore_index=True)
    scorer = _learn(replace(observed, snapshots=known), set_aside=set_aside, settings=settings)
    unlabelled = here.drop(columns=[name for name in (*LABELS, *TODAYS_STATE) if name in here])
    scores = _placed(unlabelled, scorer=scorer)
    rows = here.loc[scores.index]
    check_plan_input(scores)
    tally = solve_outreach(scores, policy=plan_policy(settings, capacity))
    hours = float(tally.minutes.sum()) / 60
    lists = rule_lists(
        scores,
        silent_days=_silent_days(rows),
        hours=hours,
        tiers=settings.tiers,
        channels=settings.channels,
        hourly_cost=capacity.hourly_cost,
        horizon_days=settings.horizon.horizon_days,
        matrix=settings.built_matrix,
    )
    rate = {target: one.base_rate for target, one in scorer.propensities.items()}
    past = PastDate(
        date=str(date.date()),
        account_id=scores[ACCOUNT_ID],
        left=_happened(rows, "churned"),
        grew=_happened(rows, "expanded"),
        revenue=np.nan_to_num(scores["annual_revenue"].to_numpy(dtype=np.float64)),
        kept=tally.offers.kept,
        added=tally.offers.added,
        churn_rate=rate["churned"],
        growth_rate=rate.get("expanded", 0.0),
        hours=hours,
        lists=(plan_list(scores, tally), *lists),
    )
    return ReplayedDate(
        past, len(known), str(known[OBSERVATION_DATE].max().date()), _judge(scores, rows, scorer), scores
    )


def _learn(observed: ObservedBook, *, set_aside: Sequence[str], settings: Settings) -> Scorer:
    """Give the models of a book's snapshots, without tiers of accounts: the date itself tells those.

    Raises
    ------
    InputError
        Nothing had matured, or nobody, or everybody, had left.
    """
    if observed.snapshots.empty:
        raise InputError("no label had matured by then")
    learnable = prepare_learning(observed, settings=settings, set_aside=set_aside)
    propensities = {"churned": _fit(learnable, "churned", settings=settings)}
    with suppress(InputError):  # without it growth counts as zero, as it does in any plan
        propensities["expanded"] = _fit(learnable, "expanded", settings=settings)
    return Scorer(
        version="replay",
        encoding=learnable.encoding,
        propensities=propensities,
        yardsticks=Yardsticks(
            propensities["churned"].base_rate, None, upsell_shares_of(observed, settings=settings)
        ),
        settings=settings,
        fingerprint="",
        is_flat=False,
    )


def _fit(learnable: Learnable, target: str, *, settings: Settings) -> Propensity:
    rows = target_rows(learnable.snapshots, learnable.matrix, target)
    alone = replace(settings.recipe, n_jobs=1, n_threads=1)  # dates run beside each other
    return fit_propensity(
        rows.matrix,
        rows.label,
        rows.groups,
        encoding=learnable.encoding,
        recipe=alone,
        signs=alone.points.get(rows.target),
    )


def _placed(rows: pd.DataFrame, *, scorer: Scorer) -> pd.DataFrame:
    """Give the scores of a date, placed by the tiers of the accounts active on it."""
    economics, tiers = scorer.settings.economics, scorer.settings.tiers
    scores = score_rows(rows, scorer=scorer, n_threads=1).scores
    yardsticks = learn_yardsticks(
        scores, base_rate=scorer.yardsticks.base_rate, economics=economics, tiers=tiers
    )
    matrix = scorer.settings.built_matrix
    return place_scores(scores, yardsticks=yardsticks, economics=economics, tiers=tiers, matrix=matrix)


def _silent_days(rows: pd.DataFrame) -> Floats | None:
    told = first_known(rows, RECENCY)
    return rows[told].to_numpy(dtype=np.float64, na_value=np.nan) if told else None


def _happened(rows: pd.DataFrame, label: str) -> np.ndarray:
    if label not in rows:
        return np.zeros(len(rows), dtype=bool)
    return rows[label].fillna(value=False).to_numpy(dtype=bool)


def _judge(scores: pd.DataFrame, rows: pd.DataFrame, scorer: Scorer) -> dict[str, dict[str, Any]]:
    """Give how each model's probabilities of the date compare with what happened."""
    judged = {}
    for target, propensity in scorer.propensities.items():
        known = rows[target].notna().to_numpy(dtype=bool)
        if not known.any():
            continue
        happened = rows.loc[known, target].to_numpy(dtype=np.float64)
        said = scores.loc[known, PROBABILITY_OF[target]].to_numpy(dtype=np.float64)
        found = figures(sort_rows(happened, said, np.arange(len(said))), np.ones(len(said)))
        n_yes = float(happened.sum())
        low, high = (beta.ppf(end, 0.5 + n_yes, 0.5 + len(said) - n_yes) for end in (0.05, 0.95))  # Jeffreys
        judged[TARGETS[target]] = {
            "rung": propensity.rung,
            "n": len(said),
            "events": int(n_yes),
            "event_rate": float(happened.mean()),
            "event_rate_low": float(low),
            "event_rate_high": float(high),
            "mean_probability": float(said.mean()),
            **{name: found[name] for name in ("ece", "auc", "log_loss", "base_log_loss")},
        }
    return judged
