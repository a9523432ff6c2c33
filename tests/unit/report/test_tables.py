import pandas as pd

from standfast.report.content import PageLimits
from standfast.report.data_view import finding_listing
from standfast.report.tables import cut_rows, left_rows, made_rows, named_rows, owner_rows, segment_rows
from standfast.report.wording import UNKNOWN


def _say(rows):
    return [tuple(text.replace("\u00a0", " ") for text in row) for row in rows]


def test_each_owners_capacity_stands_beside_the_plan(content):
    """C2: capacity and plan stand side by side."""
    table = owner_rows(content.plan_summary, limits=PageLimits())
    assert _say(table.rows) == [("Ann", "2", "1.5 h", "3 h", "0"), ("Zoë", "2", "6.5 h", "7 h", "40")]


def test_a_team_that_shares_its_hours_gets_no_table(content):
    assert owner_rows({"by_owner": content.plan_summary["by_owner"][:1]}, limits=PageLimits()).rows == ()


def test_owners_beyond_the_limit_are_counted(content):
    assert owner_rows(content.plan_summary, limits=PageLimits(owner_rows=1)).n_more == 1


def test_what_was_cut_is_printed_and_what_was_not_is_left_out(content):
    """C2: what was cut is printed."""
    whole = {"segment": "Watch", "n_wanted": 1, "n_planned": 1, "hours_wanted": 2.0, "hours_planned": 2.0}
    table = cut_rows({"cut": [*content.plan_summary["cut"], whole]})
    assert _say(table.rows) == [("Save", "2", "1", "12 h", "6.5 h")]


def test_reasons_for_leaving_accounts_alone_come_commonest_first():
    assert left_rows({"left": {"rare": 1, "common": 1_200}}) == [("common", "1,200"), ("rare", "1")]
    assert left_rows({}) == []


def test_an_empty_segment_shows_dashes(content):
    rows = segment_rows(content.segments)
    assert (rows[1]["churn"], rows[1]["lifetime"], rows[1]["meaning"]) == (UNKNOWN, UNKNOWN, "")


def test_findings_beyond_the_limit_are_counted():
    findings = [{"severity": "note", "name": str(i), "explanation": "e", "way_out": None} for i in range(30)]
    table = finding_listing(findings, most=20)
    assert (len(table.rows), table.n_more) == (20, 10)
    assert table.rows[0] == ("note", "0", "e", "")


def test_how_it_was_made_starts_with_the_balance_of_rows(content):
    made = made_rows(content)
    assert made[0] == ("Rows", "5 in = 4 scored + 1 rejected")
    assert ("static", "plan, country") in made


def test_named_segments_that_hold_nobody_are_left_out_unless_they_may_hold_some():
    """U4: a segment whose rule is unknown for some is shown, with how many."""
    row = {"kind": "behaviour", "annual_revenue": 1e6, "churn_probability": 0.1, "upsell_probability": 0.2,
           "revenue_at_risk": 1e5, "message": "Call."}  # fmt: skip
    named = pd.DataFrame(
        [
            {**row, "segment": "dormant", "n_accounts": 3, "n_unknown": 0, "is_told": True},
            {**row, "segment": "saturated", "n_accounts": 0, "n_unknown": 0, "is_told": True},
            {**row, "segment": "silent", "n_accounts": 0, "n_unknown": 9, "is_told": True},
            {**row, "segment": "advocate", "n_accounts": 0, "n_unknown": 12, "is_told": False},
        ]
    )
    told = named_rows(named)
    assert [line["segment"] for line in told] == ["dormant", "silent"]
    assert told[1]["unknown"] == "9"
    assert named_rows(pd.DataFrame()) == []
