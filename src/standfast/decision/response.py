"""How outreach is believed to change churn and expansion, and what that is worth (the planning response)."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

from standfast.decision.columns import Floats
from standfast.decision.reward import DAYS_PER_YEAR

CHANNELS = ("in_person", "call", "email", "digital")


@dataclass(frozen=True, kw_only=True)
class Response:
    """The dose-response curve of outreach; assumptions until the team's own experiments replace them."""

    in_person_weight: Annotated[float, Ge(0), Doc("Dose that in-person touches reach at most.")] = 1.2
    call_weight: Annotated[float, Ge(0), Doc("Dose that calls reach at most.")] = 0.8
    email_weight: Annotated[float, Ge(0), Doc("Dose that personal e-mails reach at most.")] = 0.2
    digital_weight: Annotated[float, Ge(0), Doc("Dose that automated messages reach at most.")] = 0.08
    in_person_saturation: Annotated[
        float, Gt(0), Doc("In-person touches that reach 63 % of their full dose.")
    ] = 1.0
    call_saturation: Annotated[float, Gt(0), Doc("Calls that reach 63 % of their full dose.")] = 1.5
    email_saturation: Annotated[float, Gt(0), Doc("E-mails that reach 63 % of their full dose.")] = 1.5
    digital_saturation: Annotated[
        float, Gt(0), Doc("Automated messages that reach 63 % of their full dose.")
    ] = 1.5
    save_effect: Annotated[float, Ge(0), Doc("Log-odds of churn that a full dose takes away.")] = 0.5
    expand_effect: Annotated[float, Ge(0), Doc("Log-odds of expansion that a full dose adds.")] = 0.5
    fatigue_per_contact: Annotated[
        float, Ge(0), Doc("Log-odds that each contact beyond the free ones takes back.")
    ] = 0.05
    free_contacts: Annotated[float, Ge(0), Doc("Contacts in a horizon that tire nobody.")] = 6.0
    in_person_contacts: Annotated[float, Ge(1), Doc("Contacts that one in-person touch counts as.")] = 2.0
    save_rate: Annotated[
        float,
        Interval(ge=0, le=1),
        Doc("Share of leaving accounts that outreach keeps, assumed for conservative values."),
    ] = 0.10


class Gains(NamedTuple):
    """What a bundle earns before its cost: margin kept from churn, and margin added by expansion."""

    save: Floats
    expand: Floats


def contacts(touches: npt.ArrayLike, *, response: Response) -> Floats:
    """Return how many contacts the touches count as, an in-person one counting two.

    ``touches`` ends in the axis (in_person, call, email, digital).

    Examples
    --------
    >>> contacts([1, 3, 2, 0], response=Response()).item()
    7.0
    """
    n = np.asarray(touches, dtype=np.float64)
    return np.asarray((n * np.array([response.in_person_contacts, 1.0, 1.0, 1.0])).sum(axis=-1))


def dose(touches: npt.ArrayLike, *, response: Response) -> Floats:
    """Return ``G(n) = 1 - exp(-sum over channels of w_c (1 - exp(-n_c / k_c)))``.

    Examples
    --------
    >>> dose([[0, 1, 0, 0], [0, 3, 0, 0], [1, 3, 0, 0]], response=Response()).round(3).tolist()
    [0.322, 0.499, 0.765]
    """
    return np.asarray(-np.expm1(-_parts(touches, response).sum(axis=-1)))


def fatigue(touches: npt.ArrayLike, *, response: Response) -> Floats:
    """Return ``F(n) = 0.05 x max(0, contacts - 6)``.

    Examples
    --------
    >>> fatigue([1, 3, 3, 0], response=Response()).item()
    0.1
    """
    tiring = np.maximum(0.0, contacts(touches, response=response) - response.free_contacts)
    return np.asarray(response.fatigue_per_contact * tiring)


def dose_slopes(touches: npt.ArrayLike, *, response: Response) -> Floats:
    """Return how the dose grows, channel by channel, where that channel's weight grows by its own size.

    ``exp(-sum of w_c (1 - exp(-n_c / k_c))) x w_c (1 - exp(-n_c / k_c))``: what learned weights start from.

    Examples
    --------
    >>> dose_slopes([0, 1, 0, 0], response=Response()).round(3).tolist()
    [0.0, 0.264, 0.0, 0.0]
    """
    parts = _parts(touches, response)
    return np.asarray(np.exp(-parts.sum(axis=-1, keepdims=True)) * parts)


def _parts(touches: npt.ArrayLike, response: Response) -> Floats:
    """Return what each channel adds to the dose's exponent."""
    n = np.asarray(touches, dtype=np.float64)
    weights = np.array([getattr(response, f"{channel}_weight") for channel in CHANNELS])
    saturations = np.array([getattr(response, f"{channel}_saturation") for channel in CHANNELS])
    return np.asarray(-weights * np.expm1(-n / saturations))


def shifts(
    touches: npt.ArrayLike,
    *,
    response: Response,
    strength: float = 1.0,
    effects: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Floats]:
    """Return what the touches multiply the odds of churn and of expansion by.

    ``exp(-s G + F)`` and ``exp(u G - F)``; ``strength`` scales the dose's effect, for sensitivity, and
    ``effects`` are each account's own s and u in place of those of the response.

    Examples
    --------
    >>> churn, expansion = shifts([0, 3, 0, 0], response=Response())
    >>> round(churn.item(), 3), round(expansion.item(), 3)
    (0.779, 1.284)
    """
    effect = strength * dose(touches, response=response)
    tired = fatigue(touches, response=response)
    save, expand = effects or (response.save_effect, response.expand_effect)
    return odds_shifts(effect, tired, save=save, expand=expand)


def odds_shifts(
    full: Floats, tired: Floats, *, save: Floats | float, expand: Floats | float
) -> tuple[Floats, Floats]:
    """Return ``exp(-s G + F)`` and ``exp(u G - F)`` of a dose and its fatigue.

    Examples
    --------
    >>> churn, _ = odds_shifts(np.array([0.5]), np.array([0.0]), save=0.5, expand=0.5)
    >>> churn.round(3).tolist()
    [0.779]
    """
    return np.exp(-save * full + tired), np.exp(expand * full - tired)


def kept_value(p: Floats, annual_margin: Floats, *, horizon_days: int) -> Floats:
    """Return V: what the next twelve months are worth if the account is kept now.

    ``annual_margin x h/365 x sum over k < K of (1-p)^k``, h the horizon, ``K = max(1, round(365/h))``.

    Examples
    --------
    >>> kept_value(np.array([0.28]), np.array([0.8 * 96_000]), horizon_days=90).round(0).tolist()
    [49457.0]
    """
    stays, term, total = 1 - p, np.ones_like(p), np.zeros_like(p)
    for _ in range(max(1, round(DAYS_PER_YEAR / horizon_days))):
        total += term
        term = term * stays
    return annual_margin * (horizon_days / DAYS_PER_YEAR) * total


def shifted(probability: Floats, odds_factor: Floats | float) -> Floats:
    """Return the probability whose odds are ``odds_factor`` times as high: sigmoid(logit p + ln factor).

    Written without logarithms, so that 0 stays 0 and 1 stays 1.

    Examples
    --------
    >>> shifted(np.array([0.0, 0.5, 1.0]), 3.0).tolist()
    [0.0, 0.75, 1.0]
    """
    raised = probability * odds_factor
    return raised / (1 - probability + raised)


def gains(
    p: Floats,
    q: Floats,
    kept: Floats,
    added: Floats,
    *,
    churn_shift: Floats | float,
    expand_shift: Floats | float,
) -> Gains:
    """Return ``V (p - p1)`` and ``X [(1 - p1) q1 - (1 - p) q]`` for one bundle per account.

    Examples
    --------
    >>> churn, expansion = shifts([0, 3, 0, 0], response=Response())
    >>> save, expand = gains(np.array([0.28]), np.array([0.1]), np.array([49_457.0]), np.array([15_360.0]),
    ...                      churn_shift=churn, expand_shift=expansion)
    >>> round(save.item()), round(expand.item())
    (2348, 365)
    """
    leaves = shifted(p, churn_shift)
    grows = shifted(q, expand_shift)
    return Gains(kept * (p - leaves), added * ((1 - leaves) * grows - (1 - p) * q))
