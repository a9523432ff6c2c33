"""What each account may be offered under a whole policy: who is closed, which limits hold, what was kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.bundles import Bundle
from standfast.decision.columns import Ints, codes_of
from standfast.decision.contact_limits import ContactLimits, contact_limits, contacts_left, no_contacts
from standfast.decision.guards import CONTACTED, OPEN, closed_to_outreach
from standfast.decision.keeping import last_bundles
from standfast.decision.offer_limits import limit_offers
from standfast.decision.offers import Offers, build_offers
from standfast.decision.plan_policy import PlanPolicy


@dataclass(frozen=True, eq=False)
class Offering:
    """The solver's view of a book, and for each account the reason why it gets nothing, or ``OPEN``."""

    offers: Offers
    closed: Ints


def offer_bundles(
    scores: pd.DataFrame,
    *,
    policy: PlanPolicy,
    bundles: Sequence[Bundle],
    as_of: Any = None,
    last_plan: pd.DataFrame | None = None,
    made: pd.DataFrame | None = None,
    n_fixed: Ints | None = None,
) -> Offering:
    """Return what each account of placed scores may be offered.

    Parameters
    ----------
    made
        Touches already made (account_id, day, channel): they count against the contact cap, and the next
        one waits.
    n_fixed
        Contacts that fixed work makes with each account in the horizon; they count against the cap, too.
    """
    table, matrix = policy.bundle_table(bundles), policy.matrix
    cell = codes_of(scores, "cell", matrix.cell_names)
    contact_cap = np.array([one.contact_cap for one in matrix.cells])[cell]
    contact = _contact(scores, policy, as_of=as_of, made=made, n_fixed=n_fixed)
    closed = closed_to_outreach(scores, guards=policy.guards)
    closed = _close_contacted(closed, contact, contact_cap, horizon_days=policy.horizon_days)
    limits = limit_offers(
        scores, table.bundles,
        contact=contact, contact_cap=contact_cap, capacity=policy.capacity, guards=policy.guards,
        response=policy.response,
    )  # fmt: skip
    offers = build_offers(
        scores, closed, table,
        economics=policy.economics, horizon_days=policy.horizon_days,
        last=None if last_plan is None else last_bundles(scores["account_id"], last_plan, bundles=bundles),
        keep_bonus=policy.guards.keep_bonus, limits=limits,
    )  # fmt: skip
    return Offering(offers, closed)


def _contact(
    scores: pd.DataFrame,
    policy: PlanPolicy,
    *,
    as_of: Any,
    made: pd.DataFrame | None,
    n_fixed: Ints | None,
) -> ContactLimits | None:
    """Return what contacts made, and those of fixed work to come, leave; None where there are neither."""
    contact = no_contacts(len(scores)) if n_fixed is not None and n_fixed.any() else None
    if made is not None and len(made):
        start = start_dates(scores, as_of=as_of)
        contact = contact_limits(
            scores["account_id"], made, start=start, guards=policy.guards, response=policy.response
        )
    return contact if contact is None or n_fixed is None else replace(contact, n_fixed=n_fixed)


def _close_contacted(
    closed: Ints, contact: ContactLimits | None, contact_cap: Ints, *, horizon_days: int
) -> Ints:
    """Return the reasons with accounts closed that have no contact left, or none within the horizon."""
    if contact is None:
        return closed
    spent = contact.is_used & (contacts_left(contact, contact_cap) < 1)
    too_late = contact.wait_days > horizon_days
    return np.where((closed == OPEN) & (spent | too_late), CONTACTED, closed)


def start_dates(scores: pd.DataFrame, *, as_of: Any) -> pd.Series:
    """Return the day the plan starts: ``as_of`` where given, else the account's observation date."""
    if as_of is not None:
        return pd.Series(pd.Timestamp(str(as_of)), index=scores.index, dtype="datetime64[s]")
    if "observation_date" not in scores:
        return pd.Series(pd.NaT, index=scores.index, dtype="datetime64[s]")
    return pd.to_datetime(scores["observation_date"]).astype("datetime64[s]")
