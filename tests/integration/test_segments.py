"""S1 to S9 from the tables to the terminal: segments of a book with events, and of a flat one."""

import json

import pandas as pd
import pytest

from standfast.pipelines.observe import observe_current
from standfast.pipelines.place import place_strangers
from standfast.pipelines.segments import list_members, segment_book
from standfast.sample.book import make_sample_book
from standfast.sample.export import write_sample_book
from standfast.settings import load_settings

pytestmark = pytest.mark.integration
OWN = """
[segments.key]
where = "status == 'active' or seats >= 40"
message = "Call."

[segments.HiPo]
accounts = {"ACC-00003" = "pilot of a global brand", "ACC-99999" = "has left"}
"""


@pytest.fixture(scope="module")
def event_book(tmp_path_factory):
    """A small sample book as it is now, with made-up scores."""
    folder = tmp_path_factory.mktemp("events")
    write_sample_book(make_sample_book(n_accounts=120, n_months=12, seed=5), folder)
    path = folder / "standfast.toml"
    path.write_text(path.read_text("utf-8") + OWN, "utf-8")
    settings = load_settings(path)
    observed = observe_current(settings)
    ids = observed.current["account_id"]
    scores = pd.DataFrame(
        {
            "account_id": ids, "churn_probability": [(place % 20) / 40 for place in range(len(ids))],
            "upsell_probability": 0.1, "annual_revenue": observed.current["annual_revenue"],
            "upsell_value": 0.2 * observed.current["annual_revenue"],
        }
    )  # fmt: skip
    return observed, place_strangers(scores, settings=settings), settings


def test_a_book_with_events_is_segmented_by_its_features_and_its_own_columns(event_book):
    """S1, S2, S5: rules read features, scores and undated columns of accounts; overlap is kept."""
    observed, scores, settings = event_book
    asked = ["industry", "lifecycle", "start_year", "list", "sales_region_code"]
    found = segment_book(observed, scores, settings=settings, dimensions=asked)
    assert {"HiPo", "key", "dormant", "silent"} <= set(found.named["segment"])
    for table in found.by_dimension.values():
        assert table["n_accounts"].sum() == len(found.frame)
    members = list_members(found)
    assert set(members["account_id"]) == set(found.frame["account_id"]), "nobody is in no segment"
    assert members["why"].str.len().min() > 0
    hipo = members[(members["segment"] == "HiPo") & (members["account_id"] == "ACC-00003")]
    assert hipo["why"].tolist() == ["by hand: pilot of a global brand"]
    assert (members["segment"] == "key").sum() > 0
    assert any("ACC-99999 named by hand" in note for note in found.notes)
    assert dict(found.glossary)["key"] == "Accounts where status == 'active' or seats >= 40"


def test_the_order_of_the_accounts_changes_no_figure(event_book):
    observed, scores, settings = event_book
    once = segment_book(observed, scores, settings=settings)
    again = segment_book(observed, scores.sample(frac=1, random_state=1), settings=settings)
    pd.testing.assert_frame_equal(once.named, again.named)


def test_a_flat_book_is_segmented_and_its_dimensions_are_tested(flat_folder, cli, monkeypatch):
    """S7, T5: churned accounts are left out; concentration, verdicts and the glossary are there."""
    monkeypatch.chdir(flat_folder)
    told = cli("segments", "--dimension", "plan", "--test", "-o", "members.csv", "--json")
    assert told.exit_code == 0
    said = json.loads(told.stdout)
    customers = pd.read_csv("customers.csv")
    assert said["n_accounts"] == (customers["left"] == "No").sum()
    assert sum(row["n_accounts"] for row in said["dimensions"]["plan"]) == said["n_accounts"]
    assert {test["name"] for test in said["tests"]} == {"plan"}
    assert 0 < said["concentration"]["top_share"] < 1
    assert "dormant" in said["glossary"]
    assert "Save" in said["glossary"]
    assert set(pd.read_csv("members.csv")["account_id"]) == set(
        customers.loc[customers["left"] == "No", "id"]
    )


def test_the_terminal_tells_segments_messages_tests_and_concentration(flat_folder, cli, monkeypatch):
    monkeypatch.chdir(flat_folder)
    told = cli("segments", "--dimension", "plan", "--test").stdout
    for words in (
        "Named segments",
        "what to say",
        "By plan",
        "worth segmenting by",
        "concentration",
        "no cause",
    ):
        assert words in told


def test_a_belief_gets_effect_interval_sample_and_verdict(flat_folder, cli, monkeypatch):
    """S8."""
    monkeypatch.chdir(flat_folder)
    answer = cli("belief", "usage < 0", "plan == 'PRO'", "--json")
    assert answer.stderr == ""
    said = json.loads(answer.stdout)
    usage, plan = said["tested"]
    assert usage["verdict"] == "they churn more"
    assert usage["strongest"]["low"] > 0
    assert sum(rate["n_accounts"] for rate in usage["comparison"]["rates"]) < 1500, "unknown use is left out"
    assert sum(rate["n_accounts"] for rate in plan["comparison"]["rates"]) == 1500
    assert usage["n_tried"] == 2
    told = cli("belief", "usage < 0", "--outcome", "expanded").stdout
    assert "they expand less" in told
    assert "95" in told


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["belief", "usge < 0"], "unknown column 'usge'; the nearest column is 'usage'"),
        (["belief", "risk_tier == 'high'"], "a model's opinion"),
        (["belief", "churned"], "name it with --outcome"),
        (["belief", "usage < 0", "--outcome", "contracted"], "knows no 'contracted'"),
        (["belief", "open('x')"], "calls 'open'"),
        (["segments", "--dimension", "plam"], "the nearest is 'plan'"),
        (["segments", "-o", "customers.csv"], "is read by this run"),
    ],
)
def test_what_cannot_be_answered_is_one_line_with_the_way_out(
    flat_folder, cli, monkeypatch, arguments, complaint
):
    monkeypatch.chdir(flat_folder)
    refused = cli(*arguments)
    assert refused.exit_code == 1
    assert complaint in refused.complaint


def test_a_rule_that_cannot_be_followed_costs_the_page_its_segments_and_says_why(
    flat_folder, cli, monkeypatch
):
    monkeypatch.chdir(flat_folder)
    with (flat_folder / "standfast.toml").open("a") as settings:
        settings.write('[segments.key]\nwhere = "seets > 3"\n')
    assert "'seets'" in cli("segments").complaint
    assert cli("report", "-o", "page.html").exit_code == 0
    assert "Named segments are missing" in (flat_folder / "page.html").read_text("utf-8")


def test_the_report_carries_named_segments_concentration_and_their_glossary(flat_folder, cli, monkeypatch):
    """S9, T5."""
    monkeypatch.chdir(flat_folder)
    assert cli("report", "-o", "page.html").exit_code == 0
    page = (flat_folder / "page.html").read_text("utf-8")
    assert "Named segments" in page
    assert "oncentration: the" in page
    assert page.index("<dt>dormant</dt>") > page.index('id="glossary"')


def test_one_account_s_trail_names_its_segments_with_their_reasons(flat_folder, cli, monkeypatch):
    monkeypatch.chdir(flat_folder)
    stays = pd.read_csv("customers.csv").query("left == 'No'")["id"].iloc[0]
    with (flat_folder / "standfast.toml").open("a") as settings:
        settings.write(f'[segments.key]\naccounts = {{"{stays}" = "pilot"}}\nmessage = "Call."\n')
    assert "key: by hand: pilot. Call." in cli("explain", stays).stdout
    named = json.loads(cli("explain", stays, "--json").stdout)["named_segments"]
    assert {"segment": "key", "kind": "yours", "why": "by hand: pilot", "message": "Call."} in named
