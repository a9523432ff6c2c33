"""Reward plays: a thank you for the best accounts, once a year (C8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge
from typing_extensions import Doc

from standfast.decision.columns import Bools, flags, numbers
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.play_choice import plays_of_kind
from standfast.decision.plays import PLAYS_OF_KIND, Play
from standfast.decision.words import number_words
from standfast.schema import SCHEDULE_COLUMNS


@dataclass(frozen=True, kw_only=True)
class RewardPolicy:
    """Who is thanked, and how often."""

    most_per_owner: Annotated[int, Ge(0), Doc("reward plays of one owner in a horizon; 0 is none")] = 3
    quiet_days: Annotated[int, Ge(0), Doc("days without a reward play before an account gets the next")] = 365
    due_days: Annotated[int, Ge(0), Doc("days within which the play is to be made")] = 30


def assign_reward_plays(
    scores: pd.DataFrame,
    made_touches: pd.DataFrame,
    *,
    policy: RewardPolicy,
    as_of: pd.Timestamp,
    plays: Sequence[Play] = PLAYS_OF_KIND,
    matrix: Matrix = MATRIX,
) -> pd.DataFrame:
    """Return one schedule row per account that is thanked: high value, low risk, not thanked for a year.

    Each owner thanks those of the highest reward first, as many as the policy allows; ties go by id. Accounts
    that have churned, are held out or have a critical ticket open wait.

    Parameters
    ----------
    made_touches
        account_id, day and play of touches made before ``as_of``.
    """
    best = scores[_may_be_thanked(scores) & ~_was_thanked(scores, made_touches, plays, policy, as_of)]
    best = best.assign(_reward=numbers(best, "reward"), _id=best["account_id"].astype(str))
    best = best.sort_values(["_reward", "_id"], ascending=[False, True])
    owner = best["owner"] if "owner" in best else pd.Series(np.nan, index=best.index, dtype="object")
    best = best.assign(owner=owner)
    best = best[best.groupby("owner", dropna=False).cumcount() < policy.most_per_owner]
    return _rows(best, *plays_of_kind(best, "reward", plays=plays, matrix=matrix), policy=policy, as_of=as_of)


def _rows(
    best: pd.DataFrame,
    offered: Sequence[Play],
    place: np.ndarray,
    *,
    policy: RewardPolicy,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return the schedule's columns."""
    best, place = best[place >= 0], place[place >= 0]
    columns = {
        "owner": best["owner"].to_numpy(),
        "account_id": best["account_id"].to_numpy(),
        "due_on": pd.Timestamp(as_of) + pd.Timedelta(days=policy.due_days),
        "channel": [offered[at].channel for at in place],
        "minutes": np.array([offered[at].minutes for at in place], dtype=np.int64),
        "play": [offered[at].name for at in place],
        "kind": "reward",
        "why": (
            "one of our best accounts: low risk, a reward of "
            + number_words(best["_reward"].to_numpy())
            + f" a year, not thanked for {policy.quiet_days:,} days"
        ),
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(best)))[list(SCHEDULE_COLUMNS)]


def _may_be_thanked(scores: pd.DataFrame) -> Bools:
    """Return where value is high, risk is low and nothing speaks against a thank you."""
    best = (scores["value_tier"] == "high") & (scores["risk_tier"] == "low")
    gone, held_out = flags(scores, "churned")[0], flags(scores, "held_out")[0]
    critical = numbers(scores, "open_critical") > 0
    return best.to_numpy(dtype=bool, na_value=False) & ~gone & ~held_out & ~critical


def _was_thanked(
    scores: pd.DataFrame,
    made_touches: pd.DataFrame,
    plays: Sequence[Play],
    policy: RewardPolicy,
    as_of: pd.Timestamp,
) -> Bools:
    """Return who had a reward play within the quiet days."""
    names = {play.name for play in plays if play.kind == "reward"}
    since = pd.Timestamp(as_of) - pd.Timedelta(days=policy.quiet_days)
    day = pd.to_datetime(made_touches["day"])
    thanked = made_touches[made_touches["play"].isin(names) & (day >= since) & (day < pd.Timestamp(as_of))]
    return scores["account_id"].astype(str).isin(thanked["account_id"].astype(str)).to_numpy()
