"""The money axis: what an account is worth a year, what is at risk, and what an expansion would add."""

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

from standfast.decision.columns import Floats, numbers
from standfast.errors import InputError

DAYS_PER_YEAR = 365
LIFETIME_CAP_YEARS = 5.0


@dataclass(frozen=True, kw_only=True)
class Economics:
    """What revenue is worth and what it costs to win."""

    gross_margin: Annotated[
        float, Interval(gt=0, le=1), Doc("Share of annual revenue that is left after the cost of serving it.")
    ] = 0.8
    acquisition_cost: Annotated[
        float, Interval(ge=0), Doc("Money spent to win one account; 0 leaves out LTV:CAC.")
    ] = 0.0
    upsell_share: Annotated[
        float,
        Interval(ge=0),
        Doc("Worth of an expansion as a share of annual revenue, if unknown otherwise."),
    ] = 0.2
    least_ltv_to_cac: Annotated[
        float, Ge(0), Doc("LTV:CAC below which winning more accounts like a segment's is deprioritised.")
    ] = 2.0
    most_cost_to_serve: Annotated[
        float, Gt(0), Doc("Warn where touches cost more than this share of what an account pays meanwhile.")
    ] = 0.15

    def __post_init__(self) -> None:
        """Refuse money without end."""
        for name in ("acquisition_cost", "upsell_share", "least_ltv_to_cac", "most_cost_to_serve"):
            if not math.isfinite(getattr(self, name)):
                raise InputError(f"{name} is {getattr(self, name)}; give a finite number under [economics]")


def add_reward(scores: pd.DataFrame, *, economics: Economics) -> pd.DataFrame:
    """Return the scores with upsell_value, revenue_at_risk, expected_upsell and reward.

    ``reward = gross_margin x (annual_revenue + q x upsell_value)`` holds no churn, so risk counts once.
    An empty probability counts as zero in reward and expected_upsell and leaves revenue_at_risk empty;
    an empty ``annual_revenue`` leaves the money empty. A ``gross_margin`` column goes before the setting.

    Examples
    --------
    >>> book = pd.DataFrame({"annual_revenue": [100_000.0], "churn_probability": [0.25],
    ...                      "upsell_probability": [0.1]})
    >>> add_reward(book, economics=Economics())[
    ...     ["upsell_value", "revenue_at_risk", "expected_upsell", "reward"]].round(1).to_dict("records")
    [{'upsell_value': 20000.0, 'revenue_at_risk': 25000.0, 'expected_upsell': 1500.0, 'reward': 81600.0}]
    """
    return scores.assign(
        **money_of(
            numbers(scores, "annual_revenue"),
            numbers(scores, "churn_probability"),
            numbers(scores, "upsell_probability"),
            upsell_value=upsell_values(scores, economics=economics),
            gross_margin=gross_margins(scores, economics=economics),
        )
    )


def money_of(
    revenue: Floats,
    churn_probability: Floats,
    upsell_probability: Floats,
    *,
    upsell_value: Floats,
    gross_margin: Floats,
) -> dict[str, Floats]:
    """Return the columns that ``add_reward`` adds, from plain arrays."""
    p, q = churn_probability, _or_zero(upsell_probability)
    known = np.where(np.isnan(revenue), np.nan, upsell_value)
    return {
        "upsell_value": upsell_value,
        "revenue_at_risk": p * revenue,
        "expected_upsell": (1 - _or_zero(p)) * q * known,
        "reward": gross_margin * (revenue + q * known),
    }


def _or_zero(probability: Floats) -> Floats:
    return np.where(np.isnan(probability), 0.0, probability)


def upsell_values(scores: pd.DataFrame, *, economics: Economics) -> Floats:
    """Return what an expansion would add a year: as given, else ``upsell_share x annual_revenue``."""
    return given_or_share(
        numbers(scores, "upsell_value"), numbers(scores, "annual_revenue"), economics=economics
    )


def given_or_share(given: Floats, revenue: Floats, *, economics: Economics) -> Floats:
    """Return the same from plain arrays."""
    return np.where(np.isnan(given), economics.upsell_share * revenue, given)


def gross_margins(scores: pd.DataFrame, *, economics: Economics) -> Floats:
    """Return each account's margin: its own where the column has one, else the setting."""
    return own_or_usual(numbers(scores, "gross_margin"), economics=economics)


def own_or_usual(own: Floats, *, economics: Economics) -> Floats:
    """Return the same from a plain array."""
    return np.where(np.isnan(own), economics.gross_margin, own)


def annual_churn(churn_probability: Floats | float, horizon_days: Annotated[int, Gt(0)]) -> Floats:
    """Return the chance to leave within a year: ``1 - (1 - p)^(365 / horizon_days)``.

    Examples
    --------
    >>> round(float(annual_churn(0.05, 90)), 3)
    0.188
    """
    return 1 - (1 - np.asarray(churn_probability, dtype=np.float64)) ** (DAYS_PER_YEAR / horizon_days)


def lifetime_value(
    annual_revenue: Floats | float, annual_churn: Floats | float, gross_margin: Floats | float
) -> Floats:
    """Return ``revenue x gross margin / annual churn`` (R6), the lifetime capped at five years.

    Examples
    --------
    >>> lifetime_value(10_000.0, 0.25, 0.8).item(), lifetime_value(10_000.0, 0.0, 0.8).item()
    (32000.0, 40000.0)
    """
    churn = np.maximum(np.asarray(annual_churn, dtype=np.float64), 1 / LIFETIME_CAP_YEARS)
    return np.asarray(annual_revenue, dtype=np.float64) * gross_margin / churn
