"""What else is told of one account: what people there said, fixed work, and the play with its steps."""

from typing import Any

import pandas as pd

from standfast.decision.outreach import Plan
from standfast.report.wording import counted, day, is_known
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


def voice_lines(row: pd.Series) -> list[str]:
    """Say what survey answers tell: the worst score of a decision-maker beside the mean of all (S3)."""
    if not is_known(row.get("nps_worst_180d")):
        return []
    mean, worst, decider = (
        row.get(name) for name in ("nps_mean_180d", "nps_worst_180d", "nps_worst_sponsor_180d")
    )
    deciders = (
        f"{decider:g} the worst of a decision-maker" if is_known(decider) else "no decision-maker answered"
    )
    return [f"NPS in 180 days: {deciders}; mean of all answers {mean:.1f}, worst {worst:g}"]


def fixed_rows(account: str, planned: Plan) -> pd.DataFrame:
    """Give the fixed work at an account, by day."""
    return planned.fixed[planned.fixed[ACCOUNT_ID].astype(str) == account].reset_index(drop=True)


def fixed_lines(fixed: pd.DataFrame) -> list[str]:
    """Tell the fixed work at an account; nothing where there is none."""
    told = [
        f"  {day(row['due_on'])}  {row['channel']}, {counted(int(row['minutes']), 'minute')}: "
        f"{row['play']} ({row['why']})"
        for row in fixed.to_dict("records")
    ]
    return ["fixed work, planned before outreach:", *told] if told else []


def play_lines(name: Any, *, settings: Settings) -> list[str]:
    """Tell what a play is for and its steps; nothing where the account has no play."""
    play = next((one for one in settings.play_book if one.name == name), None)
    if play is None:
        return []
    return [f"  goal: {play.goal} ({play.owner_function})", *(f"  - {step}" for step in play.steps)]
