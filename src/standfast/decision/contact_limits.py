"""How often accounts were contacted lately, and when they may be contacted again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.channel_words import IN_PERSON, name_channels
from standfast.decision.columns import Bools, Floats, Ints
from standfast.decision.guards import Guards
from standfast.decision.response import Response
from standfast.errors import InputError

WINDOW_DAYS = 30
"""Contacts are counted over so many days."""
MADE_COLUMNS = ("account_id", "day", "channel")
"""What is needed of touches already made."""


@dataclass(frozen=True, eq=False)
class ContactLimits:
    """Contacts of each account in the 30 days before the plan starts, and days until the next may come.

    A visit or review counts ``in_person_contacts``; automated messages count nothing. ``n_fixed`` are the
    contacts that fixed work makes in the coming horizon.
    """

    n_recent: Floats
    wait_days: Ints
    n_fixed: Ints | int = 0

    @property
    def is_used(self) -> Bools:
        """Where contacts made, or those of fixed work, take of the cap."""
        return np.asarray(self.n_recent + self.n_fixed > 0)


def contact_limits(
    account_ids: pd.Series, made: pd.DataFrame, *, start: pd.Series, guards: Guards, response: Response
) -> ContactLimits:
    """Return what touches already made leave of each account's patience.

    The next contact waits until ``cooldown_days`` after the last one, and until fewer than
    ``most_contacts_30d`` contacts are younger than 30 days.

    Parameters
    ----------
    start
        The day the plan starts, for each account; touches on it or later are not looked at. Where it is
        empty, the day after the newest touch.

    Raises
    ------
    InputError
        The touches lack a column.

    Examples
    --------
    >>> made = pd.DataFrame({"account_id": ["a", "a", "b"], "channel": ["in_person", "call", "digital"],
    ...                      "day": pd.to_datetime(["2026-01-10", "2026-01-20", "2026-01-30"])})
    >>> start = pd.Series(pd.to_datetime(["2026-01-31", "2026-01-31"]))
    >>> limits = contact_limits(pd.Series(["a", "b"]), made, start=start, guards=Guards(),
    ...                         response=Response())
    >>> limits.n_recent.tolist(), limits.wait_days.tolist()
    ([3.0, 0.0], [9, 0])
    """
    contacts = _contacts(account_ids, made, start=start, response=response)
    n_accounts, place, age = len(account_ids), contacts["place"].to_numpy(), contacts["age"].to_numpy()
    weight, is_recent = contacts["weight"].to_numpy(), contacts["age"].to_numpy() < WINDOW_DAYS
    n_recent = np.zeros(n_accounts)
    np.add.at(n_recent, place[is_recent], weight[is_recent])
    newest = contacts.groupby("place", sort=False)["age"].min()
    wait = np.zeros(n_accounts, dtype=np.int64)
    wait[newest.index.to_numpy()] = np.maximum(guards.cooldown_days - newest.to_numpy(), 0)
    in_the_way = contacts.groupby("place", sort=False)["weight"].cumsum().to_numpy()
    too_many = is_recent & (in_the_way >= guards.most_contacts_30d)
    np.maximum.at(wait, place[too_many], WINDOW_DAYS - age[too_many])
    return ContactLimits(n_recent, wait)


def contacts_left(limits: ContactLimits, contact_cap: Ints) -> Ints:
    """Return how many contacts are left of each account's cap.

    Those of the last 30 days count against it, and those of fixed work to come.
    """
    return np.maximum(np.floor(contact_cap - limits.n_recent - limits.n_fixed), 0).astype(np.int64)


def no_contacts(n_accounts: int) -> ContactLimits:
    """Return the limits of accounts that nobody has contacted lately."""
    return ContactLimits(np.zeros(n_accounts), np.zeros(n_accounts, dtype=np.int64))


def _contacts(
    account_ids: pd.Series, made: pd.DataFrame, *, start: pd.Series, response: Response
) -> pd.DataFrame:
    """Return contacts with the account's place, their age in days and weight: an account's newest first."""
    if missing := [name for name in MADE_COLUMNS if name not in made]:
        raise InputError(f"the touches made lack columns {missing}; they need {list(MADE_COLUMNS)}")
    day = pd.to_datetime(made["day"], errors="coerce", format="mixed").dt.tz_localize(None).dt.normalize()
    first_day = pd.to_datetime(start).fillna(day.max() + pd.Timedelta(days=1)).to_numpy()
    place = pd.Index(account_ids.astype(str)).get_indexer(pd.Index(made["account_id"].astype(str)))
    channel = name_channels(made["channel"])
    weight = np.where(channel.isin(IN_PERSON), response.in_person_contacts, 1.0)
    counts = (place >= 0) & day.notna().to_numpy() & (channel != "digital").to_numpy()
    age = (first_day[place[counts]] - day.to_numpy()[counts]).astype("timedelta64[D]").astype(np.int64)
    found = pd.DataFrame({"place": place[counts], "age": age, "weight": weight[counts]})
    return found[found["age"] > 0].sort_values(["place", "age"], kind="stable", ignore_index=True)
