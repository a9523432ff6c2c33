"""The dates of fixed work come from the book as it was known at the as-of date (C3, C6)."""

from datetime import date

import pandas as pd
import pytest

from standfast.adapters.engine import DuckDbEngine
from standfast.features.calendar_dates import human_touch_dates, renewal_dates
from standfast.features.policy import ChurnPolicy, SnapshotPolicy
from standfast.schema import TABLES

pytestmark = pytest.mark.integration

AS_OF = date(2026, 1, 1)
CONTRACTS = SnapshotPolicy(churn=ChurnPolicy(by="subscription"))


@pytest.fixture
def dates_of():
    """A function that gives a date per account, from the rows of one table."""

    def find(table: str, rows: list[dict[str, object]], **policy: object) -> dict[str, str]:
        with DuckDbEngine() as engine:
            book = {table: engine.register(TABLES[table], pd.DataFrame(rows))}
            find_dates = {"subscriptions": renewal_dates, "touches": human_touch_dates}[table]
            found = find_dates(book, as_of=AS_OF, **policy)
            frame = None if found is None else found.to_pandas()
        return {} if frame is None else dict(frame.astype(str).itertuples(index=False, name=None))

    return find


def contract(account: str, started_on: str, renews_on: str | None, ended_on: str | None = None):
    return {"account_id": account, "started_on": started_on, "renews_on": renews_on, "ended_on": ended_on}


def test_contracts_that_renew_each_month_have_no_renewal_to_prepare(dates_of):
    """Auto-renewal writes a month's row after a month's row: none of them makes a calendar."""
    rows = [
        contract("monthly", "2025-11-12", "2025-12-12", "2025-12-12"),
        contract("monthly", "2025-12-12", "2026-01-12"),
        contract("yearly", "2025-06-01", "2026-06-01"),
        contract("just long enough", "2025-12-01", "2026-05-30"),
        contract("a day too short", "2025-12-01", "2026-05-29"),
    ]
    found = dates_of("subscriptions", rows, policy=CONTRACTS, least_term_days=180)
    assert found == {"yearly": "2026-06-01", "just long enough": "2026-05-30"}


def test_the_nearest_renewal_ahead_of_rows_in_force_counts(dates_of):
    rows = [
        contract("two", "2025-03-01", "2026-03-01"),
        contract("two", "2025-02-01", "2027-02-01"),
        contract("beside a monthly one", "2025-03-01", "2026-03-01"),
        contract("beside a monthly one", "2025-12-15", "2026-01-15"),
        contract("passed", "2024-03-01", "2025-12-31"),
        contract("today", "2025-01-01", "2026-01-01"),
        contract("gone", "2025-01-01", "2026-06-01", "2025-10-01"),
        contract("not begun", "2026-01-02", "2027-01-02"),
        contract("unknown", "2025-01-01", None),
    ]
    found = dates_of("subscriptions", rows, policy=CONTRACTS, least_term_days=180)
    assert found == {"two": "2026-03-01", "beside a monthly one": "2026-03-01", "today": "2026-01-01"}


def test_the_last_call_or_visit_before_the_date_counts_and_messages_do_not(dates_of):
    """C3: a touch on the as-of date, or after it, changes nothing."""
    rows = [
        {"account_id": account, "day": day, "channel": channel}
        for account, day, channel in (
            ("called", "2025-05-01", "Call "), ("called", "2025-04-01", "in_person"),
            ("called", "2025-12-31", "email"), ("edge", "2025-12-31", "call"), ("edge", "2026-01-01", "call"),
            ("written to", "2025-12-01", "digital"),
        )
    ]  # fmt: skip
    found = dates_of("touches", rows, human_channels=("call", "in_person"))
    assert found == {"called": "2025-05-01", "edge": "2025-12-31"}


def test_without_channels_or_renewals_nothing_is_known(dates_of):
    assert dates_of("touches", [{"account_id": "a", "day": "2025-05-01"}], human_channels=("call",)) == {}
    rows = [{"account_id": "a", "started_on": "2025-05-01"}]
    assert dates_of("subscriptions", rows, policy=CONTRACTS, least_term_days=180) == {}
