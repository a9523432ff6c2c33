"""Snapshots and labels of whole books; labels against the same written a second time in plain pandas."""

from datetime import timedelta

import pandas as pd
import pytest

from standfast.adapters.engine import DuckDbEngine
from standfast.features.dates import first_event, newest_event, observation_dates
from standfast.features.labels import LabelPolicy, add_labels
from standfast.features.snapshot import build_snapshots, collect_snapshots
from standfast.sample.book import make_sample_book
from standfast.schema import TABLES

pytestmark = pytest.mark.integration

LOST = "OLD-"
SNAPSHOT_TABLES = [name for name in TABLES if name != "team"]
DAY = pd.Timedelta(days=1)
OPEN = pd.Timestamp("2200-01-01")


@pytest.fixture(scope="module")
def sample():
    return make_sample_book(n_accounts=120, n_months=16, seed=7)


@pytest.fixture(scope="module")
def files(sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    for name, rows in sample.tables.items():
        rows.to_csv(folder / f"{name}.csv", index=False)
    return folder


def look(folder, *, n_threads=2, policy=LabelPolicy(lead_days=5)):  # noqa: B008  (frozen)
    """Read, build, label and collect, as training does."""
    with DuckDbEngine(n_threads=n_threads) as engine:
        loaded = {
            name: engine.read_book_table(TABLES[name], folder / f"{name}.csv", columns={})
            for name in SNAPSHOT_TABLES
        }
        book = {name: table.table for name, table in loaded.items()}
        as_of = newest_event(book) + timedelta(days=1)
        dates = observation_dates(
            first_event=first_event(book), as_of=as_of, horizon_days=policy.horizon_days,
            lead_days=policy.lead_days, step_days=41,
        )  # fmt: skip
        snapshots = build_snapshots(book, dates=dates)
        labelled = add_labels(snapshots, book, dates=dates, as_of=as_of, policy=policy)
        return collect_snapshots(labelled), dates, as_of


@pytest.fixture(scope="module")
def seen(files):
    return look(files)


def merged_periods(rows, gap_days):
    """Active periods of one account as [start, end) pairs."""
    periods = []
    for start, end in sorted(zip(rows["started_on"], rows["ended_on"].fillna(OPEN), strict=True)):
        if end <= start:
            continue
        if periods and start - periods[-1][1] <= gap_days * DAY:
            periods[-1][1] = max(periods[-1][1], end)
        else:
            periods.append([start, end])
    return periods


def revenue_at(rows, day):
    """Recurring revenue on a day; in a bridged gap that of what ended last."""
    begun = rows[rows["started_on"] <= day]
    ends = begun["ended_on"].fillna(OPEN)
    running = begun[ends > day]
    last = running if len(running) else begun[ends == ends.max()]
    return round(last["amount"].sum(), 4)


def expected_labels(rows, t, policy):
    """Churned, contracted, expanded of one account; None when it is left out."""
    end = next(b for a, b in merged_periods(rows, policy.allowed_gap_days) if a <= t < b)
    opens = t + policy.lead_days * DAY
    closes = opens + policy.horizon_days * DAY
    if end < opens:
        return None
    if end < closes:
        return True, pd.NA, pd.NA
    now, then = revenue_at(rows, t), revenue_at(rows, closes - DAY)
    return False, bool(then * 1000 <= now * 900), bool(then * 1000 >= now * 1100)


def test_labels_are_those_of_plain_pandas(sample, seen):
    snapshots, dates, _ = seen
    rows = sample.tables["subscriptions"]
    for t in map(pd.Timestamp, dates):
        found = snapshots[snapshots["observation_date"] == t].set_index("account_id")
        expected = {}
        for account_id, theirs in rows.groupby("account_id"):
            if any(start <= t < end for start, end in merged_periods(theirs, 0)):
                expected[account_id] = expected_labels(theirs, t, LabelPolicy(lead_days=5))
        expected = {account_id: labels for account_id, labels in expected.items() if labels is not None}
        assert set(expected) == set(found.index)
        for account_id, labels in expected.items():
            assert tuple(found.loc[account_id, ["churned", "contracted", "expanded"]]) == labels
    assert snapshots["churned"].sum() > 3
    assert snapshots["expanded"].sum() > 3


def test_the_dirt_of_the_sample_book_is_left_out(sample, seen):
    assert sample.tables["usage"]["account_id"].str.startswith(LOST).any()
    assert not seen[0]["account_id"].str.startswith(LOST).any()
    assert not seen[0].duplicated(["account_id", "observation_date"]).any()


def test_the_number_of_threads_changes_nothing(files, seen):
    once, _, _ = look(files, n_threads=1)
    pd.testing.assert_frame_equal(once, seen[0], check_exact=True)


def test_the_order_of_rows_changes_nothing(sample, seen, tmp_path):
    for name, rows in sample.tables.items():
        rows.sample(frac=1.0, random_state=3).to_csv(tmp_path / f"{name}.csv", index=False)
    pd.testing.assert_frame_equal(look(tmp_path)[0], seen[0], check_exact=True)


def test_cutting_the_book_at_the_newest_date_changes_no_feature_there(sample, seen, tmp_path):
    """Whatever was written down on the newest observation date or later is not in its features."""
    snapshots, dates, _ = seen
    t = pd.Timestamp(dates[-1])
    happened = {
        "invoices": "issued_on", "usage": "day", "tickets": "opened_at", "surveys": "answered_at",
        "contacts": "joined_on", "touches": "day", "opportunities": "opened_on",
    }  # fmt: skip
    learned = {
        "invoices": "paid_on",
        "tickets": "closed_at",
        "contacts": "left_on",
        "opportunities": "closed_on",
    }
    with DuckDbEngine(n_threads=2) as engine:
        book = {}
        for name in SNAPSHOT_TABLES:
            rows = sample.tables[name]
            if name in happened:
                rows = rows[rows[happened[name]] < t]
            if name in learned:
                rows = rows.assign(**{learned[name]: rows[learned[name]].where(rows[learned[name]] < t)})
            if name == "subscriptions":
                rows = rows[rows["started_on"] <= t]
            book[name] = engine.register(TABLES[name], rows)
        cut = collect_snapshots(build_snapshots(book, dates=[dates[-1]]))
    whole = snapshots[snapshots["observation_date"] == t].drop(columns=["churned", "contracted", "expanded"])
    both = cut.merge(whole[["account_id"]], on="account_id")
    assert len(both) > 50
    pd.testing.assert_frame_equal(
        both, whole[whole["account_id"].isin(both["account_id"])].reset_index(drop=True)
    )
