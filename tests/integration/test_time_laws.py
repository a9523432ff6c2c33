"""Laws of time over whole books: what must not change a snapshot, whatever the tables hold."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from standfast.adapters.engine import DuckDbEngine
from standfast.features.policy import ChurnPolicy, SnapshotPolicy
from standfast.features.snapshot import build_snapshots, collect_snapshots
from standfast.sample.book import make_sample_book
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE, TABLES

pytestmark = pytest.mark.integration

BEGINS = {
    "subscriptions": "started_on", "invoices": "issued_on", "usage": "day", "tickets": "opened_at",
    "surveys": "answered_at", "contacts": "joined_on", "touches": "day", "opportunities": "opened_on",
}  # fmt: skip
"""The column that says since when a row is known."""
LATER = {
    "subscriptions": ("ended_on", "cancel_asked_on"), "invoices": ("paid_on",), "tickets": ("closed_at",),
    "contacts": ("left_on",), "opportunities": ("closed_on",),
}  # fmt: skip
"""Columns that are filled in when their day has come."""
KNOWN_ON_CLOSING = {
    "opportunities": ("closed_on", ("won",)), "invoices": ("paid_on", ("attempts",)),
    "tickets": ("closed_at", ("reopens", "satisfaction")),
}  # fmt: skip
KINDS = [
    pytest.param(SnapshotPolicy(), id="subscriptions"),
    pytest.param(
        SnapshotPolicy(churn=ChurnPolicy(by="inactivity", activity=("invoices",)), allowed_gap_days=0),
        id="inactivity",
    ),
]


MOSTLY = [KINDS[0], pytest.param(*KINDS[1].values, id=KINDS[1].id, marks=pytest.mark.thorough)]  # noqa: PD011  (of a parameter)
"""The second kind goes the same way through all but the law that the future is not seen."""


@pytest.fixture(scope="module")
def tables():
    """The sample book, with what it does not hold by itself: failed charges, ratings, answers not given."""
    made = make_sample_book(n_accounts=70, n_months=14, seed=11).tables
    made["invoices"] = with_column(made["invoices"], "attempts", [1, 1, 3])
    made["tickets"] = with_column(made["tickets"], "reopens", [0, 0, 1])
    made["tickets"] = with_column(made["tickets"], "satisfaction", ["good", "bad", "offered", None])
    made["surveys"] = made["surveys"].assign(
        score=made["surveys"]["score"].where(made["surveys"].index % 4 > 0)
    )
    return {name: rows for name, rows in made.items() if name != "team"}


def with_column(rows, name, values):
    chance = np.random.default_rng(len(name))
    return rows.assign(**{name: chance.choice(np.array(values, dtype=object), len(rows))})


@pytest.fixture(scope="module")
def dates(tables):
    newest = pd.Timestamp(tables["usage"]["day"].max()).date()
    return [newest - timedelta(days=n) for n in (120, 61, 7)]


def of_kind(tables, policy):
    """The tables such a book has: without contracts there are no subscriptions."""
    if policy.churn.by != "inactivity":
        return tables
    return {name: rows for name, rows in tables.items() if name != "subscriptions"}


def look(tables, dates, policy):
    with DuckDbEngine(n_threads=2) as engine:
        book = {name: engine.register(TABLES[name], rows) for name, rows in tables.items()}
        return collect_snapshots(build_snapshots(book, dates=dates, policy=policy))


def date_columns(name):
    return [c.name for c in TABLES[name].columns if c.kind in {"date", "time"}]


def shifted(tables, days):
    """Every date of every table so many days later."""
    moved = {}
    for name, rows in tables.items():
        columns = [column for column in date_columns(name) if column in rows]
        later = {column: pd.to_datetime(rows[column]) + pd.Timedelta(days=days) for column in columns}
        moved[name] = rows.assign(**later)
    return moved


def as_known_on(tables, day):
    """The tables as they stood before a day: later rows gone, later fillings blank."""
    then, known = pd.Timestamp(day), {}
    for name, rows in tables.items():
        if name in BEGINS:
            # A contract may be signed ahead; only those in force on the day count as known.
            ahead = pd.Timedelta(days=1 if name == "subscriptions" else 0)
            begun = pd.to_datetime(rows[BEGINS[name]])
            rows = rows[(begun < then + ahead) | begun.isna()].copy()  # noqa: PLW2901
        for column in LATER.get(name, ()):
            if column in rows:
                filled = pd.to_datetime(rows[column])
                rows[column] = filled.where(filled < then)
        if name in KNOWN_ON_CLOSING:
            closing, columns = KNOWN_ON_CLOSING[name]
            for column in columns:
                if column in rows:
                    rows[column] = rows[column].where(rows[closing].notna())
        known[name] = rows
    return known


def same(ours, theirs, *, but=()):
    columns = [name for name in ours if name not in but]
    assert sorted(ours) == sorted(theirs)
    pd.testing.assert_frame_equal(ours[columns], theirs[columns], check_exact=True)


def of_peers(frame):
    return [name for name in frame if name.endswith("_vs_peers")]


@pytest.mark.parametrize("policy", KINDS)
def test_what_happened_later_changes_no_snapshot(tables, dates, policy):
    book = of_kind(tables, policy)
    whole = look(book, dates, policy)
    for day in dates:
        then = whole[whole[OBSERVATION_DATE] == pd.Timestamp(day)].reset_index(drop=True)
        same(then, look(as_known_on(book, day), [day], policy))


@pytest.mark.parametrize("policy", MOSTLY)
def test_a_week_later_everything_is_the_same_a_week_later(tables, dates, policy):
    book = of_kind(tables, policy)
    now = look(book, dates, policy)
    later = look(shifted(book, 7), [day + timedelta(days=7) for day in dates], policy)
    same(now, later.assign(**{OBSERVATION_DATE: later[OBSERVATION_DATE] - pd.Timedelta(days=7)}))


@pytest.mark.parametrize("policy", MOSTLY)
def test_the_order_of_the_rows_changes_nothing(tables, dates, policy):
    book = of_kind(tables, policy)
    shuffled = {name: rows.sample(frac=1, random_state=3) for name, rows in book.items()}
    same(look(book, dates, policy), look(shuffled, dates, policy))


@pytest.mark.parametrize("policy", MOSTLY)
def test_a_further_account_changes_no_row_but_what_is_compared_with_peers(tables, dates, policy):
    book = of_kind(tables, policy)
    without = look(book, dates, policy)
    donor = without[ACCOUNT_ID].iloc[0]
    grown = {
        name: pd.concat([rows, rows[rows[ACCOUNT_ID] == donor].assign(**{ACCOUNT_ID: "a further one"})])
        for name, rows in book.items()
    }
    with_it = look(grown, dates, policy)
    ours = with_it[with_it[ACCOUNT_ID] != "a further one"].reset_index(drop=True)
    assert len(with_it) > len(ours)
    same(without, ours, but=of_peers(without))


@pytest.mark.parametrize("policy", MOSTLY)
def test_a_snapshot_does_not_depend_on_the_other_dates(tables, dates, policy):
    book = of_kind(tables, policy)
    together = look(book, dates, policy)
    for day in dates:
        then = together[together[OBSERVATION_DATE] == pd.Timestamp(day)].reset_index(drop=True)
        same(then, look(book, [day], policy))


def test_the_books_looked_at_hold_something_of_every_table(tables, dates):
    """Without rows before the dates the laws above would hold for nothing."""
    before = pd.Timestamp(min(dates))
    for name, column in BEGINS.items():
        assert (pd.to_datetime(tables[name][column]) < before).sum() > 5, name
    assert np.isfinite(look(tables, dates, SnapshotPolicy()).select_dtypes("number")).any().all()
    assert isinstance(dates[0], date)
