"""The look at a book's tables: each planted flaw is found by its name, and a sound book has none of them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from standfast.features.findings import CheckPolicy
from standfast.features.table_check import check_tables

DAYS = 360
N = 40


@pytest.fixture
def tables(maker):
    """A sound book: forty accounts, use on most days, a bill a month, a ticket now and then."""
    random = np.random.default_rng(5)
    ids = [f"A{i:02d}" for i in range(N)]

    def events(n, column, first=-DAYS, **more):
        days = random.integers(first, 0, n)
        rows = pd.DataFrame({"account_id": random.choice(ids, n), column: [maker.day(int(d)) for d in days]})
        return rows.assign(**{name: make(n) for name, make in more.items()})

    usage = events(6000, "day", quantity=lambda n: random.poisson(5, n) + 1.0)
    invoices = events(480, "issued_on", amount=lambda n: random.lognormal(6, 0.3, n).round(2))
    tickets = events(400, "opened_at", priority=lambda n: random.choice(["low", "high"], n))
    closed = pd.to_datetime(tickets["opened_at"]) + pd.to_timedelta(random.integers(0, 5, 400), unit="D")
    closed = closed.clip(upper=pd.Timestamp(maker.day(-1)))
    return {
        "accounts": pd.DataFrame({"account_id": ids}),
        "subscriptions": pd.DataFrame([maker.contract(name, start=-DAYS - 30) for name in ids]),
        "usage": usage,
        "invoices": invoices,
        "tickets": tickets.assign(closed_at=closed),
    }


@pytest.fixture
def found(maker):
    """The names of the warnings and errors about the tables of a book."""

    def look(tables):
        book = maker.book(**tables)
        read = {
            name: SimpleNamespace(n_rows=len(rows), n_used=len(rows), reasons={})
            for name, rows in tables.items()
        }
        current = pd.DataFrame({"account_id": tables["accounts"]["account_id"], "annual_revenue": 100.0})
        dates = [maker.day(-120), maker.day(-60)]
        checked = check_tables(
            book, read=read, current=current, dates=dates, as_of=maker.t, policy=CheckPolicy()
        )
        return {finding.name: finding for finding in checked.findings}

    return look


def days(maker, rows, column):
    return (pd.to_datetime(rows[column]) - pd.Timestamp(maker.t)).dt.days


def test_a_sound_book_has_no_warning(tables, found):
    assert [f.name for f in found(tables).values() if f.severity != "note"] == []


def test_a_table_that_stopped_is_stale(maker, tables, found):
    tables["usage"] = tables["usage"][days(maker, tables["usage"], "day") < -70]
    assert "stale:usage" in found(tables)


def test_a_month_without_a_row_is_a_gap(maker, tables, found):
    when = days(maker, tables["usage"], "day")
    tables["usage"] = tables["usage"][(when < -150) | (when > -110)]
    assert "gap:usage" in found(tables)


def test_rows_of_strangers_are_a_poor_match(tables, found):
    strangers = tables["tickets"].assign(account_id="nobody").head(200)
    tables["tickets"] = pd.concat([tables["tickets"], strangers])
    assert found(tables)["match:tickets"].severity in {"warning", "error"}


def test_rows_that_come_twice_are_told(tables, found):
    tables["invoices"] = pd.concat([tables["invoices"], tables["invoices"]])
    assert found(tables)["duplicates:invoices"].severity == "warning"


def test_a_column_filled_only_since_a_month_is_told(maker, tables, found):
    early = days(maker, tables["tickets"], "opened_at") < -150
    tables["tickets"] = tables["tickets"].assign(priority=tables["tickets"]["priority"].mask(early))
    assert any(name.startswith("blank_") and "tickets.priority" in name for name in found(tables))


def test_amounts_that_turn_into_cents_have_changed_meaning(maker, tables, found):
    late = days(maker, tables["invoices"], "issued_on") > -100
    amount = tables["invoices"]["amount"]
    tables["invoices"] = tables["invoices"].assign(amount=amount.where(~late, amount * 100))
    assert "shift:invoices.amount" in found(tables)


def test_tickets_closed_before_they_were_opened_are_told(maker, tables, found):
    tables["tickets"] = tables["tickets"].assign(closed_at=maker.day(-DAYS - 5))
    assert any(name.startswith("order:tickets") for name in found(tables))


def test_use_before_the_first_subscription_is_told(maker, tables, found):
    """As in an export whose usage belongs to another period than its contracts."""
    ids = tables["accounts"]["account_id"]
    tables["subscriptions"] = pd.DataFrame([maker.contract(name, start=-60) for name in ids])
    early = [f for name, f in found(tables).items() if "usage" in name and "before" in f.explanation]
    assert early
    assert early[0].severity == "warning"


def test_accounts_without_a_row_of_use_are_told(tables, found):
    """U4: missing is shown, never read as healthy."""
    silent = tables["usage"]["account_id"].isin(["A00", "A01", "A02", "A03", "A04"])
    tables["usage"] = tables["usage"][~silent]
    told = [f for name, f in found(tables).items() if "usage" in name and "no row" in f.explanation]
    assert told
    assert "5 of 40" in told[0].explanation
