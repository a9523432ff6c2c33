"""Campaigns for a new offer: who is on which list, in which order, and who is contacted next (O1)."""

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, numbers
from standfast.decision.spend_tiers import LISTS
from standfast.decision.words import number_words
from standfast.schema import ACCOUNT_ID

LISTED_COLUMNS = (
    ACCOUNT_ID, "list", "place", "owner", "annual_revenue", "upsell_probability", "upsell_value",
)  # fmt: skip
UNKNOWN_CHANCE = "how likely it expands is unknown"


def list_accounts(
    frame: pd.DataFrame, *, lists: tuple[str, ...], wanted: Bools | None = None
) -> pd.DataFrame:
    """Return the accounts of a campaign in the order in which they are contacted (O1).

    List by list of the spend tiers; within one by what the offer is likely worth (probability of an
    expansion x its value), then by revenue, then by id. Accounts without a known revenue are on no list.

    Parameters
    ----------
    frame
        Accounts with ``spend_list`` and their scores.
    wanted
        Where the accounts are that the offer is for; None: all of them.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["x", "y", "z"], "spend_list": ["B", "A", "B"],
    ...     "upsell_probability": [0.1, 0.1, 0.3], "upsell_value": [100.0, 900.0, 100.0]})
    >>> list_accounts(book, lists=("A", "B"))[["account_id", "list", "place"]].values.tolist()
    [['y', 'A', 1], ['z', 'B', 1], ['x', 'B', 2]]
    """
    money = {name: numbers(frame, name) for name in LISTED_COLUMNS[4:]}
    rows = pd.DataFrame(
        {
            ACCOUNT_ID: frame[ACCOUNT_ID].astype("str"),
            "list": frame["spend_list"].astype("str"),
            "owner": frame["owner"].astype("str") if "owner" in frame else None,
            **money,
            "worth": np.nan_to_num(money["upsell_probability"] * money["upsell_value"]),
        }
    )
    chosen = rows["list"].isin(lists).to_numpy() & (True if wanted is None else wanted)
    ordered = rows[chosen].sort_values(
        ["list", "worth", "annual_revenue", ACCOUNT_ID],
        ascending=[True, False, False, True],
        kind="stable",
        ignore_index=True,
    )
    place = ordered.groupby("list").cumcount() + 1
    return ordered.assign(place=place.astype("int64"))[list(LISTED_COLUMNS)]


def next_accounts(accounts: pd.DataFrame, *, open_list: str) -> pd.DataFrame:
    """Return whom to contact now, in order, with the reason: of the lists that are open, not contacted yet.

    An account that was suppressed when its list was worked comes back first when the reason has ended.

    Parameters
    ----------
    accounts
        Rows of ``list_accounts`` with ``n_contacts`` and ``suppressed_because``, empty where nothing holds an
        account back.
    """
    opened = accounts["list"].isin(LISTS[: LISTS.index(open_list) + 1])
    free = accounts["suppressed_because"].isna() & (accounts["n_contacts"] == 0)
    ordered = accounts[opened & free].sort_values(["list", "place"], kind="stable", ignore_index=True)
    return ordered.assign(why=_why(ordered, accounts))


def _why(chosen: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """Word where the account stands on its list, and what the offer may be worth to it."""
    sizes = numbers(chosen.assign(size=chosen["list"].map(accounts["list"].value_counts())), "size")
    place = "number " + number_words(numbers(chosen, "place")) + " of " + number_words(sizes) + " on list "
    chance, value = numbers(chosen, "upsell_probability"), numbers(chosen, "upsell_value")
    likely = number_words(100 * np.nan_to_num(chance)) + " % likely to expand, by "
    likely = likely + number_words(np.nan_to_num(value)) + " a year"
    revenue = numbers(chosen, "annual_revenue")
    pays = "; pays " + number_words(np.nan_to_num(revenue))
    likely, pays = likely.mask(np.isnan(chance * value), UNKNOWN_CHANCE), pays.mask(np.isnan(revenue), "")
    return (place + chosen["list"].astype("str") + ": " + likely + pays).astype("str")
