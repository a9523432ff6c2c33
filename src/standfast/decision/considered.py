"""The bundles one account could get, each with its worth, beside the cut-off that decides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.bundles import BUNDLES, Bundle
from standfast.decision.columns import Floats, Ints, texts
from standfast.decision.hull import build_hull
from standfast.decision.offer_limits import ALLOWED, LIMITS
from standfast.decision.offering import offer_bundles
from standfast.decision.offers import Offers, all_values
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.words import touch_words
from standfast.errors import InputError

_THE_ONE = np.zeros(1, dtype=np.int64)


def bundles_considered(
    scores: pd.DataFrame,
    *,
    account_id: str,
    cut_off: float,
    policy: PlanPolicy,
    as_of: Any = None,
    last_plan: pd.DataFrame | None = None,
    made: pd.DataFrame | None = None,
    n_fixed: Ints | None = None,
    bundles: Sequence[Bundle] = BUNDLES,
) -> pd.DataFrame:
    """Return one row per bundle that the account's cell allows, from few hours to many.

    ``value`` is v(n), net of cost; ``keep_bonus`` is what counts beside it for touches of the last plan;
    ``marginal_per_hour`` is what each hour more counts over the step before, on the concave hull (empty off
    it: another bundle earns more in the same time); ``passes`` says whether that reaches ``cut_off``, money
    per hour (see ``Plan.cut_off_of``). ``not_allowed`` says which limit forbids the bundle to this account,
    and is empty where none does. ``as_of``, ``last_plan`` ``made`` and ``n_fixed`` (contacts
    that fixed work makes with the account) are those the plan was made with.

    Raises
    ------
    InputError
        The scores hold no such account.
    """
    one = scores[scores["account_id"].astype(str) == str(account_id)]
    if one.empty:
        raise InputError(f"account {account_id!r} is not among the {len(scores):,} accounts scored")
    offers = offer_bundles(
        one, policy=policy, bundles=bundles, as_of=as_of, last_plan=last_plan, made=made, n_fixed=n_fixed
    ).offers
    counted, minutes = all_values(replace(offers, limits=None), _THE_ONE)
    value, _ = all_values(replace(offers, limits=None, last=None), _THE_ONE)
    marginal = _marginal_per_hour(offers)
    counts = np.array([bundle.counts for bundle in offers.table.bundles])
    known = np.isfinite(value[0])
    rows = pd.DataFrame(
        {
            "touches": [touch_words(bundle, with_digital=True) for bundle in offers.table.bundles],
            "n_in_person": counts[:, 0],
            "n_call": counts[:, 1],
            "n_email": counts[:, 2],
            "n_digital": counts[:, 3],
            "hours": minutes[0] / 60,
            "value": value[0],
            "keep_bonus": np.where(known, counted[0], 0.0) - np.where(known, value[0], 0.0),
            "marginal_per_hour": marginal,
            "passes": marginal >= cut_off,
            "not_allowed": _not_allowed(offers),
        }
    )
    allowed: pd.DataFrame = rows[known]
    return allowed.sort_values(["hours", "value"], kind="stable").reset_index(drop=True)


def _not_allowed(offers: Offers) -> pd.Series:
    """Return the limit that forbids each bundle to the account, empty where none does."""
    n_bundles = len(offers.table.bundles)
    codes = np.full(n_bundles, ALLOWED)
    if offers.limits is not None:
        codes = offers.limits.forbids[offers.limits.of_account[0]]
    return texts(LIMITS, codes, pd.RangeIndex(n_bundles))


def _marginal_per_hour(offers: Offers) -> Floats:
    """Return money per hour of each hull step by its bundle, empty for bundles off the hull."""
    steps = build_hull(offers, threads=1).steps
    marginal = np.full(len(offers.table.bundles), np.nan)
    marginal[steps.bundle] = steps.slope * 60
    return marginal
