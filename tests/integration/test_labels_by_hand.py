"""Labels written a second time, account by account and day by day, from what the words say alone."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from standfast.adapters.engine import DuckDbEngine
from standfast.features.labels import LabelPolicy, build_labels
from standfast.features.policy import ChurnPolicy
from standfast.features.snapshot import collect_snapshots
from standfast.sample.book import make_sample_book
from standfast.schema import TABLES

pytestmark = pytest.mark.integration

FIRST, AS_OF = date(2023, 1, 1), date(2024, 12, 1)
N_DAYS = 1000
NEVER = 10_000
DATES = [date(2023, 9, 1), date(2024, 1, 1), date(2024, 4, 30), date(2024, 7, 1), date(2024, 8, 29)]
HORIZON, ACTIVE_DAYS = 90, 120
CASES = [
    *(("subscription", lead, gap) for lead in (0, 14) for gap in (0, 30)),
    *((by, lead, 0) for by in ("inactivity", "column") for lead in (0, 14)),
]


def number(day):
    """A date as days since the first; None where it is missing."""
    return None if pd.isna(day) else (pd.Timestamp(day).date() - FIRST).days


def messy_book(seed=4, n_accounts=160):
    """Overlaps, gaps of every length, ends before starts, re-sign-ups, trials, returns and blanks."""
    rng = np.random.default_rng(seed)
    accounts, contracts, invoices = [], [], []

    def day(n):
        return pd.NaT if n is None else pd.Timestamp(FIRST + timedelta(days=int(n)))

    for account_id in (f"m{n:03}" for n in range(n_accounts)):
        at = int(rng.integers(0, 400))
        accounts.append(
            {
                "account_id": account_id,
                "started_on": day(at if rng.random() < 0.6 else None),
                "churned_on": day(at + rng.integers(-5, 700) if rng.random() < 0.7 else None),
            }
        )
        for _ in range(int(rng.integers(0, 7))):
            length = int(rng.choice([0, 1, 30, 31, 90, 200, -3]))
            contracts.append(
                {
                    "account_id": account_id,
                    "started_on": day(at),
                    "ended_on": day(None if rng.random() < 0.08 else at + length),
                    "amount": rng.choice([0.0, 90.0, 100.0, 110.0, 33.33, np.nan]),
                    "is_trial": bool(rng.random() < 0.1),
                }
            )
            at += max(length, 0) + int(rng.choice([0, 0, -10, 1, 15, 29, 30, 31, 80]))
        invoices += [
            {
                "account_id": account_id,
                "issued_on": day(rng.integers(0, 690)),
                "amount": rng.choice(
                    [-20.0, 0.0, 40.0, 50.0, 75.5, 110.0, np.nan], p=[0.1, 0.05, 0.3, 0.3, 0.1, 0.1, 0.05]
                ),
            }
            for _ in range(int(rng.integers(0, 12)))
        ]
    for name, days in (("first", -ACTIVE_DAYS), ("late", -ACTIVE_DAYS - 1), ("same", 0), ("eve", -1)):
        for t in map(number, DATES):
            accounts.append({"account_id": f"{name}{t}", "started_on": pd.NaT, "churned_on": pd.NaT})
            invoices.append({"account_id": f"{name}{t}", "issued_on": day(t + days), "amount": 50.0})
    return {
        "accounts": pd.DataFrame(accounts),
        "subscriptions": pd.DataFrame(contracts),
        "invoices": pd.DataFrame(invoices),
    }


def sample_book():
    """The sample book, with a column that tells churn and months in the range of the dates."""
    made = make_sample_book(n_accounts=60, n_months=24, seed=3).tables
    newest = max(made["invoices"]["issued_on"].max(), made["usage"]["day"].max())
    shift = pd.Timestamp(AS_OF) - pd.Timestamp(newest) - pd.Timedelta(days=1)
    subscriptions = made["subscriptions"].copy()
    for column in ("started_on", "ended_on"):
        subscriptions[column] = pd.to_datetime(subscriptions[column]) + shift
    invoices = made["invoices"].assign(issued_on=pd.to_datetime(made["invoices"]["issued_on"]) + shift)
    gone = subscriptions.groupby("account_id")["ended_on"].agg(lambda ends: ends.max(skipna=False))
    accounts = made["accounts"][["account_id"]].copy()
    accounts["churned_on"] = accounts["account_id"].map(gone)
    accounts["started_on"] = accounts["account_id"].map(
        subscriptions.groupby("account_id")["started_on"].min()
    )
    columns = ["account_id", "started_on", "ended_on", "amount", "plan"]
    return {
        "accounts": accounts,
        "subscriptions": subscriptions[columns],
        "invoices": invoices[["account_id", "issued_on", "amount"]],
    }


@dataclass
class Account:
    """One account's rows, dates as day numbers."""

    contracts: list
    invoices: list
    started_on: int | None
    churned_on: int | None
    contracts_as_written: list

    @property
    def paying(self):
        return [c for c in self.contracts if not c["trial"]]

    def in_force(self, day):
        return [c for c in self.paying if c["start"] <= day < c["end"]]

    def in_trial(self, day):
        return not self.in_force(day) and any(
            c["trial"] and c["start"] <= day < c["end"] for c in self.contracts
        )

    def first_heard(self):
        days = [c["start"] for c in self.contracts_as_written] + [day for day, _ in self.invoices]
        return min(days, default=None)

    def end_after(self, day, gap):
        """Walk on from a day in force: the first day without a contract that none follows in time."""
        while True:
            while self.in_force(day):
                day = max(c["end"] for c in self.in_force(day))
                if day >= NEVER:
                    return NEVER
            later = [c["start"] for c in self.paying if c["start"] > day]
            if not later or min(later) - day > gap:
                return day
            day = min(later)

    def revenue(self, day):
        rows = self.in_force(day)
        if not rows:
            ended = [c for c in self.paying if c["end"] <= day]
            rows = [c for c in ended if c["end"] == max(c["end"] for c in ended)]
        amounts = [c["amount"] for c in rows if not pd.isna(c["amount"])]
        return round(sum(amounts), 4) if amounts else None

    def spend(self, first, after):
        amounts = [a for day, a in self.invoices if first <= day < after and not pd.isna(a)]
        return round(sum(amounts), 4)

    def is_bought(self, first, after):
        return any(first <= day < after and amount > 0 for day, amount in self.invoices)


def accounts_by_hand(book):
    found = {}
    for row in book["accounts"].to_dict("records"):
        mine = book["subscriptions"][book["subscriptions"]["account_id"] == row["account_id"]]
        contracts = [
            {
                "start": number(c["started_on"]),
                "end": NEVER if pd.isna(c["ended_on"]) else number(c["ended_on"]),
                "amount": c["amount"],
                "trial": bool(c.get("is_trial", False)) or c.get("plan") in {"trial", "pilot"},
            }
            for c in mine.to_dict("records")
        ]
        bought = book["invoices"][book["invoices"]["account_id"] == row["account_id"]]
        found[row["account_id"]] = Account(
            [c for c in contracts if c["end"] > c["start"]],
            [
                (number(day), amount)
                for day, amount in zip(bought["issued_on"], bought["amount"], strict=True)
            ],
            number(row["started_on"]),
            number(row["churned_on"]),
            contracts,
        )
    return found


def end_by_hand(account, by, t, gap):
    """The day an account that is active at t left or will leave; None where it is not active."""
    if by == "subscription":
        return account.end_after(t, gap) if account.in_force(t) else None
    heard = account.first_heard()
    begun = account.started_on <= t if account.started_on is not None else heard is not None and heard < t
    end = NEVER if account.churned_on is None else account.churned_on
    return end if begun and end > t else None


def churned_by_hand(account, by, t, lead, gap):
    """True, False, or None for an account that is not asked about."""
    opens, closes = t + lead, t + lead + HORIZON
    if account.in_trial(t):
        return None
    if by == "inactivity":
        was_active = account.is_bought(t - ACTIVE_DAYS, t)
        return not account.is_bought(opens, closes) if was_active else None
    end = end_by_hand(account, by, t, gap)
    return None if end is None or end < opens else end < closes


def money_by_hand(account, by, t, lead):
    """Contracted and expanded of an account that stayed."""
    opens, closes = t + lead, t + lead + HORIZON
    if by == "inactivity":
        now, then = account.spend(t - HORIZON, t), account.spend(opens, closes)
    elif by == "column":
        now, then = (account.revenue(day) if account.in_force(day) else None for day in (t, closes - 1))
    else:
        now, then = account.revenue(t), account.revenue(closes - 1)
    if now is None or then is None:
        return None, None
    contracted = now > 0 and round(then * 1000) <= round(now * 900)
    return contracted, then > 0 and round(then * 1000) >= round(now * 1100)


@pytest.fixture(scope="module", params=["messy", "sample"])
def books(request):
    made = messy_book() if request.param == "messy" else sample_book()
    with DuckDbEngine(n_threads=2) as engine:
        yield (
            {name: engine.register(TABLES[name], rows) for name, rows in made.items()},
            accounts_by_hand(made),
        )


@pytest.mark.parametrize(("by", "lead", "gap"), CASES)
def test_labels_are_those_worked_out_by_hand(books, by, lead, gap):
    tables, accounts = books
    built = build_labels(
        tables, dates=DATES, as_of=AS_OF,
        policy=LabelPolicy(horizon_days=HORIZON, lead_days=lead, allowed_gap_days=gap),
        churn=ChurnPolicy(by=by, active_days=ACTIVE_DAYS),
    )  # fmt: skip
    rows = collect_snapshots(built)
    keys = zip(rows["account_id"], rows["observation_date"].dt.date, strict=True)
    labels = rows[["churned", "contracted", "expanded"]].astype(object).where(rows.notna(), None)
    found = dict(zip(keys, labels.itertuples(index=False, name=None), strict=True))
    expected = {}
    for t in DATES:
        is_known = t + timedelta(days=lead + HORIZON + gap) <= AS_OF
        for account_id, account in accounts.items():
            churned = churned_by_hand(account, by, number(t), lead, gap)
            if churned is not None:
                money = (None, None) if churned else money_by_hand(account, by, number(t), lead)
                expected[account_id, t] = (churned, *money) if is_known else (None, None, None)
    assert found == expected
    counts = pd.Series([label for label, *_ in expected.values()]).value_counts(dropna=False)
    assert counts.min() > 3, "each outcome is met"
    assert len(expected) < len(accounts) * len(DATES) - 3, "some are left out"
