import numpy as np
import pytest

from standfast.sample.usage import EVENTS


@pytest.fixture(scope="module")
def usage(book):
    return book.tables["usage"]


def test_a_day_without_use_has_no_row_and_a_day_with_use_has_one_per_event(usage):
    assert usage["quantity"].min() >= 1
    known = usage[usage["account_id"].str.startswith("ACC")]
    assert not known.duplicated(["account_id", "day", "event"]).any()
    assert set(usage["event"]) == set(EVENTS)


def test_rows_stay_modest_for_a_large_book(book, usage):
    assert 8 < len(usage) / len(book.truth) < 17


def test_weekends_are_quiet_and_august_is_slow(usage):
    logins = usage[usage["event"] == "login"]
    by_day = logins.groupby("day")["quantity"].sum()
    weekend = by_day.index.day_of_week >= 5
    assert by_day[weekend].mean() < 0.25 * by_day[~weekend].mean()
    for year in (2024, 2025):
        june, august = (by_day[f"{year}-{month}"].mean() for month in ("06", "08"))
        assert august < 0.92 * june


def test_logins_stay_within_the_seats_and_calls_within_the_quota(usage):
    limited = usage[usage["limit"].notna()]
    assert (limited["quantity"] <= limited["limit"]).all()
    assert set(limited["event"]) == {"login", "api_call"}


def test_nobody_uses_the_product_outside_a_contract_save_while_a_signature_is_late(usage, life, book):
    gone = book.truth.groupby("account_id")[["churned_on", "returned_on"]].first()
    joined = usage.join(gone[gone["returned_on"].isna()], on="account_id")
    left = joined["churned_on"].notna()
    assert (joined["day"][left] < joined["churned_on"][left]).all()
    start = book.tables["accounts"].set_index("account_id")["started_on"]
    known = usage[usage["account_id"].isin(start.index)]
    assert np.all(known["day"].to_numpy() >= start[known["account_id"]].to_numpy())
