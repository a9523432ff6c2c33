"""The ledger holds a plan still: each follows the one before, and the same day gives the same bytes."""

import json
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from standfast.adapters.formula_safety import undefuse
from standfast.decision.matrix import CELLS
from standfast.pipelines import run as pipeline

pytestmark = pytest.mark.integration

HOURS = 120


@pytest.fixture
def book(tmp_path):
    """A stranger's scores at two dates a week apart; log-odds and money have moved a little."""
    rng = np.random.default_rng(3)
    n = 600
    log_odds, noise = rng.normal(-2, 1, n), rng.normal(0, 0.5, n)
    revenue = rng.lognormal(9.5, 1, n)
    for name, day, moved in (("one", "2026-01-01", 0.0), ("eight", "2026-01-08", 1.0)):
        scores = pd.DataFrame(
            {
                "account_id": [f"A-{i:03d}" for i in range(n - 1)] + ["=cmd, 😀"],
                "observation_date": day,
                "churn_probability": 1 / (1 + np.exp(-(log_odds + moved * noise))),
                "upsell_probability": 0.1,
                "annual_revenue": revenue,
                "upsell_value": 0.2 * revenue,
                "model_version": "m-1",
            }
        )
        scores.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


def plan(cli, scores, output, *more):
    answer = cli("plan", f"{scores}.csv", "-o", output, "--hours", HOURS, *more)
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout


def moved(before, after):
    one, two = (pd.read_csv(path).set_index("account_id")["hours"] for path in (before, after))
    return (two - one).clip(lower=0).sum() / two.sum()


def test_a_plan_that_follows_another_moves_fewer_hours_and_says_how_many(cli, book):
    """C5 and stability: the keep bonus needs no file of the last plan, only the ledger."""
    plan(cli, "one", "one-plan.csv")
    said = plan(cli, "eight", "held.csv")
    (book / "ledger.sqlite").unlink()
    plan(cli, "eight", "fresh.csv")
    assert 0 < moved("one-plan.csv", "held.csv") < 0.7 * moved("one-plan.csv", "fresh.csv")
    assert "planned accounts keep the touches of the plan of 2026-01-01" in said
    assert f"{100 * moved('one-plan.csv', 'held.csv'):.0f} % of the hours moved" in said


def test_planned_twice_for_the_same_day_it_is_the_same_bytes(cli, book):
    """Both follow the plan of the day before, and the ledger keeps both."""
    plan(cli, "one", "one-plan.csv")
    plan(cli, "eight", "first.csv")
    plan(cli, "eight", "again.csv")
    assert (book / "first.csv").read_bytes() == (book / "again.csv").read_bytes()
    held = json.loads(cli("ledger", "--json").stdout)["plans"]
    assert [(day["as_of"][:10], day["n_made"]) for day in held] == [("2026-01-01", 1), ("2026-01-08", 2)]
    lines = pd.read_csv("again.csv")
    assert held[1]["hours"] == pytest.approx(lines["hours"].sum())
    assert held[1]["expected_value"] == pytest.approx(lines["expected_value"].sum())
    assert held[1]["model_version"] == "m-1"


def test_a_plan_for_an_earlier_day_follows_no_later_one(cli, book):
    plan(cli, "eight", "eight-plan.csv")
    assert "keep the touches" not in plan(cli, "one", "one-plan.csv")


def test_what_if_reads_the_ledger_and_keeps_nothing(cli, book):
    plan(cli, "one", "try.csv", "--what-if")
    assert not (book / "ledger.sqlite").exists()
    plan(cli, "one", "one-plan.csv")
    said = plan(cli, "eight", "try.csv", "--what-if")
    assert "plan of 2026-01-01" in said
    assert len(json.loads(cli("ledger", "--json").stdout)["plans"]) == 1


def test_a_plan_without_a_date_is_made_and_not_kept_and_says_so(cli, book):
    scores = pd.read_csv("one.csv").drop(columns="observation_date")
    scores.to_csv("undated.csv", index=False)
    said = plan(cli, "undated", "plan.csv")
    assert "note: this plan has no date, so the ledger does not keep it" in said
    assert not (book / "ledger.sqlite").exists()
    assert "no date" not in plan(cli, "undated", "plan.csv", "--as-of", "2026-01-01")
    assert (book / "ledger.sqlite").exists()


@pytest.mark.parametrize("ledger", ["these are notes, and no database at all, as one can read", None])
def test_a_ledger_that_cannot_be_opened_is_one_error_before_any_work(cli, book, ledger):
    if ledger is None:
        (book / "standfast.toml").write_text('[paths]\nledger = "nowhere/ledger.sqlite"\n')
    else:
        (book / "ledger.sqlite").write_text(ledger)
    before = sorted(book.iterdir())
    for command in (("plan", "one.csv"), ("alerts",), ("record", "touches", "one.csv"), ("run",)):
        answer = cli(*command)
        assert answer.exit_code == 1
        assert "ledger" in answer.complaint or command[0] == "alerts"
        assert sorted(book.iterdir()) == before


def test_killed_between_file_and_ledger_it_is_made_again_as_it_was(cli, book, monkeypatch):
    """The file is there first; the ledger then lacks the plan, and doing it again puts that right."""
    plan(cli, "one", "one-plan.csv")
    with monkeypatch.context() as killed:

        def die(*_, **__):
            raise KeyboardInterrupt

        killed.setattr(pipeline, "keep_made_plan", die)
        with pytest.raises((KeyboardInterrupt, AssertionError)):
            plan(cli, "eight", "eight-plan.csv")
    written = (book / "eight-plan.csv").read_bytes()
    assert len(json.loads(cli("ledger", "--json").stdout)["plans"]) == 1
    plan(cli, "eight", "eight-plan.csv")
    assert (book / "eight-plan.csv").read_bytes() == written
    assert len(json.loads(cli("ledger", "--json").stdout)["plans"]) == 2


def test_the_ledger_keeps_each_line_as_the_file_has_it(cli, book):
    plan(cli, "one", "plan.csv")
    lines = undefuse(pd.read_csv("plan.csv"))
    with sqlite3.connect(book / "ledger.sqlite") as connection:
        kept = pd.read_sql("SELECT * FROM plan_lines", connection)
    both = lines.merge(kept, on="account_id", suffixes=("", "_kept"))
    assert len(both) == len(lines) == len(kept)
    for name in ("hours", "expected_value", "n_call", "why", "segment", "first_touch_by"):
        assert both[name].fillna("").equals(both[f"{name}_kept"].fillna("")), name
    assert set(kept["cell"]) <= {cell.name for cell in CELLS}


def test_a_run_keeps_its_plan_and_a_report_only_reads(cli, make_flat_book, without_record, tmp_path):
    make_flat_book(tmp_path, n=400)
    assert cli("run", "--out", "out", "--no-backtest", "--as-of", "2026-01-01").exit_code == 0
    first = json.loads(cli("ledger", "--json").stdout)["plans"]
    assert [day["as_of"][:10] for day in first] == ["2026-01-01"]
    assert cli("report", "--as-of", "2026-01-08").exit_code == 0
    assert "keep the touches of the plan of 2026-01-01" in Path("report.html").read_text("utf-8")
    assert json.loads(cli("ledger", "--json").stdout)["plans"] == first
