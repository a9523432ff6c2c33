"""R3, C4, C5, S1 through a settings file: a matrix of 2 x 2 and plays of one's own, from run to report."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from standfast.cli import main
from standfast.settings import load_settings

pytestmark = pytest.mark.integration
SETTINGS = """
[book]
accounts = "accounts.csv"

[capacity]
hours = 60

[tiers]
top_share = 0.25

[matrix]
risk_tiers = ["high", "low"]
value_tiers = ["high", "low"]

[matrix.cells.Save]
segment = "=Red & <list>"
sla_days = 1

[matrix.cells."Protect & grow"]
calls = 2

[plays."Store visit"]
segments = ["=Red & <list>", "Protect & grow"]
where = "industry == 'retail'"
goal = "See the problem where it happens"
steps = ["Visit a store", "Agree one fix"]

[plays."Daring try"]
goal = "Try something new"
steps = ["Call"]
proven = false
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A flat book run once; give its folder and a function that calls a command there."""
    folder = tmp_path_factory.mktemp("own_matrix")
    random = np.random.default_rng(3)
    n, tickets = 400, random.poisson(2, 400)
    churned = random.random(n) < 1 / (1 + np.exp(3.5 - tickets))
    accounts = pd.DataFrame(
        {
            "account_id": [f"A{at}" for at in range(n)], "industry": random.choice(["Retail", "Finance"], n),
            "tickets": tickets, "annual_revenue": np.round(np.exp(random.normal(10, 1, n)), 2),
            "churned": np.where(churned, "yes", "no"),
        }
    )  # fmt: skip
    accounts.to_csv(folder / "accounts.csv", index=False)
    paths = (
        f'\n[paths]\nmodels = "{folder}/models"\nmlruns = "{folder}/mlruns"\nledger = "{folder}/l.sqlite"\n'
    )
    (folder / "standfast.toml").write_text(SETTINGS + paths, "utf-8")

    def call(*words: str) -> str:
        given = [*words, "--settings", str(folder / "standfast.toml")]
        result = CliRunner().invoke(main, given)
        assert result.exit_code == 0, result.output + str(result.exception)
        return result.output

    call("run", "--out", str(folder / "out"))
    return folder, call


def test_scores_and_plan_know_four_cells_and_every_account_has_a_play(book):
    """R3, C4: nobody falls out."""
    folder, _ = book
    scores = pd.read_parquet(folder / "out" / "scores.parquet")
    lines = pd.read_csv(folder / "out" / "plan.csv")
    matrix = load_settings(folder / "standfast.toml").built_matrix
    assert set(scores["cell"]) == set(matrix.cell_names)
    assert set(scores["segment"]) == {"=Red & <list>", "Protect & grow", "Rescue by program", "Maintain"}
    here = lines["why"] != "already churned"
    assert lines.loc[here, "play"].notna().all()
    assert lines.loc[lines["cell"] == "low risk, high value", "n_call"].max() <= 2


def test_plays_go_where_their_rules_say_and_the_unproven_not_to_the_top(book):
    """S1, C5."""
    folder, call = book
    scores_file, plan_file = folder / "s.csv", folder / "p.csv"
    call("score", "-o", str(scores_file))
    call("plan", str(scores_file), "-o", str(plan_file), "--hours", "400")
    scores = pd.read_csv(scores_file)
    lines = pd.read_csv(plan_file).merge(scores[["account_id", "industry", "value_tier"]], on="account_id")
    visits, tries = lines[lines["play"] == "Store visit"], lines[lines["play"] == "Daring try"]
    assert len(visits)
    assert set(visits["industry"]) == {"Retail"}
    assert set(visits["value_tier"]) == {"high"}
    assert len(tries)
    assert set(tries["value_tier"]) == {"low"}


def test_explain_and_report_speak_the_teams_words(book):
    """S9."""
    folder, call = book
    scores = pd.read_parquet(folder / "out" / "scores.parquet")
    red = scores.loc[scores["segment"] == "=Red & <list>", "account_id"].iloc[0]
    assert "=Red & <list>, priority 1" in call("explain", red)
    told = json.loads(call("explain", red, "--json"))
    assert told["scores"]["segment"] == "=Red & <list>"
    page = (folder / "out" / "report.html").read_text("utf-8")
    assert "=Red &amp; &lt;list&gt;" in page
    assert "<list>" not in page
    assert "Medium value" not in page
    assert "The top 25 % of accounts by reward is high, the rest low." in page


def test_scores_of_this_matrix_are_refused_by_another(book):
    """R3: never mixed."""
    folder, call = book
    call("score", "-o", str(folder / "mine.parquet"))
    other = folder / "other.toml"
    other.write_text('[book]\naccounts = "accounts.csv"\n', "utf-8")
    given = ["plan", str(folder / "mine.parquet"), "-o", str(folder / "o.csv"), "--settings", str(other)]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 1
    assert "placed by another matrix" in result.output
