"""A1 and A2 from the tables to the terminal: alerts of a book with events."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from standfast.decision.alerts import raise_alerts
from standfast.pipelines.alerts import alerts
from standfast.pipelines.events import observe_weeks
from standfast.pipelines.explain import _alert_lines
from standfast.pipelines.kept_alerts import alerts_of
from standfast.settings import load_settings
from standfast.terminal.alert_words import show_alerts

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def book(sample_files, tmp_path_factory):
    """The sample book, where one account stops all use for four weeks and then takes it up again.

    Another one has a name that a spreadsheet would run.
    """
    folder = tmp_path_factory.mktemp("alerts") / "book"
    shutil.copytree(sample_files, folder)
    usage = pd.read_parquet(folder / "usage.parquet")
    days = pd.to_datetime(usage["day"])
    ids = usage.loc[days > days.max() - pd.Timedelta(days=300), "account_id"]
    steady = ids.value_counts().index[0]
    stopped = days.max() - pd.Timedelta(days=84)
    silent = (usage["account_id"] == steady) & (days >= stopped) & (days < stopped + pd.Timedelta(days=28))
    assert silent.sum() > 20
    usage[~silent].to_parquet(folder / "usage.parquet")
    accounts = pd.read_csv(folder / "accounts.csv", dtype=str)
    accounts["name"] = "=1+1"
    accounts.to_csv(folder / "accounts.csv", index=False)
    return folder, steady, stopped


def test_an_account_whose_usage_collapses_and_recovers_has_one_alert_that_closes(book, sample_files):
    """A1: nobody else's alerts about usage change by it."""
    folder, steady, stopped = book
    settings = load_settings(folder / "standfast.toml")
    frame = raise_alerts(observe_weeks(settings, weeks=20), policy=settings.alerts).frame
    own = frame[(frame["account_id"] == steady) & (frame["type"] == "usage_collapse")]
    (alert,) = own.to_dict("records")
    assert stopped < alert["opened_on"] <= stopped + pd.Timedelta(days=28)
    assert stopped + pd.Timedelta(days=28) < alert["closed_on"] <= stopped + pd.Timedelta(days=63)
    assert alert["value"] >= 0.3
    before = load_settings(sample_files / "standfast.toml")
    plain = raise_alerts(observe_weeks(before, weeks=20), policy=before.alerts).frame
    assert "usage_collapse" not in set(plain.loc[plain["account_id"] == steady, "type"])
    others = ["usage_drop", "usage_collapse"]
    pd.testing.assert_frame_equal(
        *(
            part[part["type"].isin(others) & (part["account_id"] != steady)].reset_index(drop=True)
            for part in (frame, plain)
        )
    )


def test_the_command_lists_open_alerts_by_owner_with_precision(book, cli):
    """A1: the file, the document and the terminal tell the same."""
    folder, *_ = book
    asked = ("alerts", "--settings", folder / "standfast.toml", "-o", "alerts.csv")
    said = json.loads(cli(*asked, "--json").stdout)
    rows = pd.read_csv("alerts.csv")
    assert len(rows) == len(said["open"]) == sum(state["n_open"] for state in said["states"].values()) > 0
    assert not rows.duplicated(["account_id", "type"]).any()
    severity = rows["severity"].map(["risk", "watch", "expansion"].index)
    told = pd.DataFrame({"owner": rows["owner"], "rank": severity, "days": rows["days_open"]})
    assert told.equals(told.sort_values(["owner", "rank", "days"], kind="stable"))
    assert {past["type"] for past in said["precision"]} == set(said["states"])
    right = [past for past in said["precision"] if past["n_accounts"]]
    assert right
    for past in right:
        assert past["low"] <= past["rate"] <= past["high"]
    words = cli(*asked).stdout
    for part in (
        rows["account_id"].iloc[0],
        rows["owner"].iloc[0],
        "how often they were right",
        "alerts.csv",
    ):
        assert part in words


def test_the_ledger_knows_what_is_new_since_the_last_look_and_explain_names_it(book, cli):
    """A1: marked in the file and on the screen; looked again, the same; an earlier date changes nothing."""
    folder, *_ = book
    asked = ("alerts", "--settings", folder / "standfast.toml")
    first = cli(*asked, "--as-of", "2025-12-01", "-o", "first.csv")
    assert "nobody has looked for alerts before, so all are new" in first.stdout
    assert pd.read_csv("first.csv")["is_new"].all()
    said = [json.loads(cli(*asked, "--as-of", "2025-12-15", "-o", "a.csv", "--json").stdout) for _ in "ab"]
    assert said[0] == said[1]
    rows = pd.read_csv("a.csv")
    assert rows.columns[-1] == "is_new"
    assert 0 < rows["is_new"].sum() == said[0]["n_new"] < len(rows)
    assert (said[0]["since"], said[0]["is_kept"]) == ("2025-12-01", True)
    keys = ["account_id", "type", "opened_on"]
    before = rows.merge(pd.read_csv("first.csv")[keys], on=keys)
    assert not before["is_new"].any(), "what was open then is not new"
    assert "new since 2025-12-01" in cli(*asked, "--as-of", "2025-12-15").stdout
    held = json.loads(cli("ledger", *asked[1:], "--json").stdout)
    assert sum(held["open_alerts"].values()) == len(rows)
    assert "changes nothing there" in cli(*asked, "--as-of", "2025-12-08").stdout
    assert json.loads(cli("ledger", *asked[1:], "--json").stdout) == held
    told = _alert_lines(alerts_of(load_settings(folder / "standfast.toml"), rows["account_id"].iloc[0]))
    own = rows[rows["account_id"] == rows["account_id"].iloc[0]]
    assert "2025-12-15" in told[1]
    assert len(told) == 2 + len(own)
    assert own["reason"].iloc[0] in " ".join(told)


def test_the_file_runs_no_formula(book, cli, tmp_path):
    folder, *_ = book
    cli("alerts", "--settings", folder / "standfast.toml", "-o", "alerts.csv")
    assert ",'=1+1," in (tmp_path / "alerts.csv").read_text("utf-8")


def test_settings_change_one_line_of_a_type_and_keep_the_rest(book, cli):
    """A2 is policy: a threshold nobody reaches raises nothing, a type switched off is not there."""
    folder, *_ = book
    own = folder / "own.toml"
    text = (folder / "standfast.toml").read_text("utf-8")
    own.write_text(
        f"{text}\n[alerts]\nweeks = 6\n[alerts.tickets_many]\nthreshold = 999\n"
        "[alerts.power_user]\nenabled = false\n",
        "utf-8",
    )
    said = json.loads(cli("alerts", "--settings", own, "--json").stdout)
    assert said["n_weeks"] == 6
    assert said["states"]["tickets_many"]["n_open"] == 0
    assert "power_user" not in said["states"]
    assert all(past["n_accounts"] == 0 for past in said["precision"]), "six weeks have not matured"
    assert "not surely better" not in cli("alerts", "--settings", own).stdout


def test_a_book_without_any_alert_is_told_so(book, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the ledger is relative to where one works
    folder, *_ = book
    settings = load_settings(folder / "standfast.toml")
    off = {name: replace(one, enabled=False) for name, one in settings.alerts.enabled.items()}
    quiet = replace(settings.alerts, weeks=3, **off)
    show_alerts(alerts(replace(settings, alerts=quiet), output=folder / "none.csv"))
    assert "0 open alerts at 0 accounts" in capsys.readouterr().out
    assert (folder / "none.csv").read_text("utf-8").startswith("owner,account_id,")


def test_a_flat_book_has_no_changes_to_tell(make_flat_book, cli, tmp_path):
    answer = cli("alerts", "--settings", make_flat_book(tmp_path / "flat") / "standfast.toml")
    assert answer.exit_code == 1
    assert "flat table without a past" in answer.complaint


def test_a_history_of_one_week_is_refused_with_the_way_out(book, cli):
    folder, *_ = book
    usage = pd.to_datetime(pd.read_parquet(folder / "usage.parquet", columns=["day"])["day"])
    first = usage.min() + pd.Timedelta(days=93)
    answer = cli("alerts", "--settings", folder / "standfast.toml", "--as-of", str(first.date()))
    assert answer.exit_code == 1
    assert "fewer than two weekly dates" in answer.complaint
