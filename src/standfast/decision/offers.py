"""What each account could be offered, and what each bundle would be worth to it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.bundles import BundleTable
from standfast.decision.columns import Bools, Floats, Ints, codes_of, numbers
from standfast.decision.effects import Effects, known_effects
from standfast.decision.guards import OPEN
from standfast.decision.offer_limits import OfferLimits
from standfast.decision.response import Gains, gains, kept_value, odds_shifts
from standfast.decision.reward import Economics, gross_margins, upsell_values

CLOSED = -1
"""Cell of an account that may be offered nothing at all."""


@dataclass(frozen=True, eq=False)
class Offers:
    """The solver's view of a book: one entry per account in each array.

    ``kept`` is V, what keeping the account is worth; ``added`` is X, what its expansion is worth; ``cell``
    is the place in the matrix, or ``CLOSED``; ``last`` is the bundle of the last plan, where there was one;
    ``limits`` forbid bundles that the cell allows; ``effects`` are what a full dose does to each account,
    where that is not the same for all.
    """

    p: Floats
    q: Floats
    kept: Floats
    added: Floats
    cell: Ints
    table: BundleTable
    last: Ints | None = None
    keep_bonus: float = 0.0
    limits: OfferLimits | None = None
    effects: Effects | None = None

    def __len__(self) -> int:
        """Count the accounts."""
        return len(self.p)


def build_offers(
    scores: pd.DataFrame,
    closed: Ints,
    table: BundleTable,
    *,
    economics: Economics,
    horizon_days: int,
    last: Ints | None = None,
    keep_bonus: float = 0.0,
    limits: OfferLimits | None = None,
) -> Offers:
    """Return the solver's view of placed scores; an empty probability or amount counts as zero."""
    p = np.nan_to_num(numbers(scores, "churn_probability"))
    margin = gross_margins(scores, economics=economics)
    revenue = np.nan_to_num(numbers(scores, "annual_revenue"))
    added = np.nan_to_num(upsell_values(scores, economics=economics))
    return Offers(
        p=p,
        q=np.nan_to_num(numbers(scores, "upsell_probability")),
        kept=kept_value(p, margin * revenue, horizon_days=horizon_days),
        added=margin * added,
        cell=np.where(closed == OPEN, codes_of(scores, "cell", table.matrix.cell_names), CLOSED),
        table=table,
        last=last,
        keep_bonus=keep_bonus,
        limits=limits,
        effects=known_effects(scores, save_effect=table.save_effect, expand_effect=table.expand_effect),
    )


def bundle_gains(offers: Offers, choice: npt.NDArray[np.integer], *, strength: float = 1.0) -> Gains:
    """Return what the chosen bundle of each account earns, outreach working so many times as well."""
    churn_shift, expand_shift = odds_factors(offers, np.arange(len(offers)), choice, strength=strength)
    return gains(
        offers.p, offers.q, offers.kept, offers.added, churn_shift=churn_shift, expand_shift=expand_shift
    )


def odds_factors(
    offers: Offers,
    accounts: Ints,
    bundles: npt.NDArray[np.integer] | int,
    *,
    strength: float = 1.0,
) -> tuple[Floats, Floats]:
    """Return what bundles multiply the odds of churn and expansion by: of the table, or of each account.

    ``accounts`` and ``bundles`` are broadcast against each other.
    """
    table, own = offers.table, offers.effects
    if own is None and strength == 1.0:
        return table.churn_shift[bundles], table.expand_shift[bundles]
    full, tired = strength * table.dose[bundles], table.tired[bundles]
    if own is None:
        return odds_shifts(full, tired, save=table.save_effect, expand=table.expand_effect)
    return odds_shifts(full, tired, save=own.save[accounts], expand=own.expand[accounts])


def keep_bonus(offers: Offers, value: Floats, accounts: Ints, bundle: Ints | int) -> Floats | float:
    """Return what counts beside v(n) where the last plan gave the same bundle: a share of it.

    A bundle that is worth nothing by itself gets none, so that nothing with v(n) below zero is planned.
    """
    if offers.last is None or offers.keep_bonus == 0:
        return 0.0
    return np.where(offers.last[accounts] == bundle, offers.keep_bonus * np.maximum(value, 0.0), 0.0)


def bundle_minutes(offers: Offers, choice: npt.NDArray[np.integer], accounts: Ints | None = None) -> Ints:
    """Return the minutes the bundles chosen for some accounts, or for all, take; a closed one takes none."""
    cell = offers.cell if accounts is None else offers.cell[accounts]
    return np.where(cell == CLOSED, 0, offers.table.minutes[cell, choice])


def bundle_cost(offers: Offers, choice: npt.NDArray[np.integer]) -> Floats:
    """Return what the chosen bundles cost: hours and direct cost."""
    return np.where(offers.cell == CLOSED, 0.0, offers.table.cost[offers.cell, choice])


def allowed_bundles(offers: Offers, cell: int, accounts: Ints) -> Bools:
    """Return which bundles accounts may get that share a cell and a class of limits."""
    allowed: Bools = offers.table.allowed[cell]
    if offers.limits is None or not len(accounts):
        return allowed
    return np.asarray(allowed & offers.limits.allowed[offers.limits.of_account[accounts[0]]])


def all_values(offers: Offers, accounts: Ints) -> tuple[Floats, Ints]:
    """Return worth and minutes of every bundle for some accounts, (accounts, bundles); -inf if not allowed.

    The worth is what bundles are chosen by: v(n), and the bonus for the bundle of the last plan.
    """
    table, cell = offers.table, offers.cell[accounts]
    churn_shift, expand_shift = odds_factors(offers, accounts[:, None], np.arange(len(table.bundles)))
    earned = gains(
        offers.p[accounts, None],
        offers.q[accounts, None],
        offers.kept[accounts, None],
        offers.added[accounts, None],
        churn_shift=churn_shift,
        expand_shift=expand_shift,
    )
    values = earned.save + earned.expand - table.cost[cell]
    places = np.arange(len(table.bundles))
    values = values + keep_bonus(offers, values, accounts[:, None], places)
    nothing = places == 0
    allowed = np.where((cell == CLOSED)[:, None], nothing, table.allowed[cell])
    if offers.limits is not None:
        allowed &= offers.limits.allowed[offers.limits.of_account[accounts]]
    return np.where(allowed, values, -np.inf), np.where(allowed, table.minutes[cell], 0)
