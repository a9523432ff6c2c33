"""The plan on the calendar: which touch of which account falls due on which working day (C1, C10)."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt
from typing_extensions import Doc

from standfast.decision.bundles import Channels
from standfast.decision.columns import Floats, Ints, codes_of
from standfast.decision.levelling import level_days
from standfast.decision.line_touches import line_touches
from standfast.decision.matrix import MATRIX, Matrix
from standfast.errors import InputError
from standfast.schema import SCHEDULE_COLUMNS

SOME_MONDAY = np.datetime64("2001-01-01")
"""Where a plan without dates begins while its touches are put in order."""
_KEYS = ["account_id", "channel", "kind"]


@dataclass(frozen=True, kw_only=True)
class SchedulePolicy:
    """How the touches of a plan are spread over its days."""

    least_days_between: Annotated[
        int, Ge(1), Doc("Days from one contact to the next of the same account, at least.")
    ] = 5
    most_contacts: Annotated[int, Ge(1), Doc("Contacts of an account in any contact_window_days.")] = 3
    contact_window_days: Annotated[int, Gt(0), Doc("Days in which no more contacts than that fall.")] = 30
    days_off: Annotated[tuple[str, ...], Doc('Days on which nobody works: ["2026-12-25"].')] = ()

    def __post_init__(self) -> None:
        """Refuse what is no date."""
        for day in self.days_off:
            try:
                np.datetime64(day, "D")
            except ValueError:
                raise InputError(f"days_off holds {day!r}; give dates as YYYY-MM-DD") from None


def schedule_touches(
    lines: pd.DataFrame,
    *,
    channels: Channels,
    policy: SchedulePolicy,
    horizon_days: int,
    as_of: Any = None,
    fixed: pd.DataFrame | None = None,
    wait_days: pd.Series | None = None,
    matrix: Matrix = MATRIX,
) -> pd.DataFrame:
    """Return one row per touch with the columns of a schedule, by the day it falls due.

    The first contact of an account is made by its ``first_touch_by``, the others follow at an even cadence;
    each has a window of days in which it may move without coming too close to another, and an owner's
    weeks are levelled within these windows. All days are working days, Monday to Friday but for ``days_off``.
    Where a horizon is too short for the days between contacts, they are spread as evenly as it allows.

    Parameters
    ----------
    as_of
        The day the plan begins; without one the rows come in order, and ``due_on`` is empty.
    fixed
        Work with days of its own: its rows come as they are, and the others keep clear of full weeks.
    wait_days
        Days, line by line, before which no person may contact the account again.

    Examples
    --------
    >>> lines = pd.DataFrame({"account_id": ["a"], "owner": ["Ann"], "cell": ["high risk, high value"],
    ...     "play": ["Executive rescue"], "n_in_person": [1], "n_call": [1], "n_email": [0], "n_digital": [0],
    ...     "hours": [4.0], "first_touch_by": ["2026-01-07"], "why": ["likely to leave"]})
    >>> days = schedule_touches(lines, channels=Channels(), policy=SchedulePolicy(), horizon_days=90,
    ...                         as_of="2026-01-05")
    >>> days[["due_on", "channel", "minutes"]].astype(str).values.tolist()
    [['2026-01-05', 'call', '60'], ['2026-02-19', 'review', '180']]
    """
    touches = line_touches(lines, channels=channels, matrix=matrix)
    begin = SOME_MONDAY if as_of is None else np.datetime64(str(as_of)[:10])
    days = working_days(begin, horizon_days, days_off=policy.days_off)
    told = lines.iloc[touches["place"].to_numpy()].reset_index(drop=True)
    due = _due_places(told, days, begin=begin, is_dated=as_of is not None, matrix=matrix)
    waits = _wait_places(wait_days, touches, days, begin=begin)
    windows = _windows(touches, np.maximum(due, waits), waits, n_days=len(days), policy=policy)
    owners = _owner_codes(lines, fixed)
    chosen = level_days(
        windows.assign(
            owner=owners[0][touches["place"].to_numpy()],
            minutes=touches["minutes"],
            tie=told["account_id"].astype(str) + "\0" + touches["step"].map("{:04d}".format).astype("str"),
        ),
        week_of_day=_weeks(days),
        load=_load(fixed, owners, days),
    )
    rows = told.assign(
        due_on=days[chosen].astype("datetime64[s]"),
        channel=touches["channel"],
        minutes=touches["minutes"].astype(np.int64),
        kind="outreach",
    )[list(SCHEDULE_COLUMNS)]
    whole = rows if fixed is None or fixed.empty else pd.concat([rows, _as_rows(fixed)], ignore_index=True)
    whole = whole.sort_values(["due_on", *_KEYS], kind="stable", ignore_index=True)
    undated = pd.Series(pd.NaT, whole.index, "datetime64[s]")
    return whole if as_of is not None else whole.assign(due_on=undated)


def working_days(begin: np.datetime64, horizon_days: int, *, days_off: tuple[str, ...] = ()) -> Any:
    """Return the working days of the horizon; the next one where it holds none."""
    off = np.array(days_off, dtype="datetime64[D]")
    every = np.arange(begin, begin + horizon_days, dtype="datetime64[D]")
    weekdays = every[np.is_busday(every, holidays=off)]
    return weekdays if len(weekdays) else np.array([np.busday_offset(begin, 0, roll="forward", holidays=off)])


def working_days_in(days: int) -> int:
    """Return how many working days must lie between two days for them to be ``days`` apart at least.

    >>> working_days_in(30), working_days_in(5)
    (22, 5)
    """
    return 5 * (days // 7) + min(days % 7, 5)


def _due_places(
    told: pd.DataFrame, days: Any, *, begin: np.datetime64, is_dated: bool, matrix: Matrix
) -> Ints:
    """Return the last working day on which each row's account may be contacted first."""
    sla = np.array([*(cell.sla_days for cell in matrix.cells), 0])[codes_of(told, "cell", matrix.cell_names)]
    promised = begin + sla.astype("timedelta64[D]")
    if is_dated and "first_touch_by" in told:
        given = pd.to_datetime(told["first_touch_by"]).to_numpy().astype("datetime64[D]")
        promised = np.where(np.isnat(given), promised, given)
    place = np.searchsorted(days, promised, side="right") - 1
    return np.asarray(np.clip(place, 0, len(days) - 1), dtype=np.int64)


def _wait_places(
    wait_days: pd.Series | None, touches: pd.DataFrame, days: Any, *, begin: np.datetime64
) -> Ints:
    """Return the first working day on which each row's account may be contacted again."""
    if wait_days is None or wait_days.empty:
        return np.zeros(len(touches), dtype=np.int64)
    waits = wait_days.to_numpy(dtype=np.int64)[touches["place"].to_numpy()]
    place = np.searchsorted(days, begin + waits.astype("timedelta64[D]"), side="left")
    return np.asarray(np.clip(place, 0, len(days) - 1), dtype=np.int64)


def _windows(
    touches: pd.DataFrame, due: Ints, waits: Ints, *, n_days: int, policy: SchedulePolicy
) -> pd.DataFrame:
    """Return the first and last working day of each touch, so that windows never come too close."""
    step, is_automated = touches["step"].to_numpy(), touches["is_automated"].to_numpy()
    n = touches.groupby(["place", "is_automated"])["step"].transform("size").to_numpy()
    gap = _gaps(n, due, n_days=n_days, policy=policy)
    start = due + np.floor(step * gap + 1e-9).astype(np.int64)
    room = np.where(step == 0, 0, _room(gap, policy))
    by_itself = np.floor((step + 0.5) * n_days / n).astype(np.int64)
    earliest = np.where(is_automated, by_itself, np.where(step == 0, waits, start))
    latest = np.where(is_automated, by_itself, np.minimum(start + room, n_days - 1))
    return pd.DataFrame({"earliest": earliest, "latest": latest})


def _gaps(n: Ints, due: Ints, *, n_days: int, policy: SchedulePolicy) -> Floats:
    """Return the working days from a contact to the next: an even cadence, as wide as the rules ask."""
    in_window = working_days_in(policy.contact_window_days) / policy.most_contacts
    least = max(working_days_in(policy.least_days_between), 1)
    wanted = np.maximum((n_days - due) / n, np.where(n > policy.most_contacts, max(in_window, least), least))
    return np.asarray(np.minimum(wanted, (n_days - 1 - due) / np.maximum(n - 1, 1)))


def _room(gap: Floats, policy: SchedulePolicy) -> Ints:
    """Return how many days a contact may move from its start without breaking a rule."""
    most, least = policy.most_contacts, working_days_in(policy.least_days_between)
    to_next = np.floor(gap + 1e-9) - least
    to_cap = np.floor(most * gap + 1e-9) - working_days_in(policy.contact_window_days)
    return np.asarray(np.maximum(np.minimum(to_next, to_cap), 0), dtype=np.int64)


def _weeks(days: Any) -> Ints:
    """Return the calendar week of each working day, counted from the first."""
    weeks = (days - SOME_MONDAY).astype(np.int64) // 7
    return np.asarray(weeks - weeks[0], dtype=np.int64)


def _owner_codes(lines: pd.DataFrame, fixed: pd.DataFrame | None) -> tuple[Ints, Ints, int]:
    """Return a number for each owner of a line and of fixed work; nobody is one, too."""
    own = lines["owner"].astype("str").fillna("")
    others = pd.Series([], dtype="str") if fixed is None else fixed["owner"].astype("str").fillna("")
    codes, names = pd.factorize(pd.concat([own, others], ignore_index=True), sort=True)
    return codes[: len(own)].astype(np.int64), codes[len(own) :].astype(np.int64), max(len(names), 1)


def _load(fixed: pd.DataFrame | None, owners: tuple[Ints, Ints, int], days: Any) -> Floats:
    """Return the minutes of fixed work by owner and working day."""
    load = np.zeros((owners[2], len(days)))
    if fixed is not None and len(fixed):
        on = pd.to_datetime(fixed["due_on"]).to_numpy().astype("datetime64[D]")
        within = (on >= days[0]) & (on <= days[-1])
        place = np.searchsorted(days, on[within], side="right") - 1
        np.add.at(load, (owners[1][within], place), fixed["minutes"].to_numpy(dtype=np.float64)[within])
    return load


def _as_rows(fixed: pd.DataFrame) -> pd.DataFrame:
    return fixed[list(SCHEDULE_COLUMNS)].assign(
        due_on=pd.to_datetime(fixed["due_on"]).astype("datetime64[s]"),
        minutes=fixed["minutes"].astype(np.int64),
    )
