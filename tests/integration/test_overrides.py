"""U3. A person may say otherwise, with reason and expiry; plans go by it, and both words are kept."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_overrides import all_overrides, overrides_on
from standfast.adapters.ledger_scores import account_scores, score_runs
from standfast.pipelines.run import plan_and_write
from standfast.pipelines.to_plan import read_to_plan
from standfast.settings import build_settings, load_settings

pytestmark = pytest.mark.integration

DAY, NEXT_DAY = date(2026, 1, 1), date(2026, 1, 2)
WHY = ("--reason", "their CFO called", "--until", "2026-01-01")


@pytest.fixture
def scores(tmp_path):
    """A stranger's scores of 40 accounts on one day."""
    rows = pd.DataFrame(
        {
            "account_id": [f"A-{i:02d}" for i in range(40)],
            "observation_date": "2026-01-01",
            "churn_probability": [0.02 + 0.005 * i for i in range(40)],
            "upsell_probability": 0.1,
            "annual_revenue": [1000.0 * (40 - i) for i in range(40)],
            "upsell_value": 500.0,
        }
    )
    rows.to_csv(tmp_path / "scores.csv", index=False)
    return rows


def override(cli, account, *more):
    answer = cli("override", account, *more, *WHY)
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout


def plan(cli, *more):
    answer = cli("plan", "scores.csv", "-o", "plan.csv", "--hours", 10, *more)
    assert answer.exit_code == 0, answer.stderr
    return pd.read_csv("plan.csv").set_index("account_id"), answer.stdout


def given(day=DAY, file="scores.csv"):
    return read_to_plan(build_settings({}), scores_file=Path(file), as_of=day).scores.set_index("account_id")


def test_an_overridden_probability_changes_the_account_it_is_said_of_and_no_other(cli, scores):
    before, _ = plan(cli)
    untouched = given()
    override(cli, "A-39", "--churn-probability", "0.001")
    override(cli, "A-00", "--churn-probability", ".9", "--upsell-probability", "0")
    after, _ = plan(cli)
    placed = given()
    assert placed.loc["A-00", ["churn_probability", "upsell_probability"]].tolist() == [0.9, 0.0]
    assert placed.loc["A-00", "risk_tier"] == "high"
    assert placed.loc["A-00", "revenue_at_risk"] == pytest.approx(0.9 * 40_000)
    assert placed.loc["A-39", "risk_tier"] == "low"
    others = [name for name in before.index if name not in {"A-00", "A-39"}]
    places = ["cell", "segment"]
    pd.testing.assert_frame_equal(after.loc[others, places], before.loc[others, places])
    pd.testing.assert_frame_equal(
        placed.loc[others, list(untouched.columns)], untouched.loc[others], check_dtype=False
    )
    assert after.loc["A-00", "segment"] == "Save"
    assert after["why"].str.contains("their CFO called").sum() == 2
    assert (
        "set churn_probability to 90 % until 2026-01-01 (the model says 2 %): their CFO"
        in after.loc["A-00", "why"]
    )


def test_a_segment_or_a_cell_is_said_by_name_in_any_case(cli, scores):
    override(cli, "A-39", "--segment", "save")
    override(cli, "A-38", "--cell", "high risk, medium value")
    after, _ = plan(cli)
    assert after.loc[["A-39", "A-38"], "segment"].tolist() == ["Save", "Rescue"]
    assert given().loc["A-39", ["risk_tier", "value_tier", "priority"]].tolist() == ["high", "high", 1]
    assert given().loc["A-39", "churn_probability"] == scores["churn_probability"].iloc[39]


def test_one_that_has_expired_is_named_and_not_used(cli, scores):
    override(cli, "A-39", "--segment", "Save")
    on_the_day, said = plan(cli)
    assert on_the_day.loc["A-39", "segment"] == "Save"
    assert "expired" not in said
    scores.assign(observation_date="2026-01-02").to_csv("scores.csv", index=False)
    planned = plan_and_write(
        build_settings({}), scores_file=Path("scores.csv"), output=Path("plan.csv"), hours=10
    )
    assert any(
        "override of A-39" in one and "expired on 2026-01-01" in one for one in planned.summary["notes"]
    )
    after = planned.plan.lines.set_index("account_id")
    assert after.loc["A-39", "segment"] != "Save"
    assert not after["why"].str.contains("CFO").any()


def test_one_that_was_ended_is_used_no_more_and_stays_to_be_read(cli, scores):
    override(cli, "A-39", "--segment", "Save")
    assert cli("override", "--end", 1).exit_code == 0
    assert plan(cli)[0].loc["A-39", "segment"] != "Save"
    told = json.loads(cli("override", "--list", "--json").stdout)["overrides"]
    assert [(one["value"], one["ended_by"] is not None) for one in told] == [("Save", True)]
    assert "no override 7" in cli("override", "--end", 7).complaint


def test_the_newest_word_counts_and_the_older_ones_stay(cli, scores):
    override(cli, "A-39", "--segment", "Save")
    override(cli, "A-39", "--segment", "Watch")
    with open_ledger("sqlite:///ledger.sqlite", book="book") as ledger:
        assert overrides_on(ledger, DAY)["value"].tolist() == ["Watch"]
        assert overrides_on(ledger, NEXT_DAY).empty
        assert all_overrides(ledger, account_id="A-39")["value"].tolist() == ["Save", "Watch"]
    assert plan(cli)[0].loc["A-39", "segment"] == "Watch"


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (("--churn-probability", "60"), "'60' is no probability"),
        (("--churn-probability", "nan"), "'nan' is no probability"),
        (("--segment", "Sav"), "the nearest is 'Save'"),
        (("--cell", ""), "cell needs a value"),
        ((), "say what is otherwise, why and until when"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_kept(cli, scores, said, complaint):
    assert complaint in cli("override", "A-01", *said, *WHY).complaint
    assert not Path("ledger.sqlite").exists()


def test_a_reason_and_a_day_are_needed(cli, scores):
    for missing in (WHY[:2], WHY[2:], ("--reason", "  ", *WHY[2:])):
        assert "until when" in cli("override", "A-01", "--segment", "Save", *missing).complaint
    assert cli("override").exit_code == 2
    assert cli("override", "A-01", "--end", 1).exit_code == 2


def test_a_plan_without_a_date_says_that_it_cannot_know_which_stand(cli, scores):
    override(cli, "A-39", "--segment", "Save")
    scores.drop(columns="observation_date").to_csv("scores.csv", index=False)
    planned = plan_and_write(build_settings({}), scores_file=Path("scores.csv"), output=Path("plan.csv"))
    assert any("overrides are not used: there is no date" in one for one in planned.summary["notes"])


def test_what_names_nobody_or_nothing_here_is_named(cli, scores):
    override(cli, "A-99", "--segment", "Save")
    override(cli, "A-01", "--segment", "Save")
    Path("standfast.toml").write_text('[matrix.cells.Save]\nsegment = "Keep"\n')
    planned = plan_and_write(
        load_settings(), scores_file=Path("scores.csv"), output=Path("plan.csv"), as_of=DAY
    )
    said = " ".join(planned.summary["notes"])
    assert "override of A-99" in said
    assert "of no account scored" in said
    assert "names no cell of the matrix" in said


def test_a_formula_in_a_reason_is_text_in_every_file(cli, scores):
    assert cli("override", "A-39", "--segment", "Save", "--reason", "=1+1", *WHY[2:]).exit_code == 0
    after, _ = plan(cli)
    assert after.loc["A-39", "why"].endswith(": =1+1")
    assert not after["why"].str.startswith("=").any()


def test_scores_are_kept_once_and_the_model_s_word_beside_the_person_s(cli, flat_folder):
    """Scored twice it is one run; an override changes neither the scores kept nor those written."""
    at = ("--as-of", "2026-01-01")
    assert cli("score", "-o", "one.csv", *at).exit_code == 0
    account = pd.read_csv("one.csv")["account_id"][0]
    assert cli("override", account, "--churn-probability", ".99", *WHY).exit_code == 0
    assert cli("score", "-o", "two.csv", *at).exit_code == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()
    assert cli("plan", "-o", "plan.csv", *at).exit_code == 0
    with open_ledger("sqlite:///ledger.sqlite", book="customers") as ledger:
        assert len(score_runs(ledger)) == 1
        kept = account_scores(ledger, account).iloc[0]
        said = all_overrides(ledger).iloc[0]
    row = pd.read_csv("one.csv").iloc[0]
    assert kept["churn_probability"] == pytest.approx(row["churn_probability"])
    assert float(said["model_value"]) == kept["churn_probability"]
    assert (kept["cell"], kept["segment"]) == (row["cell"], row["segment"])
    assert said["model_version"] == row["model_version"]
    assert "no account 'A-99999'" in cli("override", "A-99999", "--segment", "Save", *WHY).complaint


def test_the_trail_and_the_page_of_an_account_tell_both_words(cli, flat_folder):
    assert cli("override", "A-0001", "--churn-probability", ".99", *WHY).exit_code == 0
    at = ("--as-of", "2026-01-01")
    said = cli("explain", "A-0001", *at).stdout
    assert "overridden: " in said
    assert "set churn_probability to 99 % until 2026-01-01 (the model says" in said
    assert "so it is planned as high risk" in said
    trail = json.loads(cli("explain", "A-0001", "--json", *at).stdout)
    assert trail["overrides"][0]["value"] == "0.99"
    assert trail["scores"]["churn_probability"] == trail["overrides"][0]["model_now"] < 0.99
    assert cli("report", "-o", "report.html", *at).exit_code == 0
    page = Path("report.html").read_text()
    assert "1 taken as a person says in place of the model: A-0001" in page


def test_no_scores_are_kept_where_the_settings_say_so_or_nothing_tells_the_day(cli, flat_folder):
    assert cli("score", "-o", "one.csv").exit_code == 0
    with Path("standfast.toml").open("a") as settings:
        settings.write("\n[ledger]\nkeep_scores = false\n")
    assert cli("score", "-o", "one.csv", "--as-of", "2026-01-01").exit_code == 0
    assert not Path("ledger.sqlite").exists()


def test_segments_go_by_what_a_person_says_and_tell_it(cli, flat_folder):
    """U3: the cell that a person names is the account's for the segments, too, as it is for the plan."""
    at = ("--as-of", "2026-01-01", "--json")
    before = {row["segment"]: row["n_accounts"] for row in heard(cli, "segments", *at)["cells"]}
    cells = heard(cli, "explain", "A-0001", *at)["scores"]
    other = next(name for name in before if name not in {cells["segment"], None})
    assert cli("override", "A-0001", "--segment", other, *WHY).exit_code == 0
    told = heard(cli, "segments", *at)
    after = {row["segment"]: row["n_accounts"] for row in told["cells"]}
    assert after[other] == before[other] + 1
    assert "1 taken as a person says in place of the model: A-0001" in " ".join(told["notes"])


def test_a_campaign_s_lists_go_by_what_a_person_says_and_tell_it(cli, flat_folder):
    """U3: whom an offer is for, and the chance by which it is ordered, are a person's where one said so."""
    assert cli("override", "A-0001", "--upsell-probability", "1", *WHY).exit_code == 0
    start = ("campaign", "start", "spring", "--offer", "x", "--where", "upsell_probability == 1")
    begun = heard(cli, *start, "--lists", "A,B,C,D", "--as-of", "2026-01-01", "--json")
    assert sum(row["n_accounts"] for row in begun["accounts_by_list"]) == 1
    assert "1 taken as a person says in place of the model: A-0001" in " ".join(begun["notes"])


def heard(cli, *arguments):
    answer = cli(*arguments)
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)
