"""By which response a plan was made, and how much that moved against the default one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.bundles import BUNDLES
from standfast.decision.keeping import NOTHING_KEPT, last_bundles
from standfast.decision.offering import offer_bundles
from standfast.decision.offers import bundle_cost, bundle_gains
from standfast.decision.plan_policy import PlanPolicy


@dataclass(frozen=True, kw_only=True)
class ResponseUsed:
    """The response of a plan.

    Parameters
    ----------
    stage
        "default", or how much was learned: "pooled effect", "modifiers", "channel weights".
    value_gained
        What the plan is worth beyond that of the default response, both by what was learned.
    hours_moved
        Share of the plan's hours that go where the default response would not send them.
    hours_freed
        Hours that the default response would have planned and this one does not.
    learned
        All that was learned, as plain values; the ledger keeps it with the plan.
    """

    stage: str
    value_gained: float = 0.0
    hours_moved: float = 0.0
    hours_freed: float = 0.0
    learned: Mapping[str, Any] = field(default_factory=dict)


def compare_responses(
    scores: pd.DataFrame, lines: pd.DataFrame, usual: pd.DataFrame, *, stage: str, policy: PlanPolicy
) -> ResponseUsed:
    """Return how the lines of a plan differ from those of the default response.

    Parameters
    ----------
    scores
        Those of the plan, with the effects that it was made by.
    usual
        The lines that the default response would have planned for the same accounts, in the same order.
    """
    gained = float(lines["expected_value"].sum()) - _worth(scores, usual, policy=policy)
    ours, theirs = lines["hours"].to_numpy(), usual["hours"].to_numpy()
    total = float(ours.sum())
    return ResponseUsed(
        stage=stage,
        value_gained=gained,
        hours_moved=float(np.maximum(ours - theirs, 0.0).sum()) / total if total > 0 else 0.0,
        hours_freed=max(0.0, float(theirs.sum()) - total),
    )


def _worth(scores: pd.DataFrame, lines: pd.DataFrame, *, policy: PlanPolicy) -> float:
    """Return what the touches of lines are worth by the effects of the scores."""
    offers = offer_bundles(scores, policy=policy, bundles=BUNDLES).offers
    places = last_bundles(scores["account_id"], lines, bundles=BUNDLES)
    places = np.where(places == NOTHING_KEPT, 0, places)
    earned = bundle_gains(offers, places)
    return float((earned.save + earned.expand - bundle_cost(offers, places)).sum())
