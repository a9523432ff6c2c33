"""People: the accounts' contacts, whose sponsors come and go, and the team that looks after them."""

import numpy as np
import pandas as pd

from standfast.sample.accounts import COUNTRIES, Roster, owner_names
from standfast.sample.health import Health
from standfast.sample.period import NEVER, Period
from standfast.sample.streams import happens, stream

OTHER_ROLES = ("decision-maker", "admin", "user", "user")
HOURS_PER_ACCOUNT = 0.2
"""Hours a quarter that the team keeps for planned outreach, per account."""
_LANGUAGES = dict(zip(COUNTRIES, ("en", "de", "en", "fr", "nl", "sv", "ja", "pt"), strict=True))
_PREFERRED = ("email", "call", "in_person", "digital")
_SKILLS = ("onboarding", "renewals", "enterprise", "technical", "german", "french", "japanese")


def contact_book(roster: Roster, health: Health, *, period: Period, seed: int) -> pd.DataFrame:
    """Give all contacts: the account's place, day numbers of joining and leaving (``joins``, ``leaves``)."""
    rng = stream(seed, "contacts")
    people = pd.concat([_sponsors(roster, health, period, rng), _others(roster, period, rng)])
    people = people.sort_values(["account", "joins", "role"], kind="stable", ignore_index=True)
    number = people.groupby("account").cumcount().to_numpy() + 1
    account = people["account"].to_numpy()
    language = np.array([_LANGUAGES[country] for country in COUNTRIES], dtype=object)[roster.country[account]]
    return people.assign(
        contact_id=[f"C{a + 1:05d}-{k}" for a, k in zip(account, number, strict=True)],
        preferred_channel=rng.choice(_PREFERRED, len(people), p=(0.5, 0.3, 0.1, 0.1)),
        language=np.where(happens(0.15, account.shape, rng), "en", language),
    )


def contacts_table(people: pd.DataFrame, *, roster: Roster, period: Period) -> pd.DataFrame:
    """Give the CRM's export of the contacts that had joined by the period's end."""
    known = people[people["joins"] < period.n_days]
    return pd.DataFrame(
        {
            "contact_id": known["contact_id"],
            "account_id": roster.account_id[known["account"]],
            "role": known["role"],
            "preferred_channel": known["preferred_channel"],
            "language": known["language"],
            "joined_on": period.dates(known["joins"]),
            "left_on": period.dates(known["leaves"]),
        }
    ).reset_index(drop=True)


def team_table(roster: Roster, *, seed: int) -> pd.DataFrame:
    """Give the owners, the hours a quarter they keep for planned outreach, and their skills."""
    rng = stream(seed, "team")
    owned = np.bincount(roster.owner, minlength=roster.n_owners)
    part_time = rng.choice([1.0, 1.0, 1.0, 0.8, 0.6], roster.n_owners)
    hours = np.maximum(
        2.0, np.round(HOURS_PER_ACCOUNT * owned * part_time * rng.uniform(0.9, 1.3, len(owned)))
    )
    skills = [
        ";".join(sorted(rng.choice(_SKILLS, 1 + rng.integers(0, 3), replace=False)))
        for _ in range(roster.n_owners)
    ]
    return pd.DataFrame(
        {"owner": owner_names(roster.n_owners), "hours": hours.astype(np.int64), "skills": skills}
    )


def _sponsors(roster: Roster, health: Health, period: Period, rng: np.random.Generator) -> pd.DataFrame:
    """Give one sponsor after the other: each leaves when a gap opens, the next comes when it closes."""
    gap = np.pad(health.sponsor_gap, ((0, 0), (1, 0))).astype(np.int8)
    change = np.diff(gap, axis=1)
    account, month = np.nonzero(change == 1)
    leaves = period.day_at(month, rng.integers(1, 29, len(month)))
    next_account, next_month = np.nonzero(change == -1)
    comes = period.day_at(next_month, rng.integers(1, 29, len(next_month)))
    first = period.day_at(roster.joined_month, roster.billing_day)
    joins = pd.DataFrame(
        {
            "account": np.concatenate([np.arange(roster.n_accounts), next_account]),
            "joins": np.concatenate([first, comes]),
        }
    ).sort_values(["account", "joins"], ignore_index=True)
    turn = joins.groupby("account").cumcount()
    exits = pd.DataFrame({"account": account, "leaves": leaves})
    exits["turn"] = exits.groupby("account").cumcount()
    sponsors = joins.assign(turn=turn).merge(exits, on=["account", "turn"], how="left")
    return sponsors.assign(leaves=sponsors["leaves"].fillna(NEVER).astype(np.int64), role="sponsor").drop(
        columns="turn"
    )


def _others(roster: Roster, period: Period, rng: np.random.Generator) -> pd.DataFrame:
    """Give the people beside the sponsor; some accounts lack some of them, some people leave."""
    n, each = roster.n_accounts, len(OTHER_ROLES)
    account = np.repeat(np.arange(n), each)
    start = period.day_at(roster.joined_month, roster.billing_day)[account]
    joins = start + np.where(happens(0.5, (n * each,), rng), 0, rng.integers(0, 500, n * each))
    leaves = np.where(happens(0.15, (n * each,), rng), joins + rng.integers(60, 900, n * each), NEVER)
    others = pd.DataFrame({"account": account, "joins": joins, "leaves": leaves, "role": OTHER_ROLES * n})
    return others[happens(np.tile([1.0, 0.9, 0.8, 0.5], n), (n * each,), rng)]
