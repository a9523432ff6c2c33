"""What accounts tell of today's money alone reaches today's rows, and no model."""

import pandas as pd
import pytest

from standfast.pipelines.observe import observe_book
from standfast.sample.book import make_sample_book
from standfast.settings import build_settings

pytestmark = pytest.mark.integration


@pytest.fixture
def observed(tmp_path):
    book = make_sample_book(n_accounts=60, n_months=12, seed=3)
    accounts = book.tables["accounts"]
    accounts["gross_margin"] = 0.55
    accounts["acquisition_cost"] = range(len(accounts))
    accounts.loc[accounts.index[::2], "gross_margin"] = None
    accounts.to_csv(tmp_path / "accounts.csv", index=False)
    book.tables["subscriptions"].to_csv(tmp_path / "subscriptions.csv", index=False)
    tables = {"accounts": "accounts.csv", "subscriptions": "subscriptions.csv"}
    return accounts, observe_book(build_settings({"book": tables}, folder=tmp_path))


def test_margins_and_costs_to_win_of_accounts_travel_with_todays_rows(observed):
    """R1, R6: each account's own figures, empty where it has none."""
    accounts, seen = observed
    told = accounts.assign(account_id=accounts["account_id"].str.strip()).set_index("account_id")
    told = told.reindex(seen.current["account_id"])[["gross_margin", "acquisition_cost"]].astype("float64")
    found = seen.current.set_index("account_id")[["gross_margin", "acquisition_cost"]]
    pd.testing.assert_frame_equal(found, told)
    assert found["gross_margin"].nunique(dropna=False) == 2


def test_no_snapshot_of_the_past_holds_todays_money(observed):
    _, seen = observed
    assert len(seen.snapshots)
    assert not {"gross_margin", "acquisition_cost"} & set(seen.snapshots)
    assert not {"gross_margin", "acquisition_cost"} & set(seen.set_aside)
