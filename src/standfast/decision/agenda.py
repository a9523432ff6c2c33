"""What to talk about: what is worth telling of an account's changes, and the questions to ask (C4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

Move = Literal["level", "share", "count", "state"]

WATCHED: dict[str, Move] = {
    "plan": "state", "product": "state", "annual_revenue": "level", "seats": "level", "has_sponsor": "state",
    "nps_state": "state", "open_critical": "count", "escalations_90d": "count", "invoices_overdue": "count",
    "usage_30d": "level", "n_users_30d": "level", "active_days_30d": "level", "seat_utilisation": "share",
    "usage_limit_share": "share", "tickets_30d": "count", "tickets_open": "count", "n_contacts": "count",
    "opportunities_open": "count", "auto_renew": "state", "spend_90d": "level", "payment_delay_days": "level",
}  # fmt: skip
"""What may be told as a change, the most telling first. Figures that move by themselves (tenure, days to the
renewal) or that are changes already (trends) are left out."""

OPENING = "How have things been since we last spoke, and what has changed on your side?"
CLOSING = "What do we do next, who does it, and by when?"

FAMILY_QUESTIONS: dict[tuple[str, bool], str] = {
    ("usage", True): "Who uses it less than before, and what do they use instead?",
    ("usage", False): "What works so well that other teams should see it?",
    ("support", True): "Which open problem costs you most, and what would settle it?",
    ("support", False): "Is there anything you have stopped reporting to us?",
    ("commercial", True): "What must be true for you to renew without a second thought?",
    ("commercial", False): "What do you get out of it that is worth the price to you?",
    ("relationship", True): "Who decides about us now, and whom should we get to know?",
    ("relationship", False): "Which of your colleagues should join us next time?",
    ("product", True): "Which of your goals does it not serve yet?",
    ("product", False): "Which part of it would you miss most?",
}
"""By family of the reason, and whether it raises the risk: one open question each."""

ACTION_QUESTIONS: dict[str, str] = {
    "save": "What would have to change for you to be sure to stay?",
    "expand": "Which team or task comes next, and what would that be worth to you?",
    "protect": "Which goals of yours should we have met by the end of the quarter?",
    "leave": "Is there anything you want to hear from us about?",
}
KIND_QUESTIONS: dict[str, str] = {
    "renewal": "What do you need from us to decide about the renewal, and who signs?",
    "onboarding": "What should work by the end of your first month, and who is to use it?",
    "yearly_call": "What went well this year, and what should be otherwise next year?",
    "alert": "We saw a change on our side: what lies behind it?",
}
"""For work that the calendar or an alert asks for."""


@dataclass(frozen=True, kw_only=True)
class AgendaPolicy:
    """How much an agenda holds, and when a change is worth telling."""

    n_reasons: Annotated[int, Ge(1), Doc("Reasons told, the strongest.")] = 4
    n_changes: Annotated[int, Ge(0), Doc("Changes told, the most telling.")] = 4
    least_change: Annotated[
        float, Gt(0), Doc("Share by which usage, revenue, seats must have moved to be told.")
    ] = 0.2
    least_share_change: Annotated[
        float, Interval(gt=0, le=1), Doc("How far a share, such as seats used, must have moved to be told.")
    ] = 0.1
    compare_days: Annotated[
        int, Ge(7), Doc("Days back to compare with where no contact within look_back_weeks is known.")
    ] = 28
    look_back_weeks: Annotated[
        int, Ge(1), Doc("Weeks back in which the last contact is looked for; more takes longer.")
    ] = 13
    most_questions: Annotated[int, Interval(ge=3, le=7), Doc("Questions of an agenda.")] = 5
    team_languages: Annotated[
        tuple[str, ...], Doc("Languages that everybody in the team speaks, by code or name.")
    ] = ("en",)


def changes_since(now: pd.DataFrame, then: pd.DataFrame, *, policy: AgendaPolicy) -> pd.DataFrame:
    """Return what has changed at each account, the most telling first: account_id, feature, before, after.

    Both frames hold one row per account; a figure that was or is unknown is no change.

    Examples
    --------
    >>> now = pd.DataFrame({"account_id": ["a"], "usage_30d": [1.0], "tickets_open": [2.0], "seats": [10.0]})
    >>> then = pd.DataFrame({"account_id": ["a"], "usage_30d": [2.0], "tickets_open": [2.0], "seats": [10.0]})
    >>> changes_since(now, then, policy=AgendaPolicy()).values.tolist()
    [['a', 'usage_30d', 2.0, 1.0]]
    """
    both = now.merge(then, on="account_id", suffixes=("", "_then"), how="inner")
    watched = [name for name in WATCHED if name in both and f"{name}_then" in both]
    parts = [_moved(both, name, policy).assign(rank=rank) for rank, name in enumerate(watched)]
    if not parts:
        return pd.DataFrame(columns=["account_id", "feature", "before", "after"])
    told = pd.concat(parts, ignore_index=True).sort_values(["account_id", "rank"], kind="stable")
    told = told[told.groupby("account_id").cumcount() < policy.n_changes]
    return told.drop(columns="rank").reset_index(drop=True)


def _moved(both: pd.DataFrame, name: str, policy: AgendaPolicy) -> pd.DataFrame:
    """Return the accounts at which one feature has changed enough to be told."""
    after, before = both[name], both[f"{name}_then"]
    known = after.notna() & before.notna()
    if WATCHED[name] == "state" or not pd.api.types.is_numeric_dtype(after.dtype):
        moved = known & (after.astype("str") != before.astype("str"))
    else:
        new, old = after.to_numpy(dtype=float, na_value=np.nan), before.to_numpy(dtype=float, na_value=np.nan)
        least = {
            "level": policy.least_change * np.maximum(np.abs(old), 1e-9),
            "share": policy.least_share_change,
            "count": 1.0,
        }[WATCHED[name]]
        moved = known & (np.abs(new - old) >= least - 1e-9) & (new != old)
    return pd.DataFrame(
        {
            "account_id": both.loc[moved, "account_id"],
            "feature": name,
            "before": before[moved].astype(object),
            "after": after[moved].astype(object),
        }
    )


def questions_for(
    reasons: Sequence[tuple[str, bool]], *, action: str | None, kind: str = "outreach", most: int = 5
) -> tuple[str, ...]:
    """Return three to ``most`` questions: those of the reasons' families, the goal's, and the next steps.

    Parameters
    ----------
    reasons
        Family of each reason, the strongest first, and whether it raises the risk.

    Examples
    --------
    >>> questions_for([("support", True)], action="save", most=3)[0]
    'Which open problem costs you most, and what would settle it?'
    """
    goal = KIND_QUESTIONS.get(kind) or ACTION_QUESTIONS.get(action or "", ACTION_QUESTIONS["protect"])
    raising = dict.fromkeys(FAMILY_QUESTIONS[family, True] for family, raises in reasons if raises)
    lowering = dict.fromkeys(FAMILY_QUESTIONS[family, False] for family, raises in reasons if not raises)
    about = [*list(raising)[:2], *list(lowering)[:1]][: most - 2]
    return (*(() if about else (OPENING,)), *about, goal, CLOSING)
