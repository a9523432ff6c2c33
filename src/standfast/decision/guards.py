"""Accounts that outreach leaves alone, and why."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Interval
from typing_extensions import Doc

from standfast.decision.columns import Bools, Floats, Ints, flags, numbers
from standfast.errors import InputError

OPEN = -1
"""Code of an account that may be planned."""

REASONS = (
    "already churned",
    "annual_revenue is unknown",
    "held out, so that the effect of outreach can be measured",
    "do not disturb: renews by itself, few seats used, quiet sponsor, no critical ticket",
    "not placed in the matrix: its reward is unknown",
    "contacted in the last 30 days, or by fixed work to come, as often as its limits allow",
)
"""Why an account is closed to outreach; an account closed for several reasons shows the first."""
HELD_OUT = 2
"""Place of the reason of whom chance chose: their contract's work and answers to their alerts go on."""
CONTACTED = 5
"""Place of the last reason, which touches already made decide."""

UNTOUCHED = (REASONS[0], REASONS[1], REASONS[3], REASONS[4])
"""Reasons that stop fixed work, too; for any other the work that its contract asks for goes on."""


@dataclass(frozen=True, kw_only=True)
class Guards:
    """What keeps outreach from doing harm: nobody is pestered or woken, plans do not jump about."""

    do_not_disturb: Annotated[
        bool, Doc("Leave auto-renewing, little used, quiet accounts without critical tickets alone.")
    ] = True
    disturb_high_risk: Annotated[
        bool, Doc("Plan such an account all the same at high risk: who is about to leave does not sleep.")
    ] = True
    disturb_high_value: Annotated[
        bool, Doc("Plan such an account all the same in the high value tier: nobody forgets the largest.")
    ] = True
    low_seat_utilisation: Annotated[
        float, Interval(ge=0, le=1), Doc("Share of seats used below which use is low.")
    ] = 0.5
    low_sponsor_engagement: Annotated[
        float, Interval(ge=0, le=1), Doc("Sponsor engagement, 0 to 1, below which the sponsor is quiet.")
    ] = 0.3
    least_signs: Annotated[
        int,
        Interval(ge=1, le=4),
        Doc("Signs of sleep, of those four, that must be known and true for an account to be left alone."),
    ] = 4
    keep_bonus: Annotated[
        float,
        Interval(ge=0, le=1),
        Doc("Share of its worth by which the last plan's bundle counts for more, so that plans are stable."),
    ] = 0.15
    most_contacts_30d: Annotated[
        int, Ge(1), Doc("Most contacts in 30 days, a visit counting two; the next one waits for the oldest.")
    ] = 3
    cooldown_days: Annotated[int, Ge(0), Doc("Least days between two contacts of an account.")] = 7
    deprioritise_poor_fit: Annotated[
        bool, Doc("Give an account of the named segment 'poor fit' at most one call, and no other hours.")
    ] = True
    self_service: Annotated[
        bool, Doc("Drop the scheduled yearly calls; a person still answers alerts, and the plan says so.")
    ] = False


def closed_to_outreach(scores: pd.DataFrame, *, guards: Guards) -> Ints:
    """Return the place in ``REASONS`` for each account that gets no outreach, ``OPEN`` for the others.

    Examples
    --------
    >>> book = pd.DataFrame({"annual_revenue": [100.0, None, 300.0], "churned": [True, False, None]})
    >>> closed_to_outreach(book, guards=Guards()).tolist()
    [0, 1, -1]
    """
    churned, _ = flags(scores, "churned")
    held_out, _ = flags(scores, "held_out")
    unknown = np.isnan(numbers(scores, "annual_revenue"))
    asleep = sleeping_dogs(scores, guards=guards)
    reasons = [churned, unknown, held_out, asleep]
    if "cell" in scores:
        reasons.append(scores["cell"].isna().to_numpy())
    return np.select(reasons, list(range(len(reasons))), OPEN).astype(np.int64)


def sleeping_dogs(scores: pd.DataFrame, *, guards: Guards) -> Bools:
    """Return where ``least_signs`` of the four signs of do-not-disturb are known and true.

    What keeps a sleeping account is that nobody thinks of leaving. Where the risk is high somebody does
    (``disturb_high_risk``), and what a book pays most for is looked at anyway, by them and by us (C1;
    ``disturb_high_value``): these get the outreach they are worth. A tier that is unknown is not high. An
    account that was ``released`` by chance, so that the rule can be tested, does not count as asleep.
    """
    if not guards.do_not_disturb:
        return np.zeros(len(scores), dtype=bool)
    asleep = (signs_of_sleep(scores, guards=guards) >= guards.least_signs) & ~flags(scores, "released")[0]
    for awakes, tier in ((guards.disturb_high_risk, "risk_tier"), (guards.disturb_high_value, "value_tier")):
        if awakes and tier in scores:
            asleep &= (scores[tier] != "high").to_numpy()
    return np.asarray(asleep, dtype=bool)


def signs_of_sleep(scores: pd.DataFrame, *, guards: Guards) -> Ints:
    """Return how many of the four signs are known and true: renews, little used, quiet, no critical ticket.

    Examples
    --------
    >>> book = pd.DataFrame({"auto_renew": [True, True], "seat_utilisation": [0.2, 0.9],
    ...                      "sponsor_engagement": [0.1, None], "open_critical": [0, 0]})
    >>> signs_of_sleep(book, guards=Guards()).tolist()
    [4, 2]
    """
    renews, _ = flags(scores, "auto_renew")
    low_use = numbers(scores, "seat_utilisation") < guards.low_seat_utilisation
    quiet = numbers(scores, "sponsor_engagement") < guards.low_sponsor_engagement
    calm = _critical_tickets(scores) == 0
    return np.asarray(np.sum([renews, low_use, quiet, calm], axis=0), dtype=np.int64)


def has_open_critical(scores: pd.DataFrame) -> Bools:
    """Return where a critical ticket is known to be open."""
    return np.asarray(_critical_tickets(scores) > 0, dtype=bool)


def _critical_tickets(scores: pd.DataFrame) -> Floats:
    """Return open critical tickets, given as a count or as a flag; NaN where unknown."""
    try:
        return numbers(scores, "open_critical")
    except InputError:
        true, known = flags(scores, "open_critical")
        return np.where(known, true.astype(np.float64), np.nan)
