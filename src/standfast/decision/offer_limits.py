"""Which bundles an account may not get whatever they are worth: too many contacts, not done, poor fit."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.bundles import Bundle
from standfast.decision.capacity import Capacity, owner_names
from standfast.decision.columns import Bools, Ints, flags
from standfast.decision.contact_limits import ContactLimits, contacts_left
from standfast.decision.guards import Guards
from standfast.decision.owner_limits import done_by
from standfast.decision.response import Response, contacts

ALLOWED = -1
LIMITS = (
    "more contacts than the last 30 days and fixed work leave",
    "its owner does not do that channel",
    "poor fit: one call at most",
)
"""Why a bundle is not allowed to an account; one that several limits forbid shows the first."""


@dataclass(frozen=True, eq=False)
class OfferLimits:
    """Limits on bundles for a few classes of accounts, so that a book is looked at class by class.

    ``forbids`` is of shape (classes, bundles): a place in ``LIMITS``, or ``ALLOWED``. ``of_account`` is each
    account's class; ``contact`` is what touches already made leave, where they are known.
    """

    forbids: Ints
    of_account: Ints
    poor_fit: Bools
    contact: ContactLimits | None = None

    @property
    def allowed(self) -> Bools:
        """Which bundles each class may get."""
        return np.asarray(self.forbids == ALLOWED)


def limit_offers(
    scores: pd.DataFrame,
    bundles: tuple[Bundle, ...],
    *,
    contact: ContactLimits | None,
    contact_cap: Ints,
    capacity: Capacity,
    guards: Guards,
    response: Response,
) -> OfferLimits | None:
    """Return the limits of each account; None where there are none.

    Classes are what differs: contacts left (as far as a bundle could use them), the owner's channels, and
    whether the account is a poor fit.
    """
    weights = personal_contacts(bundles, response=response)
    left = _left_codes(contact, contact_cap, most=int(np.ceil(weights.max())))
    channel_sets, does = _channels(scores, capacity)
    poor = poor_fit(scores, guards=guards)
    codes, of_account = np.unique((left * len(channel_sets) + does) * 2 + poor, return_inverse=True)
    lefts, sets, poors = codes // 2 // len(channel_sets), codes // 2 % len(channel_sets), codes % 2
    one_call = np.array([_is_one_call_at_most(bundle) for bundle in bundles])
    forbids = np.select(
        [
            weights[None, :] > lefts[:, None],
            ~done_by(bundles, channel_sets)[sets],
            (poors == 1)[:, None] & ~one_call[None, :],
        ],
        list(range(len(LIMITS))),
        ALLOWED,
    )
    if contact is None and (forbids == ALLOWED).all():
        return None
    return OfferLimits(forbids.astype(np.int64), of_account.astype(np.int64), poor, contact)


def personal_contacts(bundles: tuple[Bundle, ...], *, response: Response) -> npt.NDArray[np.float64]:
    """Return how many contacts each bundle counts as, automated messages left out."""
    counts = np.array([(*bundle.counts[:-1], 0) for bundle in bundles])
    return contacts(counts, response=response)


def poor_fit(scores: pd.DataFrame, *, guards: Guards) -> Bools:
    """Return which accounts are a poor fit and count less for it (S6)."""
    if not guards.deprioritise_poor_fit:
        return np.zeros(len(scores), dtype=bool)
    return flags(scores, "poor_fit")[0]


def _left_codes(contact: ContactLimits | None, contact_cap: Ints, *, most: int) -> Ints:
    """Return contacts left; ``most`` where they limit nothing beyond the cell's own cap."""
    if contact is None:
        return np.full(len(contact_cap), most)
    left = np.minimum(contacts_left(contact, contact_cap), most)
    return np.where(contact.is_used, left, most)


def _channels(scores: pd.DataFrame, capacity: Capacity) -> tuple[list[tuple[str, ...]], Ints]:
    """Return the sets of channels that owners do, the first being all, and each account's set."""
    own = {name: tuple(limits.channels) for name, limits in (capacity.limits or {}).items()}
    sets: list[tuple[str, ...]] = [(), *sorted({channels for channels in own.values() if channels})]
    if len(sets) == 1 or "owner" not in scores:
        return sets, np.zeros(len(scores), dtype=np.int64)
    owners, names = pd.factorize(owner_names(scores["owner"]))
    of_owner = np.array([*(sets.index(own.get(str(name), ())) for name in names), 0], dtype=np.int64)
    return sets, of_owner[owners]


def _is_one_call_at_most(bundle: Bundle) -> bool:
    return bundle.n_in_person + bundle.n_email == 0 and bundle.n_call <= 1
