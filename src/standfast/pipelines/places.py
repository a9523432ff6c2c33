"""Where an account stands in the list by churn probability, and how sure that is."""

from collections.abc import Mapping

import pandas as pd

from standfast.decision.ranks import add_places
from standfast.schema import ACCOUNT_ID


def place_of(account: str, scores: pd.DataFrame) -> dict[str, int] | None:
    """Give an account's place and those its interval allows; None without a probability."""
    listed = add_places(scores)
    row = listed[listed[ACCOUNT_ID] == account].iloc[0]
    if pd.isna(row["place"]):
        return None
    places = {name: int(row[name]) for name in ("place", "best_place", "worst_place")}
    return {**places, "of": int(listed["place"].notna().sum())}


def place_lines(place: Mapping[str, int] | None) -> list[str]:
    """Say it in one line."""
    if place is None:
        return []
    allowed = f"its interval allows places {place['best_place']:,} to {place['worst_place']:,}"
    return [f"  number {place['place']:,} of {place['of']:,} by that probability; {allowed}"]
