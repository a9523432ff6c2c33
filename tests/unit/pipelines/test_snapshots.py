"""What ``standfast snapshots`` reads and tells."""

import json
from datetime import date

import pytest

from standfast.errors import InputError
from standfast.pipelines.snapshots import parse_dates


def test_dates_are_sorted_and_said_once():
    assert parse_dates("2024-04-01, 2024-03-01,2024-04-01") == (date(2024, 3, 1), date(2024, 4, 1))
    assert parse_dates(None) is None


@pytest.mark.parametrize("text", ["", "2024-02-30", "yesterday", "2024-03-01,"])
def test_what_is_no_date_is_shown(text):
    with pytest.raises(InputError, match="--dates"):
        parse_dates(text)


SUBSCRIPTIONS = """\
account_id,started_on,ended_on,is_trial
stays,2023-01-01,,no
leaves,2023-01-01,2024-03-20,no
gone,2023-01-01,2023-06-01,no
tries,2024-02-20,2024-03-10,yes
returns,2023-01-01,2024-02-25,no
returns,2024-03-10,,no
"""
SETTINGS = """\
[book]
accounts = "accounts.csv"
subscriptions = "subscriptions.csv"
tickets = "tickets.csv"
"""


@pytest.fixture
def small_book(tmp_path):
    (tmp_path / "subscriptions.csv").write_text(SUBSCRIPTIONS)
    names = dict.fromkeys(line.split(",")[0] for line in SUBSCRIPTIONS.splitlines()[1:])
    (tmp_path / "accounts.csv").write_text("account_id\n" + "\n".join(names) + "\n")
    (tmp_path / "tickets.csv").write_text("account_id,opened_at\nstays,2024-09-30\n")
    (tmp_path / "standfast.toml").write_text(SETTINGS)
    return tmp_path


def test_who_is_not_asked_about_is_told_by_date_and_reason(small_book, cli):
    answer = json.loads(cli("snapshots", "-o", "s.parquet", "--dates", "2024-03-01", "--json").stdout)
    apart = {"gone already": 1, "between two subscriptions": 1, "in trial": 1}
    assert answer["left_out"] == {"2024-03-01": apart}
    assert answer["left_out_in_all"] == apart
    assert answer["left_out_now"] == {"gone already": 2, "not a customer yet": 1}
    assert (answer["n_rows"], answer["labels"]["churned"]) == (2, [1, 2])
    said = cli("snapshots", "-o", "s.parquet", "--dates", "2024-03-01").stdout
    assert "not asked about on these dates: gone already 1; between two subscriptions 1; in trial 1" in said


def test_a_book_in_which_nobody_is_active_says_what_became_of_its_accounts(small_book, cli):
    rows = SUBSCRIPTIONS.replace(",,", ",2024-05-01,")
    (small_book / "subscriptions.csv").write_text(rows)
    answer = cli("snapshots", "-o", "s.parquet", "--dates", "2024-03-01")
    assert answer.exit_code == 1
    assert "is active on 2024-10-01 (4 gone already; 1 not a customer yet)" in answer.complaint
