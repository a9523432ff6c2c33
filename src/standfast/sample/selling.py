"""Opportunities, won and lost: the pipeline knows some of the future, and is wrong about much of it."""

import numpy as np
import pandas as pd

from standfast.sample.accounts import Roster
from standfast.sample.contracts import Contracts
from standfast.sample.period import Period
from standfast.sample.streams import happens, stream

_LEAD_DAYS = (15, 100)
_YEAR = 365


def opportunities_table(
    rows: pd.DataFrame, *, roster: Roster, contracts: Contracts, period: Period, seed: int
) -> pd.DataFrame:
    """Give the pipeline opened during the period: new business, renewals and expansions, some still open."""
    rng = stream(seed, "opportunities")
    pipeline = pd.concat(
        [
            _new_business(rows),
            _renewals(contracts, roster),
            _expansions(rows, roster, contracts, period, rng),
        ],
        ignore_index=True,
    )
    rng_ahead = stream(seed, "opportunities ahead")
    ahead = _ahead(pipeline, roster, contracts, period, rng_ahead)
    known = pd.concat([_opened(pipeline, period, rng), _opened(ahead, period, rng_ahead)], ignore_index=True)
    known = known.sort_values(["opens", "account", "kind"], kind="stable", ignore_index=True)
    closed = known["closes"] < period.n_days
    return pd.DataFrame(
        {
            "account_id": roster.account_id[known["account"]],
            "opened_on": period.dates(known["opens"]),
            "closed_on": period.dates(known["closes"]),
            "amount": known["amount"].round(2),
            "kind": known["kind"],
            "won": known["won"].astype("boolean").where(closed),
        }
    )


def _opened(pipeline: pd.DataFrame, period: Period, rng: np.random.Generator) -> pd.DataFrame:
    """Give what was opened within the period, some time before it closes."""
    opens = pipeline["closes"].to_numpy() - rng.integers(_LEAD_DAYS[0], _LEAD_DAYS[1], len(pipeline))
    opened = (opens >= 0) & (opens < period.n_days)
    return pipeline[opened].assign(opens=opens[opened])


def _ahead(
    pipeline: pd.DataFrame,
    roster: Roster,
    contracts: Contracts,
    period: Period,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Give what closes only after the period: terms that end then, and hopes as many as in its last year.

    Without it the pipeline would run dry towards the end, as no company's does.
    """
    log = contracts.events
    signed = log[log["kind"].isin(["new", "return", "renewal"]) & roster.yearly[log["account"]]]
    terms = signed[signed["opens"].astype(bool)].groupby("account", as_index=False)["day"].max()
    due = signed.merge(terms, on=["account", "day"]).assign(closes=lambda rows: rows["day"] + _YEAR)
    hopes = pipeline[pipeline["kind"].eq("expansion") & (pipeline["closes"] >= period.n_days - _YEAR)]
    others = rng.permutation(hopes["account"].to_numpy(copy=True))
    hopes = hopes.assign(closes=hopes["closes"] + _YEAR, account=others)
    renewals = due.assign(amount=due["seats"] * due["seat_price"], kind="renewal", won=True)
    ahead = pd.concat([renewals[pipeline.columns], hopes], ignore_index=True)
    is_here = contracts.alive(ahead["account"].to_numpy(), np.full(len(ahead), period.n_days - 1))
    return ahead[(ahead["closes"] >= period.n_days).to_numpy() & is_here]


def _new_business(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each contract signed in the period; chances lost never became accounts."""
    new = rows[rows["kind"].isin(["new", "return"])]
    return pd.DataFrame(
        {"account": new["account"], "closes": new["day"], "amount": new["amount"], "kind": "new", "won": True}
    )


def _renewals(contracts: Contracts, roster: Roster) -> pd.DataFrame:
    """Give each yearly term that ended in the period: renewed, or lost."""
    log = contracts.events
    ended = log[log["kind"].isin(["renewal", "churn"]) & roster.yearly[log["account"]]]
    return pd.DataFrame(
        {
            "account": ended["account"],
            "closes": ended["day"],
            "amount": ended["seats"] * ended["seat_price"],
            "kind": "renewal",
            "won": ended["opens"],
        }
    )


def _expansions(
    rows: pd.DataFrame, roster: Roster, contracts: Contracts, period: Period, rng: np.random.Generator
) -> pd.DataFrame:
    """Give seven in ten of the expansions, and about twice as many hopes that came to nothing."""
    grown = rows[rows["kind"].eq("upgrade") & happens(0.7, (len(rows),), rng)]
    account, month = np.nonzero(happens(0.03, contracts.seats.shape, rng))
    here = contracts.alive(account, period.month_starts()[month])
    account, month = account[here], month[here]
    hoped = 0.2 * contracts.seats[account, month] * roster.seat_price[account]
    return pd.DataFrame(
        {
            "account": np.concatenate([grown["account"], account]),
            "closes": np.concatenate(
                [grown["day"], period.day_at(month + 1, rng.integers(1, 29, len(month)))]
            ),
            "amount": np.concatenate([0.2 * grown["amount"], hoped]),
            "kind": "expansion",
            "won": np.repeat([True, False], [len(grown), len(account)]),
        }
    )
