"""O1 to O4 and C5 with the real command and a ledger in SQLite."""

import json
import multiprocessing
import os
import shutil
import signal
from datetime import date

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_campaign_results import campaign_results, keep_results
from standfast.adapters.ledger_campaigns import (
    add_campaign,
    campaign_accounts,
    claimed_accounts,
    find_campaign,
    keep_look,
)
from standfast.adapters.ledger_tables import PLAN_LINES, PLANS, TOUCHES
from standfast.errors import StateError

pytestmark = pytest.mark.integration
DAY = date(2026, 1, 5)
TERMS = {
    "lists": ["A", "B"], "gate_share": 0.8, "least_accounts": 1, "max_effort_ratio": 2.0, "confidence": 0.9,
    "hourly_cost": 100.0,
}  # fmt: skip
ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["=cmd()", "b,\N{ROCKET}", "c"], "list": ["A", "A", "B"], "place": [1, 2, 1],
        "owner": None, "annual_revenue": [3.0, 2.0, 1.0],
    }
)  # fmt: skip


def results(account="=cmd()", **told):
    row = {
        "account_id": account, "day": DAY, "result": "meeting", "channel": "call", "minutes": 30.0,
        "direct_cost": 0.0, "revenue": 0.0, "note": None,
    }  # fmt: skip
    return pd.DataFrame([{**row, **told}])


def opened(folder):
    return open_ledger(f"sqlite:///{folder / 'ledger.sqlite'}", book="b")


def begun(ledger, name="one"):
    return add_campaign(ledger, name=name, offer="x", as_of=DAY, terms=TERMS, accounts=ACCOUNTS)


def touches(ledger):
    with ledger.reading() as connection:
        return [dict(row) for row in connection.execute(sa.select(TOUCHES)).mappings()]


def killed_while_recording(folder):
    """Record, and die when the results are written and their touches are not."""

    def die(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO touches"):
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(folder) as ledger:
        sa.event.listen(ledger.engine, "before_cursor_execute", die)
        keep_results(ledger, find_campaign(ledger, "one"), results())


def test_a_result_told_twice_is_one_and_told_anew_is_corrected(tmp_path):
    """O2: and its touch goes along, so that contact caps see it once."""
    with opened(tmp_path) as ledger:
        campaign = begun(ledger)
        counts = [keep_results(ledger, campaign, results(minutes=m)) for m in (30.0, 30.0, 45.0)]
        assert [(c.n_new, c.n_known, c.n_corrected) for c in counts] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
        keep_results(ledger, campaign, results(result="sale", minutes=15.0, revenue=900.0))
        assert campaign_results(ledger, campaign)["minutes"].tolist() == [45.0, 15.0]
        (touch,) = touches(ledger)
        assert (touch["account_id"], touch["play"], touch["day"]) == ("=cmd()", "one", DAY)
        assert (touch["minutes"], touch["outcome"], touch["channel"]) == (60.0, "reached", "call")
        assert campaign_accounts(ledger, campaign)["n_contacts"].tolist() == [1, 0, 0]


def test_killed_in_the_middle_of_recording_nothing_is_kept_and_the_next_one_works(tmp_path):
    """Nothing is lost: a result without its touch would be half the truth."""
    with opened(tmp_path) as ledger:
        begun(ledger)
    process = multiprocessing.get_context("spawn").Process(target=killed_while_recording, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with opened(tmp_path) as ledger:
        campaign = find_campaign(ledger, None)
        assert campaign_results(ledger, campaign).empty
        assert touches(ledger) == []
        assert keep_results(ledger, campaign, results()).n_new == 1


def test_an_account_belongs_to_the_campaign_that_was_there_first_until_it_has_answered(tmp_path):
    """O1: list B of the first one is not open, so it holds nobody there."""
    with opened(tmp_path) as ledger:
        first, second = begun(ledger), begun(ledger, "two")
        assert set(claimed_accounts(ledger, besides=second)) == {"=cmd()", "b,\N{ROCKET}"}
        assert claimed_accounts(ledger, besides=first) == {}
        keep_results(ledger, second, results("c"))
        assert claimed_accounts(ledger, besides=first) == {"c": "two"}
        keep_results(ledger, first, results(result="refused"))
        keep_look(ledger, first, looked_on=DAY, reasons={"b,\N{ROCKET}": "in onboarding"})
        assert claimed_accounts(ledger, besides=second) == {}


def test_two_campaigns_of_one_name_are_refused_and_several_live_ones_must_be_named(tmp_path):
    with opened(tmp_path) as ledger:
        begun(ledger, "Frühling")
        with pytest.raises(StateError, match=r"'Frühling' already, started on 2026-01-05"):
            begun(ledger, "FRÜHLING")
        begun(ledger, "two")
        with pytest.raises(StateError, match=r"2 campaigns are live; name one of \['Frühling', 'two'\]"):
            find_campaign(ledger, None)
        with pytest.raises(StateError, match=r"no campaign 'three' in this book; known"):
            find_campaign(ledger, "three")


@pytest.fixture
def flat(flat_folder):
    """The trained flat book, with one account that a spreadsheet would run."""
    customers = pd.read_csv(flat_folder / "customers.csv", dtype=str)
    richest = customers["mrr"].astype(float).idxmax()
    customers.loc[richest, "id"] = "=1+1"
    customers["open_critical"] = "0"
    customers.to_csv(flat_folder / "customers.csv", index=False)
    return flat_folder


def asked(cli, *arguments, date="2026-03-02"):
    dated = ("--as-of", date) if arguments[0] in {"start", "next", "profile"} else ()
    return cli("campaign", *arguments, *dated)


def heard(cli, *arguments, **options):
    answer = asked(cli, *arguments, "--json", **options)
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def outcomes(rows, *, chance, revenue, seed=1):
    """One contact each of half an hour; a share of them buys."""
    sold = np.random.default_rng(seed).random(len(rows)) < chance
    return pd.DataFrame(
        {
            "account_id": [row["account_id"] for row in rows], "minutes": 30, "day": "2026-03-03",
            "result": np.where(sold, "sale", "none"), "revenue": np.where(sold, revenue, 0),
        }
    )  # fmt: skip


@pytest.fixture
def in_the_folder(cli, flat, monkeypatch):
    monkeypatch.chdir(flat)
    return cli


def test_a_campaign_goes_from_list_a_to_b_and_is_advised_against_c(in_the_folder, flat):
    """O1, O2, O3: the whole way as a team goes it."""
    cli = in_the_folder
    begun = heard(cli, "start", "=cmd()", "--offer", "Audit module \N{ROCKET}")
    sizes = {row["list"]: row["n_accounts"] for row in begun["accounts_by_list"]}
    assert list(sizes) == ["A", "B", "C"]
    first = heard(cli, "next", "-n", 1000)
    assert {row["list"] for row in first["next"]} == {"A"}
    assert first["n_left"] == len(first["next"]) == sizes["A"]
    assert "=1+1" in [row["account_id"] for row in first["next"]]
    outcomes(first["next"], chance=0.3, revenue=900).to_csv("a.csv", index=False)
    assert heard(cli, "record", "=cmd()", "--file", "a.csv")["n_new"] == sizes["A"]
    assert heard(cli, "record", "=cmd()", "--file", "a.csv")["n_known"] == sizes["A"]
    second = heard(cli, "next", "-n", 1000, "-o", "next.csv")
    assert second["open_list"] == "B"
    assert "list B is open" in second["opened"][0]
    assert {row["list"] for row in second["next"]} == {"B"}
    outcomes(second["next"], chance=0.01, revenue=300).to_csv("b.csv", index=False)
    heard(cli, "record", "=cmd()", "--file", "b.csv")
    third = heard(cli, "next")
    assert (third["open_list"], third["gate"]["verdict"], third["opened"]) == ("B", "stop", [])
    words = asked(cli, "next").stdout
    assert "stop, and invest in an offer for list A instead" in words
    assert "campaign stop '=cmd()'" in words, "nothing stops by itself"
    standing = heard(cli, "status")
    b = standing["lists"][1]
    assert b["effort_ratio"]["low"] > 2
    assert b["cost"] == pytest.approx(sizes["B"] * 0.5 * 20)
    assert "times list A" in asked(cli, "status", "=cmd()").stdout
    fourth = heard(cli, "next", "--go-on", "the board asks for it")
    assert fourth["open_list"] == "C"
    assert heard(cli, "status")["gates"][1]["overruled_because"] == "the board asks for it"
    stopped = asked(cli, "stop", "=cmd()", "--reason", "five times the effort")
    assert "stopped on 2 Mar 2026: five times the effort" in stopped.stdout.replace("\xa0", " ")
    assert "was stopped on 2026-03-02 (five times the effort)" in asked(cli, "next", "=cmd()").complaint


def test_whoever_is_held_back_is_never_next_and_comes_back_first_when_the_reason_ends(in_the_folder, flat):
    """O1: a critical ticket, the last plan's holdout, and an account that has left the book."""
    cli = in_the_folder
    plain = heard(cli, "start", "one", "--offer", "x", "--lists", "A")
    assert plain["open_list"] == "A"
    order = [row["account_id"] for row in heard(cli, "next", "-n", 1000)["next"]]
    critical, held_out, gone = order[:3]
    customers = pd.read_csv("customers.csv", dtype=str)
    worse = customers.assign(open_critical=np.where(customers["id"] == critical, "1", "0"))
    worse[worse["id"] != gone].to_csv("customers.csv", index=False)
    with open_ledger("sqlite:///ledger.sqlite", book="customers") as ledger, ledger.writing() as connection:
        plan = {
            "plan_id": 1,
            "book": "customers",
            "as_of": DAY,
            "made_at": pd.Timestamp(DAY),
            "horizon_days": 90,
        }
        connection.execute(sa.insert(PLANS).values({**plan, "summary": {}}))
        line = dict.fromkeys(("n_in_person", "n_call", "n_email", "n_digital", "hours"), 0)
        line |= {"plan_id": 1, "account_id": held_out, "held_out": True}
        connection.execute(sa.insert(PLAN_LINES).values(line))
    held = heard(cli, "next", "-n", 1000)
    assert [row["account_id"] for row in held["next"]] == order[3:]
    assert sorted(held["held_back"]) == [
        "held out, to see what happens without outreach",
        "not in the book any more",
        "with an open critical ticket",
    ]
    customers.to_csv("customers.csv", index=False)
    back = [row["account_id"] for row in heard(cli, "next", "-n", 2)["next"]]
    assert back == [critical, gone]
    told = asked(cli, "record", "one", held_out, "--minutes", 5, "--result", "refused")
    assert f"careful: 1 of these accounts were held back, such as {held_out}" in told.stdout


def test_an_experiment_leaves_the_best_accounts_alone_and_says_so(in_the_folder):
    """C5."""
    cli = in_the_folder
    begun = heard(cli, "start", "trial", "--offer", "x", "--experimental", "--where", "plan == 'pro'")
    assert begun["terms"]["lists"] == ["B", "C"]
    assert "list A is left out" in begun["notes"][-1]
    assert {row["list"] for row in heard(cli, "next")["next"]} == {"B"}
    refused = asked(cli, "start", "other", "--offer", "x", "--experimental", "--lists", "A")
    assert "leaves list A out" in refused.complaint


def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_recorded(in_the_folder):
    cli = in_the_folder
    assert "there is no ledger 'ledger.sqlite'" in asked(cli, "status").complaint
    assert "has 300 signs; 120 are the most" in asked(cli, "start", "x" * 300, "--offer", "x").complaint
    assert "control signs" in asked(cli, "start", "a\nb", "--offer", "x").complaint
    assert "no lists ['X']" in asked(cli, "start", "a", "--offer", "x", "--lists", "A,X").complaint
    undated = cli("campaign", "start", "a", "--offer", "x")
    assert "give it with --as-of" in undated.complaint
    assert (
        "nearest column is 'plan'"
        in asked(cli, "start", "a", "--offer", "x", "--where", "plann == 1").complaint
    )
    heard(cli, "start", "a", "--offer", "x")
    account = heard(cli, "next", "-n", 1)["next"][0]["account_id"]
    told = ("record", "a", account, "--minutes")
    assert (
        "no account ['nobody']"
        in asked(cli, "record", "a", "nobody", "--minutes", 1, "--result", "none").complaint
    )
    assert "say what it brings a year" in asked(cli, *told, 1, "--result", "sale").complaint
    for minutes in ("-1", "nan", "inf"):
        assert "is no number from 0 up" in asked(cli, *told, minutes, "--result", "none").complaint
        cost = asked(cli, *told, 1, "--result", "none", "--cost", minutes)
        assert "is no number from 0 up" in cost.complaint
    assert (
        "before campaign 'a' began"
        in asked(cli, *told, 1, "--result", "none", "--day", "2026-03-01").complaint
    )
    assert asked(cli, "record", "a").exit_code == 2
    assert "cannot open before" in asked(cli, "next", "--go-on", "now").complaint
    rows = pd.DataFrame({"account_id": [account] * 2, "minutes": [1, 2], "result": "none"})
    rows.to_csv("twice.csv", index=False)
    assert "more than once, told differently" in asked(cli, "record", "a", "--file", "twice.csv").complaint
    rows.assign(result=["none", "won"]).to_csv("odd.csv", index=False)
    assert "first in row 2" in asked(cli, "record", "a", "--file", "odd.csv").complaint
    assert heard(cli, "status")["lists"][0]["n_contacted"] == 0


def test_the_profile_of_list_a_is_written_and_printed(in_the_folder, flat):
    """O4."""
    cli = in_the_folder
    words = asked(cli, "profile", "-o", "profile.csv").stdout
    rows = pd.read_csv(flat / "profile.csv")
    assert set(rows["about"]) == {"plan"}
    stayed = (pd.read_csv("customers.csv")["left"] == "No").sum()
    n_best = rows["n_accounts"].sum()
    assert (n_best, n_best + rows["n_others"].sum()) == (round(stayed / 10), stayed)
    assert f"{n_best} accounts of list A" in words.replace("\xa0", " ")


def test_the_profile_tells_features_tickets_and_headroom_of_a_book_with_events(sample_files, cli, tmp_path):
    """O4: also a column of the tickets' own, topic."""
    folder = tmp_path / "book"
    shutil.copytree(sample_files, folder)
    tickets = pd.read_csv(folder / "tickets.csv", dtype=str)
    tickets.assign(Topic="=billing").to_csv(folder / "tickets.csv", index=False)
    found = json.loads(cli("campaign", "profile", "--settings", folder / "standfast.toml", "--json").stdout)
    about = {row["about"] for row in found["rows"]}
    assert {"product", "plan", "industry", "employees", "used in 90 days", "NPS"} <= about
    assert {"priority of tickets in a year", "topic of tickets in a year"} <= about
    assert any(name.startswith("seats in use") for name in about)
