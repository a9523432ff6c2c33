"""The bundles one account could get, each with its worth, beside the cut-off that decides."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standfast.decision.bundles import BUNDLES, Bundle, Channels, bundle_table
from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards, closed_to_outreach
from standfast.decision.hull import build_hull
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.offers import Offers, all_values, build_offers
from standfast.decision.response import Response
from standfast.decision.reward import Economics
from standfast.decision.words import touch_words
from standfast.errors import InputError


def bundles_considered(
    scores: pd.DataFrame,
    *,
    account_id: str,
    cut_off: float,
    capacity: Capacity,
    economics: Economics,
    response: Response,
    channels: Channels,
    guards: Guards,
    horizon_days: int,
    bundles: Sequence[Bundle] = BUNDLES,
    matrix: Matrix = MATRIX,
) -> pd.DataFrame:
    """Return one row per bundle that the account's cell allows, from few hours to many.

    ``value`` is v(n), net of cost; ``marginal_per_hour`` is what each hour more earns over the step before,
    on the concave hull (empty off it: another bundle earns more in the same time); ``passes`` says
    whether that reaches ``cut_off``, money per hour (see ``Plan.cut_off_of``).

    Raises
    ------
    InputError
        The scores hold no such account.
    """
    one = scores[scores["account_id"].astype(str) == str(account_id)]
    if one.empty:
        raise InputError(f"account {account_id!r} is not among the {len(scores):,} accounts scored")
    table = bundle_table(
        bundles, channels=channels, response=response, hourly_cost=capacity.hourly_cost, matrix=matrix
    )
    closed = closed_to_outreach(one, guards=guards)
    offers = build_offers(one, closed, table, economics=economics, horizon_days=horizon_days)
    values, minutes = all_values(offers, np.zeros(1, dtype=np.int64))
    marginal = _marginal_per_hour(offers)
    counts = np.array([bundle.counts for bundle in table.bundles])
    rows = pd.DataFrame(
        {
            "touches": [touch_words(bundle, with_digital=True) for bundle in table.bundles],
            "n_in_person": counts[:, 0],
            "n_call": counts[:, 1],
            "n_email": counts[:, 2],
            "n_digital": counts[:, 3],
            "hours": minutes[0] / 60,
            "value": values[0],
            "marginal_per_hour": marginal,
            "passes": marginal >= cut_off,
        }
    )
    allowed: pd.DataFrame = rows[np.isfinite(values[0])]
    return allowed.sort_values(["hours", "value"], kind="stable").reset_index(drop=True)


def _marginal_per_hour(offers: Offers) -> np.ndarray:
    """Return money per hour of each hull step by its bundle, empty for bundles off the hull."""
    steps = build_hull(offers, threads=1).steps
    marginal = np.full(len(offers.table.bundles), np.nan)
    marginal[steps.bundle] = steps.slope * 60
    return marginal
