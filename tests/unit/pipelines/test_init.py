"""The settings file a person would keep."""

import tomllib

import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.pipelines import init as init_module
from standfast.pipelines.init import init
from standfast.settings import load_settings


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "deep" / "clients.csv"
    path.parent.mkdir()
    customers = {
        "customerID": [f"c{i}" for i in range(40)],
        "MonthlyCharges": range(10, 50),
        "Churn": ["Yes", "No"] * 20,
    }
    pd.DataFrame(customers).to_csv(path, index=False)
    return path


def test_the_table_is_named_as_seen_from_the_settings_file(table, tmp_path):
    init([table], output=tmp_path / "standfast.toml")
    written = tomllib.loads((tmp_path / "standfast.toml").read_text())
    assert (tmp_path / written["book"]["accounts"]).resolve() == table


def test_roles_and_the_period_of_revenue_are_guessed(table, tmp_path):
    init([table], output=tmp_path / "standfast.toml")
    written = tomllib.loads((tmp_path / "standfast.toml").read_text())
    assert written["columns"]["account_id"] == "customerID"
    assert written["columns"]["churned"] == "Churn"
    assert written["units"]["revenue_period"] == "month"


def test_accounts_too_small_for_paid_calls_get_hours_that_are_paid_anyway(table, tmp_path):
    init([table], output=tmp_path / "standfast.toml")
    assert tomllib.loads((tmp_path / "standfast.toml").read_text())["capacity"]["hourly_cost"] == 0


def test_revenue_in_cents_is_weighed_in_whole_units(tmp_path):
    for name, factor in (("fee_per_year", 1), ("fee_per_year_cents", 100)):
        customers = {"id": [f"c{i}" for i in range(40)], name: [300 * factor] * 39 + [310 * factor]}
        pd.DataFrame(customers).assign(Churn=["yes", "no"] * 20).to_csv(tmp_path / f"{name}.csv", index=False)
        init([tmp_path / f"{name}.csv"], output=tmp_path / f"{name}.toml")
        settings = load_settings(tmp_path / f"{name}.toml")
        assert settings.columns.accounts["annual_revenue"] == name
        assert settings.capacity.hourly_cost == 0
    assert settings.read["accounts"].cents == ("annual_revenue",)


def test_a_settings_file_that_is_there_is_kept_unless_forced(table, tmp_path):
    output = tmp_path / "standfast.toml"
    output.write_text("mine")
    with pytest.raises(InputError, match="--force"):
        init([table], output=output)
    assert output.read_text() == "mine"
    init([table], output=output, force=True)
    assert "customerID" in output.read_text()


def test_force_does_not_reach_the_table_itself(table):
    before = table.read_bytes()
    with pytest.raises(InputError, match="would be replaced"):
        init([table], output=table, force=True)
    assert table.read_bytes() == before


def test_a_table_without_an_id_is_refused_with_its_columns(tmp_path):
    pd.DataFrame({"plan": ["a", "b"] * 10, "churn": ["yes", "no"] * 10}).to_csv(
        tmp_path / "x.csv", index=False
    )
    with pytest.raises(InputError, match="plan, churn"):
        init([tmp_path / "x.csv"], output=tmp_path / "standfast.toml")
    assert not (tmp_path / "standfast.toml").exists()


@pytest.fixture
def orders(tmp_path):
    """A folder of order lines: the second half is of accounts that the first does not know."""
    folder = tmp_path / "orders"
    folder.mkdir()
    for part in range(2):
        lines = {
            "CustomerID": [float(part * 100 + i % 10) for i in range(40)],
            "InvoiceDate": pd.date_range(f"202{part}-01-01", periods=40),
            "Quantity": range(40),
            "UnitPrice": 2.5,
        }
        pd.DataFrame(lines).to_parquet(folder / f"part-{part}.parquet")
    return folder


def test_order_lines_alone_give_a_book_by_inactivity_with_accounts_of_all_their_ids(
    orders, tmp_path, monkeypatch
):
    monkeypatch.setattr(init_module, "SAMPLE_ROWS", 30)
    summary = init([orders], output=tmp_path / "standfast.toml")
    settings = load_settings(tmp_path / "standfast.toml")
    assert settings.churn.by == "inactivity"
    assert not settings.is_flat
    assert settings.book.tables == {
        "accounts": "accounts_of_orders.csv",
        "invoices": summary.guesses[1].split(":")[0],
    }
    assert settings.read["invoices"].quantity == "Quantity"
    ids = pd.read_csv(tmp_path / "accounts_of_orders.csv", dtype="string")["account_id"]
    assert list(ids) == sorted([*map(str, range(10)), *map(str, range(100, 110))])


def test_accounts_that_are_there_already_are_kept_unless_forced(orders, tmp_path):
    (tmp_path / "accounts_of_orders.csv").write_text("mine")
    with pytest.raises(InputError, match="is already there"):
        init([orders], output=tmp_path / "standfast.toml")
    assert not (tmp_path / "standfast.toml").exists()
    init([orders], output=tmp_path / "standfast.toml", force=True)
    assert (tmp_path / "accounts_of_orders.csv").read_text() != "mine"


def test_a_table_that_was_given_is_never_written_over(orders, tmp_path):
    accounts = tmp_path / "identifiers_found.csv"
    pd.DataFrame({"sf": ["A", "B"], "customer": ["cus_1", "cus_2"]}).to_csv(accounts, index=False)
    pd.DataFrame({"account_id": ["A", "B"], "name": ["x", "y"]}).to_csv(
        tmp_path / "accounts.csv", index=False
    )
    bills = pd.DataFrame({"customer": ["cus_1", "cus_2"], "created": "2024-01-01", "attempt_count": "1"})
    bills.to_csv(tmp_path / "bills.csv", index=False)
    before = accounts.read_bytes()
    names = ("accounts.csv", "bills.csv", "identifiers_found.csv")
    with pytest.raises(InputError, match="would be replaced"):
        init([tmp_path / name for name in names], output=tmp_path / "standfast.toml", force=True)
    assert accounts.read_bytes() == before


def test_accounts_are_read_whole_and_other_tables_by_their_first_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(init_module, "SAMPLE_ROWS", 5)
    ids = [f"A{i:02}" for i in range(20)]
    pd.DataFrame({"account_id": ids, "name": ids}).to_csv(tmp_path / "accounts.csv", index=False)
    usage = pd.DataFrame({"account_id": ["A19"] * 5 + ["?"] * 5, "day": "2024-01-01", "event": "login"})
    usage.to_csv(tmp_path / "usage.csv", index=False)
    summary = init([tmp_path / "accounts.csv", tmp_path / "usage.csv"], output=tmp_path / "standfast.toml")
    assert "100.0% of its rows are of known accounts" in "\n".join(summary.guesses)


def test_an_account_id_that_repeats_after_the_first_rows_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(init_module, "SAMPLE_ROWS", 5)
    ids = [f"A{i:02}" for i in range(20)]
    pd.DataFrame({"account_id": [*ids, "A00"]}).assign(churn="no").to_csv(tmp_path / "a.csv", index=False)
    summary = init([tmp_path / "a.csv"], output=tmp_path / "standfast.toml")
    assert any("1 rows repeat an id" in warning for warning in summary.warnings)
