"""U5, C5: a test of plays from its start to its read-out, with the real command and a ledger in SQLite."""

import json

import pandas as pd
import pytest

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_assignments import read_assignments

pytestmark = pytest.mark.integration
NEW, OLD = "Close guidance", "Steady the account"
PLAYS = ("--play", NEW, "--against", OLD)


def said(cli, *arguments):
    answer = cli("experiment", *arguments, "--json")
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def complaint(cli, *arguments):
    answer = cli("experiment", *arguments)
    assert answer.exit_code == 1
    return answer.complaint


@pytest.fixture
def started(cli, flat_folder):
    """A test on the trained flat book, which began with the year."""
    return said(cli, "start", "Value call", *PLAYS, "--anyway", "--as-of", "2026-01-01")


def drawn():
    with open_ledger("sqlite:///ledger.sqlite", book="customers") as ledger:
        return read_assignments(ledger).set_index("account_id")


def test_a_test_runs_from_its_start_through_the_plan_to_its_read_out(cli, flat_folder, started):
    """U5: chance draws in the middle tier alone (C5), the plan gives each its play, outcomes are read."""
    arms = started["accounts_by_arm"]
    assert abs(arms[NEW] - arms[OLD]) <= 1
    assert started["hypothesis"].startswith("accounts that get 'Close guidance'")
    rows = drawn()
    answer = cli("plan", "-o", "plan.csv", "--as-of", "2026-01-02")
    assert answer.exit_code == 0, answer.stderr
    plan = pd.read_csv("plan.csv").set_index("account_id").loc[rows.index]
    assert plan["cell"].str.endswith("medium value").all()
    touched = plan["hours"] > 0
    assert touched.mean() > 0.9
    assert (plan["play"] == rows["arm"])[touched].all()

    outcomes = (["churned", "renewed"] * len(rows))[: len(rows)]
    told = rows.assign(day="2026-02-01", outcome=outcomes)
    told.reset_index()[["account_id", "day", "outcome"]].to_csv("outcomes.csv", index=False)
    assert cli("record", "outcomes", "outcomes.csv").exit_code == 0
    early = said(cli, "report", "Value call", "--as-of", "2026-02-10")
    assert early["tally"]["n_open"] == len(rows)
    assert early["by_chance"] == []
    late = said(cli, "report", "value CALL", "--as-of", "2026-04-15")
    churn = late["by_chance"][0]
    assert churn["is_primary"]
    assert churn["n_rows"] + churn["n_control"] == len(rows)
    assert churn["one_look"]["low"] <= churn["gained"] <= churn["one_look"]["high"]
    assert late["advice"] in {"go on", "waiting", "harm"}
    for command in ("report", "status"):
        answer = cli("experiment", command, "Value call", "--as-of", "2026-04-15")
        assert answer.exit_code == 0, answer.stderr
        assert "more stayed" in answer.stdout


def test_an_account_is_in_one_live_test_and_the_draw_is_the_same_at_every_run(cli, flat_folder, started):
    """U5: whoever is in a cycle that is not over is left out of others, also after a stop."""
    first = drawn()
    assert "experiment 'value call' already" in complaint(cli, "start", "value call", *PLAYS).lower()
    said(cli, "stop", "Value call", "--reason", "try another", "--day", "2026-01-01")
    refused = complaint(cli, "start", "Second", *PLAYS, "--anyway", "--as-of", "2026-01-01")
    assert f"{len(first)} in another experiment now" in refused
    assert "was stopped" in complaint(cli, "draw", "Value call", "--as-of", "2026-05-01")
    (flat_folder / "ledger.sqlite").unlink()
    said(cli, "start", "Value call", *PLAYS, "--anyway", "--as-of", "2026-01-01")
    pd.testing.assert_series_equal(drawn()["arm"], first["arm"])


def test_the_next_cycle_draws_those_whose_cycle_is_over(cli, flat_folder, started):
    """U5: pooled over cycles."""
    assert "nobody may be drawn" in complaint(cli, "draw", "Value call", "--as-of", "2026-02-01")
    again = said(cli, "draw", "Value call", "--as-of", "2026-04-01")
    assert sum(again["accounts_by_arm"].values()) == sum(started["accounts_by_arm"].values())
    assert "was over on 2027-01-01" in complaint(cli, "draw", "Value call", "--as-of", "2027-01-01")


def test_a_test_that_can_never_teach_anything_is_refused_with_its_figures(cli, flat_folder):
    """U5: and nothing is kept of it."""
    refused = complaint(
        cli, "start", "Small", *PLAYS, "--segment", "annual_revenue > 12000", "--as-of", "2026-01-01"
    )
    assert "too small to teach anything" in refused
    assert "--anyway" in refused
    assert not (flat_folder / "ledger.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--play", "Close gidance", "--against", OLD), "the nearest is 'Close guidance'"),
        (("--play", NEW, "--against", NEW), "both are 'Close guidance'"),
        ((*PLAYS, "--segment", "annual_revenu > 10"), "annual_revenue"),
        ((*PLAYS, "--segment", "annual_revenue > 1e9", "--anyway"), "accounts may be in"),
    ],
)
def test_what_makes_no_test_is_refused_with_a_way_out(cli, flat_folder, arguments, expected):
    assert expected in complaint(cli, "start", "X", *arguments, "--as-of", "2026-01-01")


def test_without_an_experiment_each_command_says_how_to_begin(cli, flat_folder):
    assert said(cli, "list") == {"experiments": []}
    for command in (("status",), ("report",), ("stop", "x", "--reason", "y")):
        assert "experiment" in complaint(cli, *command)
    assert "holdout" in complaint(cli, "start", "Holdout", *PLAYS)


def test_power_is_told_without_a_book_and_of_one(cli, flat_folder):
    """U5: 2,002 an arm at 10 %."""
    told = said(cli, "power", "--rate", "0.1", "--accounts", "1000")
    assert told["size"] == {"arm": 2002, "control": 2002}
    assert told["months"] == pytest.approx(14.8, abs=0.1)
    assert said(cli, "power", "--as-of", "2026-01-01")["n_eligible"] > 0
    assert "impossible" in complaint(cli, "power", "--rate", "1.2")
