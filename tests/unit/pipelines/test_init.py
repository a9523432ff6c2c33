"""The settings file a person would keep."""

import tomllib

import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.pipelines.init import init


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
