"""What was done for each account that chance put in an arm, from its cycle to the end of its horizon."""

import numpy as np
import pandas as pd

from standfast.learning.holdout import HELD_OUT, PLANNED

CHANNELS = ("in_person", "call", "email", "digital")
PERSONAL_CHANNELS = CHANNELS[:3]
"""Those that take a person's time."""
DONE = tuple(f"done_{channel}" for channel in CHANNELS)
PERSONAL = tuple(f"done_{channel}" for channel in PERSONAL_CHANNELS)
PLANNED_COUNTS = tuple(f"n_{channel}" for channel in CHANNELS)
PERSONAL_COUNTS = tuple(f"n_{channel}" for channel in PERSONAL_CHANNELS)


def ends_on(assignments: pd.DataFrame) -> pd.Series:
    """Return the first day after each row's horizon."""
    cycle = pd.to_datetime(assignments["cycle"])
    end: pd.Series = cycle + pd.to_timedelta(assignments["horizon_days"].astype("int64"), unit="D")
    return end


def add_done(assignments: pd.DataFrame, touches: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the touches of each channel from their cycle to the end of their horizon.

    ``is_recorded`` says whether anybody recorded a touch with any account of the row's owner in that time.
    Where nobody did, nothing is known: what was done is empty there, and not 0.

    Parameters
    ----------
    assignments
        ``cycle``, ``horizon_days``, ``account_id``, ``owner`` (empty: nobody's).
    touches
        ``account_id``, ``day``, ``channel`` (in_person, call, email, digital; others are counted nowhere),
        and ``owner`` of the account.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a", "b", "c"], "owner": ["ann", "ann", "bob"],
    ...     "cycle": "2026-01-05", "horizon_days": 90})
    >>> made = pd.DataFrame({"account_id": "a", "owner": "ann", "channel": "call",
    ...     "day": pd.to_datetime(["2026-01-04", "2026-01-05", "2026-04-04", "2026-04-05"])})
    >>> add_done(rows, made)[["done_call", "is_recorded"]].to_numpy().tolist()
    [[2.0, True], [0.0, True], [nan, False]]
    """
    within = touches_within(assignments, touches)
    counts = pd.crosstab(within["row"], within["channel"]).reindex(
        index=range(len(assignments)), columns=list(CHANNELS), fill_value=0
    )
    recorded = _is_recorded(assignments, touches)
    done = counts.astype("float64").set_axis(list(DONE), axis=1).set_axis(assignments.index)
    known = {name: done[name].where(recorded) for name in DONE}
    return assignments.assign(**known, is_recorded=recorded)


def touches_within(assignments: pd.DataFrame, touches: pd.DataFrame) -> pd.DataFrame:
    """Return the touches of each row's account within its horizon, each with the place of its ``row``."""
    spans = _spans(assignments).assign(row=np.arange(len(assignments)))
    met = spans.merge(touches, on="account_id", suffixes=("", "_of_touch"))
    inside: pd.DataFrame = met[(met["day"] >= met["begins_on"]) & (met["day"] < met["ends_on"])]
    return inside


def _is_recorded(assignments: pd.DataFrame, touches: pd.DataFrame) -> pd.Series:
    keys = ["owner", "begins_on", "ends_on"]
    spans = _spans(assignments)
    days = touches.assign(owner=touches["owner"].fillna(""))[["owner", "day"]].drop_duplicates()
    met = spans[keys].drop_duplicates().merge(days, on="owner")
    recorded = met[(met["day"] >= met["begins_on"]) & (met["day"] < met["ends_on"])][keys].drop_duplicates()
    found = spans[keys].merge(recorded.assign(is_recorded=True), on=keys, how="left")["is_recorded"]
    return pd.Series(found.notna().to_numpy(), index=assignments.index)


def _spans(assignments: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": assignments["account_id"].astype("str"),
            "owner": assignments["owner"].fillna("").astype("str"),
            "begins_on": pd.to_datetime(assignments["cycle"]),
            "ends_on": ends_on(assignments),
        }
    )


def count_followed(rows: pd.DataFrame) -> dict[str, int]:
    """Count the accounts by arm and by what was done for them: as treated, beside as assigned.

    A planned account is done as planned where each channel has as many touches as its plan; in part where a
    person was in touch with it at all.

    Examples
    --------
    >>> rows = pd.DataFrame({"arm": ["planned", "held_out"], "is_recorded": True, "n_in_person": 0,
    ...     "n_call": 2, "n_email": 0, "n_digital": 0, "done_in_person": 0.0, "done_call": [1.0, 0.0],
    ...     "done_email": 0.0, "done_digital": 0.0})
    >>> {name: n for name, n in count_followed(rows).items() if n}
    {'planned, in part': 1, 'held_out, left alone': 1}
    """
    known = rows["is_recorded"].astype(bool)
    done = rows[list(DONE)].fillna(0).to_numpy()
    personal = rows[list(PERSONAL)].fillna(0).sum(axis=1).to_numpy() > 0
    fully = (done >= rows[list(PLANNED_COUNTS)].to_numpy()).all(axis=1) & personal
    is_held = (rows["arm"] == HELD_OUT).to_numpy()
    arm = np.where(is_held, HELD_OUT, PLANNED)
    said = np.select(
        [~known.to_numpy(), is_held & personal, is_held, fully, personal],
        ["not recorded", "contacted", "left alone", "as planned", "in part"],
        "nothing done",
    )
    words = pd.Series(arm, dtype="str") + ", " + pd.Series(said, dtype="str")
    names = [f"{PLANNED}, {one}" for one in ("as planned", "in part", "nothing done", "not recorded")]
    names += [f"{HELD_OUT}, {one}" for one in ("left alone", "contacted", "not recorded")]
    counted = words.value_counts()
    return {name: int(counted.get(name, 0)) for name in names}
