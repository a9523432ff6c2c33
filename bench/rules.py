"""The rules teams plan by today: each gives one bundle per account, within the hours.

Whoever a rule leaves out gets automated messages, which cost nothing. Bundles are named by their place in
``BUNDLES``, so that each rule chooses from what the solver chooses from.
"""

from collections.abc import Callable

import numpy as np

from bench.worlds import SETTINGS, Book
from standfast.decision.bundles import BUNDLES, Bundle
from standfast.decision.cadence import fit_cadence
from standfast.decision.cadence_stages import minutes_of
from standfast.decision.capacity import Capacity, assign_pools
from standfast.decision.matrix import CELLS

AUTOMATED = BUNDLES.index(Bundle(n_digital=3))
ONE_CALL = BUNDLES.index(Bundle(n_call=1, n_digital=3))
CALL_AND_MAIL = BUNDLES.index(Bundle(n_call=1, n_email=1, n_digital=3))
TWO_CALLS = BUNDLES.index(Bundle(n_call=2, n_email=1))
MONTHLY_CALLS = BUNDLES.index(Bundle(n_call=3, n_email=1))
MONTHLY_CALLS_AND_MAILS = BUNDLES.index(Bundle(n_call=3, n_email=3))
FOUR_CALLS = BUNDLES.index(Bundle(n_call=4, n_email=2))
REVIEW_AND_CALLS = BUNDLES.index(Bundle(1, 1, 2, 2))
REVIEW_AND_MONTHLY_CALLS = BUNDLES.index(Bundle(1, 1, 3, 1))
VISIT_AND_REVIEW = BUNDLES.index(Bundle(2, 1, 2))
EVERYTHING = BUNDLES.index(Bundle(2, 1, 3, 3))

LADDER = np.array(
    [AUTOMATED, ONE_CALL, CALL_AND_MAIL, TWO_CALLS, MONTHLY_CALLS, FOUR_CALLS, REVIEW_AND_CALLS,
     REVIEW_AND_MONTHLY_CALLS, VISIT_AND_REVIEW, EVERYTHING]
)  # fmt: skip
"""From little to much: what a team does more or less of when its hours grow or shrink."""
RUNGS_OF_TIER = np.array([7.0, 3.0, 0.25])
"""The tiers' usual places on the ladder: a review and monthly calls, two calls, a call a year."""

_BY_CHANNEL = np.array([[b.n_visit, b.n_review, b.n_call, b.n_email, b.n_digital] for b in BUNDLES])
_WEIGHT_OF_CHANNEL = np.array([8.0, 6.0, 2.0, 1.0, 0.1])
"""How far apart bundles are that differ by one touch: a visit, a review, a call, an e-mail, a message."""

CADENCE_OF_CELL = {
    "Save": EVERYTHING, "Rescue": MONTHLY_CALLS_AND_MAILS, "Steer": REVIEW_AND_MONTHLY_CALLS,
    "Protect & grow": REVIEW_AND_MONTHLY_CALLS, "Watch": CALL_AND_MAIL, "Nurture": ONE_CALL,
    "Rescue by program": ONE_CALL, "Monitor": AUTOMATED, "Maintain": AUTOMATED,
}  # fmt: skip
"""A quarter of the yearly touches that practice gives each cell."""


def churn_score(book: Book, minutes: int) -> np.ndarray:
    """Call whoever is most likely to leave."""
    return _one_call(book, book.scores["churn_probability"].to_numpy(), minutes)


def risk_times_revenue(book: Book, minutes: int) -> np.ndarray:
    """Call where most revenue is at risk."""
    return _one_call(book, book.scores["revenue_at_risk"].to_numpy(), minutes)


def abcd_lists(book: Book, minutes: int) -> np.ndarray:
    """Four lists by spend, 10/20/20/50 %, A first, each with its cadence."""
    cadences = np.array([REVIEW_AND_MONTHLY_CALLS, MONTHLY_CALLS, TWO_CALLS, AUTOMATED])
    return _serve(book, cadences[_tiers(book, (0.1, 0.3, 0.5))], _spend(book), minutes)


def spend_tiers(book: Book, minutes: int) -> np.ndarray:
    """Three tiers by spend, 10/40/50 %, the top first: fixed cadences, a call a year at the bottom."""
    cadences = np.array([REVIEW_AND_MONTHLY_CALLS, TWO_CALLS, AUTOMATED])
    wanted = cadences[_tiers(book, (0.1, 0.5))]
    bottom = np.flatnonzero(wanted == AUTOMATED)
    wanted[bottom[::4]] = ONE_CALL
    return _serve(book, wanted, _spend(book), minutes)


def scaled_spend_tiers(book: Book, minutes: int) -> np.ndarray:
    """The same tiers, all cadences scaled in proportion until they fill the hours.

    The next step up goes to the largest accounts, as far as the minutes left reach.
    """
    scales = np.arange(0, 40, 0.05)[:, None] * RUNGS_OF_TIER
    steps = np.unique(np.minimum(np.rint(scales), len(LADDER) - 1).astype(np.int64), axis=0)
    cadences = [LADDER[step][_tiers(book, (0.1, 0.5))] for step in steps]
    n_fit = sum(int(_taken(book, cadence).sum()) <= minutes for cadence in cadences)
    low, high = cadences[n_fit - 1], cadences[min(n_fit, len(cadences) - 1)]
    more = _taken(book, high) - _taken(book, low)
    return np.where(_fits(more, _spend(book), minutes - _taken(book, low).sum()), high, low)


def matrix_cadence(book: Book, minutes: int) -> np.ndarray:
    """One cadence for each cell of the matrix, the cells by priority, within them by spend."""
    cadences = np.array([CADENCE_OF_CELL[cell.segment] for cell in CELLS])
    place = book.scores["priority"].to_numpy(dtype=np.int64) - 1
    spend = _spend(book)
    return _serve(book, cadences[place], -place + spend / (spend.max() + 1), minutes)


def scaled_cadence(book: Book, minutes: int) -> np.ndarray:
    """The table of touches per cell, cut to the hours in the documented order (C2).

    Each account gets the bundle that is nearest to its touches and takes no more minutes.
    """
    scores = book.scores
    cell = scores["priority"].to_numpy(dtype=np.int64) - 1
    cadence = fit_cadence(
        scores,
        cell,
        assign_pools(None, capacity=Capacity(hours=minutes / 60), n_accounts=len(scores)),
        channels=SETTINGS.channels,
        horizon_days=SETTINGS.horizon.horizon_days,
    )
    taken = minutes_of(cadence.touches, cell, channels=SETTINGS.channels)
    off = np.abs(cadence.touches[:, None, :] - _BY_CHANNEL) @ _WEIGHT_OF_CHANNEL
    return np.where(book.minutes <= taken[:, None], off, np.inf).argmin(axis=1)


SCALED = "spend tiers, scaled to the hours"
RULES: dict[str, Callable[[Book, int], np.ndarray]] = {
    "churn score alone": churn_score,
    "ABCD lists": abcd_lists,
    "spend tiers, fixed cadence": spend_tiers,
    "matrix, one cadence per cell": matrix_cadence,
    "matrix, the cadence table, scaled to the hours": scaled_cadence,
    "risk x revenue, greedy": risk_times_revenue,
    SCALED: scaled_spend_tiers,
}


def _one_call(book: Book, order: np.ndarray, minutes: int) -> np.ndarray:
    return _serve(book, np.full(len(order), ONE_CALL), order, minutes)


def _spend(book: Book) -> np.ndarray:
    return book.scores["annual_revenue"].to_numpy()


def _tiers(book: Book, ends: tuple[float, ...]) -> np.ndarray:
    """Give each account's tier by rank of spend, 0 on top; a tier ends at a share of the accounts."""
    rank = np.argsort(np.argsort(-_spend(book), kind="stable"))
    return np.searchsorted(np.round(np.array(ends) * len(rank)), rank, side="right")


def _serve(book: Book, wanted: np.ndarray, order: np.ndarray, minutes: int) -> np.ndarray:
    """Give accounts what is wanted, the highest in ``order`` first, while the minutes last."""
    return np.where(_fits(_taken(book, wanted), order, minutes), wanted, AUTOMATED)


def _taken(book: Book, choice: np.ndarray) -> np.ndarray:
    return np.asarray(book.minutes[np.arange(len(choice)), choice])


def _fits(taken: np.ndarray, order: np.ndarray, minutes: int) -> np.ndarray:
    """Say who is served before the minutes run out."""
    queue = np.argsort(-order, kind="stable")
    served = np.empty(len(queue), dtype=bool)
    served[queue] = np.cumsum(taken[queue]) <= minutes
    return served
