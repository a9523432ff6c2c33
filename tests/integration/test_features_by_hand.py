"""Every feature written a second time, account by account in plain Python, from what the words say alone."""

import itertools
import math
import statistics
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from standfast.adapters.engine import DuckDbEngine
from standfast.features.catalogue import CATALOGUE
from standfast.features.policy import ChurnPolicy, SnapshotPolicy
from standfast.features.snapshot import build_snapshots, collect_snapshots
from standfast.sample.book import make_sample_book
from standfast.schema import TABLES

pytestmark = pytest.mark.integration

DATES = [date(2025, 6, 10), date(2025, 9, 28), date(2025, 12, 20)]
GAP = 30
NEVER = date(9999, 12, 31)
CONTRACTS = SnapshotPolicy(churn=ChurnPolicy(by="subscription"))
PURCHASES = SnapshotPolicy(
    churn=ChurnPolicy(by="inactivity", activity=("invoices",), active_days=400), allowed_gap_days=0
)
SPONSORS = {"sponsor", "executive sponsor", "champion", "economic buyer"}
REACHED = {"reached", "answered", "replied", "attended", "met", "connected", "completed"}
CRITICAL = {"critical", "urgent", "blocker", "highest", "emergency", "p0", "p1", "sev0", "sev1", "1"}


def rich_book():
    """The sample book, and what it lacks: products beside the main one, failed charges, ratings, silence."""
    tables = dict(make_sample_book(n_accounts=90, n_months=22, seed=8).tables)
    chance = np.random.default_rng(2)

    def some(rows, values):
        return chance.choice(np.array(values, dtype=object), len(rows))

    tables["accounts"] = tables["accounts"].assign(owner=some(tables["accounts"], ["Ann", "Bob", None]))
    contracts = tables["subscriptions"]
    more = contracts.sample(25, random_state=1)
    product, amount = chance.choice(["addon", "extra"], 25), chance.choice([500.0, 990.5], 25)
    later = pd.to_timedelta(chance.integers(-40, 60, 25), unit="D")
    more = more.assign(product=product, amount=amount, started_on=more["started_on"] + later)
    tables["subscriptions"] = pd.concat([contracts, more], ignore_index=True)
    tables["invoices"] = tables["invoices"].assign(attempts=some(tables["invoices"], [None, 1, 1, 3]))
    tickets = tables["tickets"]
    tables["tickets"] = tickets.assign(
        reopens=some(tickets, [None, 0, 1]),
        satisfaction=some(tickets, ["good", "Bad", "offered", None]),
        priority=some(tickets, ["low", "Urgent", "P1", None]),
        closed_at=tickets["closed_at"].where(chance.random(len(tickets)) > 0.1),
    )
    surveys = tables["surveys"]
    tables["surveys"] = surveys.assign(score=surveys["score"].where(chance.random(len(surveys)) > 0.3))
    touches = tables["touches"]
    tables["touches"] = touches.assign(play=touches["play"].where(chance.random(len(touches)) > 0.1, "NPS"))
    return tables


def named(tables):
    """The same, where usage says who."""
    usage = tables["usage"]
    users = np.random.default_rng(3).choice(np.array(["u", "v", "w", None], dtype=object), len(usage))
    return tables | {"usage": usage.assign(user_id=users)}


def without_contracts(tables):
    return {name: rows for name, rows in tables.items() if name != "subscriptions"}


BOOKS = {
    "contracts": (rich_book, CONTRACTS),
    "contracts and users": (lambda: named(rich_book()), CONTRACTS),
    "purchases": (lambda: without_contracts(named(rich_book())), PURCHASES),
}


def as_day(value):
    return None if pd.isna(value) else pd.Timestamp(value).date()


def records(tables):
    """Each account's rows of each table as dictionaries, days as dates, what is missing as None."""
    found = {account_id: {name: [] for name in tables} for account_id in tables["accounts"]["account_id"]}
    for name, rows in tables.items():
        days = {c.name for c in TABLES[name].columns if c.kind in {"date", "time"}}
        for row in rows.to_dict("records"):
            read = {}
            for column, value in row.items():
                cell = value.strip() if isinstance(value, str) else value
                read[column] = as_day(cell) if column in days else None if pd.isna(cell) else cell
            if name == "surveys":
                read["answered_time"] = row["answered_at"]
            if row["account_id"] in found:
                found[row["account_id"]][name].append(read)
    return found


def six(value):
    """Six digits, halves away from zero."""
    return math.copysign(math.floor(abs(value) * 1e6 + 0.5) / 1e6, value)


def share(part, whole):
    return None if part is None or whole is None or whole <= 0 else six(part / whole)


def log_share(now, before):
    if now > 0 and before > 0:
        return six(max(-3.0, min(3.0, math.log(now / before))))
    return None if now <= 0 and before <= 0 else (3.0 if now > 0 else -3.0)


def inside(day, t, k):
    return day is not None and t - timedelta(days=k) <= day < t


def ago(day, t):
    return None if day is None else (t - day).days


def money(amounts):
    return sum(round(amount * 10_000) for amount in amounts) / 10_000


def paying(mine):
    rows = [
        row | {"end": row["ended_on"] or NEVER}
        for row in mine["subscriptions"]
        if row["plan"] not in {"trial", "pilot"}
    ]
    return [row for row in rows if row["started_on"] < row["end"]]


def held(rows, day):
    """The rows in force on a day; in a gap that was bridged those that ended last."""
    there = [row for row in rows if row["started_on"] <= day < row["end"]]
    ended = [row for row in rows if row["end"] <= day]
    later = [row["started_on"] for row in rows if row["started_on"] > day]
    if there or not ended or not later:
        return there
    last = max(row["end"] for row in ended)
    return [row for row in ended if row["end"] == last] if (min(later) - last).days <= GAP else []


def period_start(rows, t):
    """Walk back from t over what touches, overlaps or follows after an allowed gap."""
    start = t
    while True:
        before = [row for row in rows if row["started_on"] < start and (start - row["end"]).days <= GAP]
        if not before:
            return (
                start if start < t else min(r["started_on"] for r in rows if r["started_on"] <= t < r["end"])
            )
        start = min(row["started_on"] for row in before)


def commercial(mine, t):
    rows = paying(mine)
    now, then = held(rows, t), held(rows, t - timedelta(days=180))
    found = {}

    def total(of, column):
        values = [row[column] for row in of if row[column] is not None]
        return money(values) if values else None

    revenue, revenue_then = total(now, "amount"), total(then, "amount")
    seats, seats_then = total(now, "seats"), total(then, "seats")
    found["annual_revenue"] = revenue
    found["revenue_change_180d"] = (
        None if None in (revenue, revenue_then) else share(revenue - revenue_then, revenue_then)
    )
    found["seats"] = seats
    found["seats_change_180d"] = (
        None if None in (seats, seats_then) else share(seats - seats_then, seats_then)
    )
    price, price_then = share(revenue, seats), share(revenue_then, seats_then)
    found["revenue_per_seat"] = price
    found["price_change_180d"] = (
        None if None in (price, price_then) else share(price - price_then, price_then)
    )
    main = min(
        now,
        key=lambda row: (
            -(row["amount"] or 0), -row["started_on"].toordinal(), row["plan"] or "", row["product"] or "",
            "" if row["auto_renew"] is None else str(bool(row["auto_renew"])).lower(),
        ),
    )  # fmt: skip
    found["plan"], found["product"] = main["plan"], main["product"]
    found["auto_renew"] = None if main["auto_renew"] is None else float(main["auto_renew"])
    found["n_products"] = len({row["product"] for row in now if row["product"] is not None})
    ahead = [row["renews_on"] for row in now if row["renews_on"] is not None and row["renews_on"] >= t]
    found["days_to_renewal"] = (min(ahead) - t).days if ahead else None
    changes = 0
    for product in {row["product"] for row in rows}:
        line = sorted(
            (row["started_on"], round(row["amount"] * 10_000))
            for row in rows
            if row["product"] == product and row["amount"] is not None
        )
        for (_, before), (day, after) in itertools.pairwise(line):
            changes += before != after and t - timedelta(days=365) < day <= t
    found["n_price_changes_365d"] = changes
    first = min(row["started_on"] for row in rows if row["started_on"] <= t)
    began = mine["accounts"][0]["started_on"]
    found["tenure_days"] = ago(min(first, began) if began is not None and began <= t else first, t)
    found["days_to_anniversary"] = 365 - ago(period_start(rows, t), t) % 365
    return found


def payment(mine, t):
    known = [row for row in mine["invoices"] if row["due_on"] is not None and row["issued_on"] < t]
    paid = [row for row in known if inside(row["paid_on"], t, 180)]
    open_ = [row for row in known if row["paid_on"] is None or row["paid_on"] >= t]
    overdue = [row for row in open_ if row["due_on"] < t]
    due = [row for row in known if inside(row["due_on"], t, 180)]
    late = [row for row in due if row in open_ or row["paid_on"] > row["due_on"]]
    billed = [max(row["amount"] or 0, 0) for row in known if inside(row["issued_on"], t, 365)]
    return {
        "payment_delay_days": share(sum((row["paid_on"] - row["due_on"]).days for row in paid), len(paid)),
        "invoices_overdue": len(overdue),
        "late_share_180d": share(len(late), len(due)),
        "overdue_share": share(money(max(row["amount"] or 0, 0) for row in overdue), money(billed)),
        "failed_payments_180d": sum(max((row["attempts"] or 1) - 1, 0) for row in paid),
    }


def spending(mine, t):
    """Features of books without contracts."""
    rows = [row for row in mine["invoices"] if row["issued_on"] < t and row["amount"] is not None]
    found = {}
    for k in (30, 90, 180, 365):
        recent = [row for row in rows if inside(row["issued_on"], t, k)]
        found[f"spend_{k}d"] = money(row["amount"] for row in recent)
        found[f"purchases_{k}d"] = len({row["issued_on"] for row in recent if row["amount"] > 0})
    bought = sorted({row["issued_on"] for row in rows if row["amount"] > 0})
    silence = ago(bought[-1], t) if bought else None
    rhythm = share((bought[-1] - bought[0]).days, len(bought) - 1) if bought else None
    found["spend_trend_90d"] = log_share(
        found["spend_90d"], round(found["spend_180d"] - found["spend_90d"], 4)
    )
    found["mean_purchase"] = share(found["spend_365d"], found["purchases_365d"])
    found["days_since_last_purchase"] = silence
    found["days_between_purchases"] = rhythm
    found["purchase_overdue"] = share(silence, rhythm)
    found["annual_revenue"] = found["spend_365d"]
    begun = bought[0]
    began = mine["accounts"][0]["started_on"]
    found["tenure_days"] = ago(min(begun, began) if began is not None and began <= t else begun, t)
    found["days_to_anniversary"] = 365 - ago(begun, t) % 365
    return found


def activity(rows, t, k):
    sums = {}
    for row in rows:
        if inside(row["day"], t, k):
            key = row["day"], row["event"]
            sums[key] = sums.get(key, 0) + row["quantity"]
    return sum(round(math.log2(1 + quantity) * 10_000) for quantity in sums.values())


def named_people(rows, t, k):
    """Days with use, counted once per person."""
    last = [row for row in rows if inside(row["day"], t, k)]
    return len({(row["day"], row["user_id"]) for row in last if row["user_id"] is not None})


def counted_people(rows, t, k):
    """The most people of each day, summed."""
    most = {}
    for row in rows:
        if inside(row["day"], t, k) and row["event"] == "login":
            most[row["day"]] = max(most.get(row["day"], 0), row["quantity"])
    return sum(most.values())


def trend(of, rows, t, *, days, whole, tenure):
    if tenure < {30: 60, 90: 120}[days]:
        return None
    lived = min(max(tenure - days, 1), 90)
    now, both = of(rows, t, days), of(rows, t, whole)
    return log_share(now / days, (both - now) / lived)


def people_seen(last, *, names_users):
    """The different users of 30 days, or the most people on one of them."""
    if not last:
        return 0
    if names_users:
        return len({row["user_id"] for row in last} - {None}) or None
    return max((row["quantity"] for row in last if row["event"] == "login"), default=None)


def usage(mine, t, *, tenure, seats, names_users):
    rows = [row | {"quantity": 1.0 if row["quantity"] is None else row["quantity"]} for row in mine["usage"]]
    rows = [row for row in rows if row["day"] < t and row["quantity"] > 0]
    last = [row for row in rows if inside(row["day"], t, 30)]
    of_180 = {row["event"] for row in rows if inside(row["day"], t, 180)}
    limits = [share(row["quantity"], row["limit"]) for row in last if row["limit"] is not None]
    people = named_people if names_users else counted_people
    found = {f"usage_{k}d": activity(rows, t, k) / 10_000 / k for k in (30, 90, 180)}
    found |= {
        "usage_trend_30d": trend(activity, rows, t, days=30, whole=120, tenure=tenure),
        "usage_trend_90d": trend(activity, rows, t, days=90, whole=180, tenure=tenure),
        "users_trend_30d": trend(people, rows, t, days=30, whole=120, tenure=tenure),
        "active_days_30d": len({row["day"] for row in last}),
        "n_event_kinds_30d": len({row["event"] for row in last}),
        "kinds_kept_30d": share(len({row["event"] for row in last}), len(of_180)),
        "days_since_last_use": ago(max((row["day"] for row in rows), default=None), t),
        "usage_limit_share": max((one for one in limits if one is not None), default=None),
    }
    if names_users:
        found["n_users_30d"] = len({row["user_id"] for row in last} - {None})
    if seats is not NotImplemented:
        found["seat_utilisation"] = share(people_seen(last, names_users=names_users), seats)
    return found


def support(mine, t, *, seats):
    known = [row for row in mine["tickets"] if row["opened_at"] < t]

    def of(k):
        return [row for row in known if inside(row["opened_at"], t, k)]

    open_ = [row for row in known if row["closed_at"] is None or row["closed_at"] >= t]
    done = [row for row in known if inside(row["closed_at"], t, 180)]
    ratings = [(row["satisfaction"] or "").lower() for row in done]
    rated = [rating for rating in ratings if rating in {"good", "bad"}]
    found = {
        "tickets_30d": len(of(30)),
        "tickets_90d": len(of(90)),
        "tickets_change_90d": len(of(90)) - (len(of(180)) - len(of(90))),
        "tickets_open": len(open_),
        "escalations_90d": sum(row["escalated"] for row in of(90)),
        "escalation_share_180d": share(sum(row["escalated"] for row in of(180)), len(of(180))),
        "open_critical": sum((row["priority"] or "").lower() in CRITICAL for row in open_),
        "days_to_close_180d": share(sum((r["closed_at"] - r["opened_at"]).days for r in done), len(done)),
        "reopened_180d": sum(row["reopens"] or 0 for row in done),
        "satisfaction_180d": share(rated.count("good"), len(rated)),
    }
    if seats is not NotImplemented:
        found["tickets_per_seat_90d"] = share(len(of(90)), seats)
    answers = [row for row in mine["surveys"] if row["score"] is not None and row["answered_at"] < t]
    answers.sort(key=lambda row: (row["answered_time"], -row["score"]))
    found["nps_last"] = answers[-1]["score"] if answers else None
    recent = [row["score"] for row in answers if inside(row["answered_at"], t, 180)]
    found["nps_worst_180d"] = min(recent, default=None)
    found["nps_mean_180d"] = share(sum(recent), len(recent))
    sponsors = {row["contact_id"] for row in mine["contacts"] if row["role"] in SPONSORS}
    theirs = [
        row["score"]
        for row in answers
        if inside(row["answered_at"], t, 180) and row["contact_id"] in sponsors
    ]
    found["nps_worst_sponsor_180d"] = min(theirs, default=None)
    found["days_since_nps"] = ago(answers[-1]["answered_at"], t) if answers else None
    asked = [row["answered_at"] for row in mine["surveys"] if row["score"] is None]
    asked += [row["day"] for row in mine["touches"] if (row["play"] or "").lower() == "nps"]
    if recent:
        score = answers[-1]["score"]
        found["nps_state"] = "detractor" if score <= 6 else "passive" if score <= 8 else "promoter"
    else:
        found["nps_state"] = "asked, silent" if any(inside(day, t, 180) for day in asked) else "not asked"
    return found


def relationship(mine, t):
    known = [row for row in mine["contacts"] if row["joined_on"] is None or row["joined_on"] < t]
    here = [row for row in known if row["left_on"] is None or row["left_on"] >= t]
    gone = [row["left_on"] for row in known if row["role"] in SPONSORS and row not in here]
    sponsors = [row for row in here if row["role"] in SPONSORS]
    ids = {row["contact_id"] for row in sponsors}
    heard = [
        row["answered_at"]
        for row in mine["surveys"]
        if row["contact_id"] in ids and inside(row["answered_at"], t, 365) and row["score"] is not None
    ] + [
        row["day"]
        for row in mine["touches"]
        if row["contact_id"] in ids and inside(row["day"], t, 365) and row["outcome"] in REACHED
    ]
    touched = [row["day"] for row in mine["touches"] if row["day"] < t]
    deals = [row for row in mine["opportunities"] if row["opened_on"] < t]
    joined = [row["joined_on"] for row in sponsors if row["joined_on"] is not None]
    return {
        "n_contacts": len(here),
        "has_sponsor": int(bool(sponsors)),
        "sponsor_left_90d": int(any(inside(day, t, 90) for day in gone)),
        "days_since_sponsor_left": ago(max(gone, default=None), t),
        "days_since_new_sponsor": ago(max(joined, default=None), t),
        "days_since_sponsor_heard": ago(max(heard, default=None), t),
        "sponsor_engagement": (bool(sponsors) + any(inside(day, t, 90) for day in heard)) / 2,
        "touches_90d": sum(inside(day, t, 90) for day in touched),
        "days_since_last_touch": ago(max(touched, default=None), t),
        "opportunities_open": sum(row["closed_on"] is None or row["closed_on"] >= t for row in deals),
        "opportunities_lost_365d": sum(inside(r["closed_on"], t, 365) and r["won"] is False for r in deals),
    }


def row_by_hand(mine, t, *, names_users):
    account = mine["accounts"][0]
    has_contracts = "subscriptions" in mine
    found = {name: account[name] for name in ("name", "owner", "industry", "country", "employees")}
    found |= commercial(mine, t) if has_contracts else spending(mine, t)
    found |= payment(mine, t) | relationship(mine, t)
    seats = found["seats"] if has_contracts else NotImplemented
    found |= usage(mine, t, tenure=found["tenure_days"], seats=seats, names_users=names_users)
    return found | support(mine, t, seats=seats)


def with_peers(rows):
    """Add to the rows of one date the comparison with the account's peers."""
    levels = {"usage_vs_peers": "usage_30d", "seat_utilisation_vs_peers": "seat_utilisation",
              "tickets_vs_peers": "tickets_per_seat_90d", "price_vs_peers": "revenue_per_seat"}  # fmt: skip
    for row in rows:
        peers = [
            other for other in rows
            if other["industry"] == row["industry"] and other.get("plan") == row.get("plan")
        ]  # fmt: skip
        for name, level in levels.items():
            if level in row:
                values = [other[level] for other in peers if other[level] is not None]
                known = len(values) >= 5 and row[level] is not None
                row[name] = six(row[level] - statistics.median(values)) if known else None
    return rows


@pytest.mark.parametrize("kind", BOOKS)
def test_every_feature_is_that_worked_out_by_hand(kind):
    make, policy = BOOKS[kind]
    tables = {name: rows for name, rows in make().items() if name != "team"}
    with DuckDbEngine(n_threads=2) as engine:
        book = {name: engine.register(TABLES[name], rows) for name, rows in tables.items()}
        seen = collect_snapshots(build_snapshots(book, dates=DATES, policy=policy))
    mine = records(tables)
    names_users = "user_id" in tables["usage"]
    for t in DATES:
        found = seen[seen["observation_date"] == pd.Timestamp(t)]
        ids = found["account_id"].tolist()
        assert len(ids) > 40
        expected = with_peers([row_by_hand(mine[one], t, names_users=names_users) for one in ids])
        assert set(expected[0]) == set(found.columns) - {"account_id", "observation_date"}
        for name in expected[0]:
            ours = [None if pd.isna(value) else value for value in found[name]]
            theirs = [row[name] for row in expected]
            wrong = [(i, o, e) for i, o, e in zip(ids, ours, theirs, strict=True) if o != e]
            assert not wrong, f"{name} on {t}: {wrong[:5]}"


def test_the_books_looked_at_hold_every_feature_in_several_values():
    """What is empty or the same everywhere would agree for nothing."""
    met = {}
    for make, policy in BOOKS.values():
        with DuckDbEngine(n_threads=2) as engine:
            tables = {name: rows for name, rows in make().items() if name != "team"}
            book = {name: engine.register(TABLES[name], rows) for name, rows in tables.items()}
            seen = collect_snapshots(build_snapshots(book, dates=DATES, policy=policy))
        for name in seen:
            met[name] = max(met.get(name, 0), seen[name].nunique())
    assert set(CATALOGUE) <= set(met)
    assert [name for name in CATALOGUE if met[name] < 2] == []
