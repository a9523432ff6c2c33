"""Who the accounts are: the facts that do not move while the book is lived."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.sample.names import company_names
from standfast.sample.period import Period
from standfast.sample.streams import Flags, Floats, Whole, happens, stream

INDUSTRIES = (
    "Software", "Manufacturing", "Healthcare", "Retail", "Finance", "Logistics", "Education", "Public sector",
)  # fmt: skip
_INDUSTRY_FIT = np.array([0.15, 0.1, 0.0, -0.2, 0.1, 0.0, -0.1, 0.1])
COUNTRIES = ("US", "DE", "GB", "FR", "NL", "SE", "JP", "BR")
_COUNTRY_SHARE = (0.38, 0.16, 0.14, 0.1, 0.07, 0.05, 0.06, 0.04)
PLANS = ("Starter", "Business", "Enterprise")
SEAT_PRICES = np.array([180.0, 360.0, 600.0])
PRODUCTS = ("Planner", "Ledger", "Insight")
ACCOUNTS_PER_OWNER = 100


@dataclass(frozen=True)
class Roster:
    """One array per fact, one entry per account; ``fit``, ``growth`` and ``busyness`` are never exported."""

    account_id: npt.NDArray[np.object_]
    joined_month: Whole
    billing_day: Whole
    yearly: Flags
    auto_renew: Flags
    plan: Whole
    product: Whole
    industry: Whole
    country: Whole
    owner: Whole
    seats: Floats
    seat_price: Floats
    fit: Floats
    growth: Floats
    busyness: Floats

    @property
    def n_accounts(self) -> int:
        """Accounts in the book, those that left included."""
        return len(self.account_id)

    @property
    def n_owners(self) -> int:
        """People who own accounts, about one to a hundred."""
        return max(1, round(self.n_accounts / ACCOUNTS_PER_OWNER))

    @property
    def revenue(self) -> Floats:
        """Revenue a year with which the account entered the book."""
        return self.seats * self.seat_price


def found_accounts(n_accounts: int, *, period: Period, seed: int) -> Roster:
    """Draw the accounts: a third joins during the period, size is lognormal so that few carry much."""
    rng = stream(seed, "accounts")
    size = rng.normal(0.0, 1.0, n_accounts)
    before = -1 - np.minimum(rng.exponential(22.0, n_accounts), 95.0).astype(np.int64)
    joins = happens(0.33, (n_accounts,), rng)
    plan = np.digitize(size + rng.normal(0.0, 0.7, n_accounts), [0.0, 1.3]).astype(np.int64)
    industry = rng.integers(0, len(INDUSTRIES), n_accounts)
    return Roster(
        account_id=np.array([f"ACC-{number:05d}" for number in range(1, n_accounts + 1)], dtype=object),
        joined_month=np.where(joins, rng.integers(0, period.n_months, n_accounts), before),
        billing_day=rng.integers(2, 29, n_accounts),
        yearly=happens(0.45 + 0.12 * plan, (n_accounts,), rng),
        auto_renew=happens(0.6, (n_accounts,), rng),
        plan=plan,
        product=rng.choice(len(PRODUCTS), n_accounts, p=(0.5, 0.3, 0.2)),
        industry=industry,
        country=rng.choice(len(COUNTRIES), n_accounts, p=_COUNTRY_SHARE),
        owner=rng.integers(0, max(1, round(n_accounts / ACCOUNTS_PER_OWNER)), n_accounts),
        seats=np.maximum(3.0, np.round(np.exp(3.1 + 1.2 * size))),
        seat_price=np.round(SEAT_PRICES[plan] * np.exp(rng.normal(0.0, 0.12, n_accounts)), 0),
        fit=_INDUSTRY_FIT[industry] + rng.normal(0.0, 0.5, n_accounts),
        growth=rng.normal(0.010, 0.014, n_accounts),
        busyness=np.exp(rng.normal(0.0, 0.22, n_accounts)),
    )


def owner_names(n_owners: int) -> npt.NDArray[np.object_]:
    """Give the names under which owners stand in the tables."""
    return np.array([f"csm{number:03d}@example.com" for number in range(1, n_owners + 1)], dtype=object)


def accounts_table(roster: Roster, *, plan: Whole, active: Flags, period: Period, seed: int) -> pd.DataFrame:
    """Give the CRM's export of today: plan and status are today's state, and two columns mean nothing."""
    rng = stream(seed, "accounts table")
    n = roster.n_accounts
    employees = np.round(roster.seats * np.exp(rng.normal(1.6, 0.8, n)))
    started = period.day_at(roster.joined_month, roster.billing_day)
    return pd.DataFrame(
        {
            "account_id": roster.account_id,
            "name": company_names(n, seed=seed),
            "industry": _as_typed(np.asarray(INDUSTRIES, dtype=object)[roster.industry], rng),
            "plan": np.asarray(PLANS, dtype=object)[plan],
            "product": np.asarray(PRODUCTS, dtype=object)[roster.product],
            "country": np.asarray(COUNTRIES, dtype=object)[roster.country],
            "employees": pd.array(np.where(happens(0.06, (n,), rng), np.nan, employees), dtype="Int64"),
            "started_on": period.dates(started),
            "owner": blank_where(happens(0.01, (n,), rng), owner_names(roster.n_owners)[roster.owner]),
            "parent_id": _parents(roster, rng),
            "currency": "USD",
            "status": np.where(active, "Active", "Cancelled"),
            "sales_region_code": rng.integers(1, 7, n),
            "fiscal_year_end": rng.choice(["March", "June", "September", "December"], n),
        }
    )


def blank_where(blank: Flags, words: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Give the words with nothing in the places told."""
    kept = words.copy()
    kept[blank] = None
    return kept


def _as_typed(words: npt.NDArray[np.object_], rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Write some words the way people type them: other case, a blank behind, or nothing."""
    typed = words.copy()
    for share, change in ((0.05, str.upper), (0.05, str.lower), (0.01, "{} ".format)):
        chosen = np.flatnonzero(happens(share, words.shape, rng))
        typed[chosen] = [change(word) for word in words[chosen]]
    return blank_where(happens(0.03, words.shape, rng), typed)


def _parents(roster: Roster, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Give one account in twenty-five a parent among the largest tenth; the largest have none."""
    n = roster.n_accounts
    largest = np.argsort(-roster.revenue, kind="stable")[: max(1, n // 10)]
    chosen = happens(0.04, (n,), rng)
    chosen[largest] = False
    return blank_where(~chosen, roster.account_id[rng.choice(largest, n)])
