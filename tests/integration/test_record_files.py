"""What people did comes from their files into the ledger, and from there to whoever asks for touches made."""

import json
from datetime import date

import pandas as pd
import pytest

from standfast.adapters.tables import write_table
from standfast.pipelines.made_touches import MADE_COLUMNS, made_touches
from standfast.settings import build_settings, load_settings

pytestmark = pytest.mark.integration

BOOK = """\
[book]
accounts = "accounts.csv"
subscriptions = "subscriptions.csv"
touches = "touches.csv"

[columns.touches]
account_id = "Customer"
day = "When"
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A small book whose touches have column names of their own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "standfast.toml").write_text(BOOK)
    (tmp_path / "accounts.csv").write_text("account_id\nA-1\nA-2\n=cmd\n")
    (tmp_path / "subscriptions.csv").write_text("account_id,started_on\nA-1,2024-01-01\nA-2,2024-01-01\n")
    (tmp_path / "touches.csv").write_text(
        "Customer,When,channel,play,outcome\nA-1,2026-01-01,call,save,reached\nA-2,2026-01-05,email,,\n"
        "A-2,2026-01-05,email,,\n"
    )
    return tmp_path


def record(cli, kind, file):
    answer = cli("record", kind, file, "--json")
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def test_rows_are_new_known_or_rejected_with_reasons_and_unknown_accounts_are_named(cli, book):
    (book / "t.csv").write_text(
        "Customer,When,channel,minutes,play\nA-1,2026-01-01,call,30,save\nA-1,2026-01-01,call,30,save\n"
        '\'=cmd,2026-01-02,,,\n"A, 9 😀",2026-01-02,call,soon,\n,2026-01-02,call,1,\nA-1,never,call,1,\n'
    )
    first = record(cli, "touches", "t.csv")
    assert (first["n_rows"], first["n_new"], first["n_known"], first["n_rejected"]) == (6, 3, 1, 2)
    assert sum(n for why, n in first["reasons"].items() if why.startswith("row set aside")) == 2
    assert first["unknown_accounts"] == ["A, 9 😀"]
    again = record(cli, "touches", "t.csv")
    assert (again["n_new"], again["n_known"], again["n_rejected"]) == (0, 4, 2)
    words = cli("record", "touches", "t.csv").stdout
    assert "6 rows of t.csv = 0 new touches" in words
    assert "careful: the book does not hold 1 account (A, 9 😀)" in words
    assert "touches: 3 of 3 accounts, 2026-01-01 to 2026-01-02" in cli("ledger").stdout


def test_a_file_of_ours_is_read_back_as_it_was(cli, book):
    """Security: text that was made safe for spreadsheets names the same account again."""
    rows = pd.DataFrame({"Customer": ["=cmd"], "When": ["2026-01-02"], "channel": ["call"], "play": ["-x"]})
    write_table(rows, book / "ours.csv")
    assert "'=cmd" in (book / "ours.csv").read_text("utf-8")
    assert record(cli, "touches", "ours.csv")["unknown_accounts"] == []
    rows.to_parquet(book / "ours.parquet")
    assert record(cli, "touches", "ours.parquet")["n_known"] == 1


def test_touches_made_are_those_of_the_book_and_of_the_ledger_each_once(cli, book):
    (book / "t.csv").write_text(
        "Customer,When,channel,play,outcome\nA-1,2026-01-01,call,save,no answer\nA-1,2026-01-03,call,save,\n"
        "A-2,2026-01-09,call,save,\n"
    )
    record(cli, "touches", "t.csv")
    made = made_touches(load_settings(), as_of=date(2026, 1, 9))
    assert tuple(made.columns) == MADE_COLUMNS
    assert made["account_id"].tolist() == ["A-1", "A-1", "A-2"]
    assert made["day"].dt.day.tolist() == [1, 3, 5]
    assert made["outcome"].fillna("").tolist() == ["no answer", "", ""]
    assert len(made_touches(load_settings(), as_of=date(2026, 1, 5))) == 2


def test_without_a_book_of_touches_and_without_a_ledger_none_were_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = made_touches(build_settings({}), as_of=date(2026, 1, 9))
    assert (tuple(made.columns), len(made)) == (MADE_COLUMNS, 0)
    assert pd.api.types.is_datetime64_any_dtype(made["day"])
    assert not (tmp_path / "ledger.sqlite").exists()


def test_a_table_of_touches_without_rows_is_none(book):
    (book / "touches.csv").write_text("Customer,When\n")
    assert made_touches(load_settings(), as_of=date(2026, 1, 9)).empty


def test_outcomes_are_one_of_four(cli, book):
    (book / "o.csv").write_text(
        "account_id,day,outcome,amount,note\nA-1,2026-01-01,Churned ,,moved away\nA-2,2026-01-01,vanished,,\n"
        "A-2,2026-01-02,renewed,1200,\n"
    )
    said = record(cli, "outcomes", "o.csv")
    assert (said["n_new"], said["n_rejected"]) == (2, 1)
    assert any("'vanished'" in why and "renewed" in why for why in said["reasons"])
    assert "outcomes: 1 churned, 1 renewed" in cli("ledger").stdout


def test_outcomes_may_have_columns_of_the_user_s_own(cli, book):
    (book / "standfast.toml").write_text(BOOK + '\n[columns.outcomes]\nday = "On"\n')
    (book / "o.csv").write_text("account_id,On,outcome\nA-1,2026-01-01,churned\n")
    assert record(cli, "outcomes", "o.csv")["n_new"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "empty"), ("Customer\nA-1\n", "When"), ("Customer,When\nA-1,soon\n", "no readable day")],
)
def test_a_file_that_tells_no_touch_is_one_error_and_makes_no_ledger(cli, book, content, said):
    (book / "t.csv").write_text(content)
    answer = cli("record", "touches", "t.csv")
    assert answer.exit_code == 1
    assert "t.csv" in answer.complaint
    assert said in answer.complaint
    assert not (book / "ledger.sqlite").exists()


def test_a_flat_book_knows_its_accounts_too(cli, make_flat_book, tmp_path):
    make_flat_book(tmp_path, n=50)
    (tmp_path / "t.csv").write_text("account_id,day\nA-0001,2026-01-01\nA-9999,2026-01-01\n")
    assert record(cli, "touches", "t.csv")["unknown_accounts"] == ["A-9999"]


def test_a_ledger_that_is_not_there_yet_is_told_and_not_made(cli, book):
    assert "there is no ledger ledger.sqlite yet" in cli("ledger").stdout
    assert json.loads(cli("ledger", "--json").stdout)["is_there"] is False
    assert not (book / "ledger.sqlite").exists()
