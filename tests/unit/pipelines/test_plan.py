"""Hours for the plan: of owners, of one pool, or those given on the command line; and strangers' scores."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.columns import flags
from standfast.errors import InputError
from standfast.pipelines.look_back import NO_PAST, Past
from standfast.pipelines.plan import plan, read_scores, team_capacity
from standfast.pipelines.to_plan import ToPlan
from standfast.settings import build_settings

SCORES = pd.DataFrame(
    {
        "account_id": ["a", "b", "c"],
        "churn_probability": [0.5, 0.3, 0.1],
        "upsell_probability": [0.1, 0.2, np.nan],
        "annual_revenue": [90_000.0, 50_000.0, 20_000.0],
        "upsell_value": [9_000.0, 5_000.0, 2_000.0],
    }
)


def test_hours_of_the_settings_are_one_pool():
    capacity = team_capacity(build_settings({"capacity": {"hours": 40}}))
    assert (capacity.hours, capacity.owners) == (40, None)


def test_hours_given_replace_those_of_the_settings():
    assert team_capacity(build_settings({"capacity": {"hours": 40}}), hours=7).hours == 7


def test_owners_share_the_hours_given_in_proportion_to_their_own():
    settings = build_settings({"capacity": {"owners": {"ann": 30, "bob": 10}}})
    assert dict(team_capacity(settings).owners) == {"ann": 30, "bob": 10}
    assert dict(team_capacity(settings, hours=20).owners) == {"ann": 15, "bob": 5}


def test_the_team_table_gives_the_hours_unless_the_settings_do(tmp_path):
    (tmp_path / "team.csv").write_text("who,time\nann,30\nbob,10\n")
    values = {"book": {"team": "team.csv"}, "columns": {"team": {"owner": "who", "hours": "time"}}}
    assert dict(team_capacity(build_settings(values, folder=tmp_path)).owners) == {"ann": 30, "bob": 10}
    stated = build_settings({**values, "capacity": {"hours": 5}}, folder=tmp_path)
    assert (team_capacity(stated).hours, team_capacity(stated).owners) == (5, None)


def test_a_team_table_without_owners_is_named(tmp_path):
    (tmp_path / "team.csv").write_text("who\nann\n")
    settings = build_settings({"book": {"team": "team.csv"}}, folder=tmp_path)
    with pytest.raises(InputError, match=r"team.csv lacks columns \['owner'\]"):
        team_capacity(settings)


@pytest.mark.parametrize("hours", [-1, float("nan"), float("inf")])
def test_impossible_hours_are_refused(hours):
    with pytest.raises(InputError, match="--hours"):
        plan(SCORES, settings=build_settings({}), hours=hours)


def test_no_hours_are_hours_that_hold():
    planned = plan(SCORES, settings=build_settings({}), hours=0)
    assert planned.lines["hours"].eq(0).all()
    assert planned.lines["why"].str.len().gt(0).all()


def test_strangers_are_placed_by_their_own_file_and_their_input_is_left_as_it_was():
    before = SCORES.copy()
    planned = plan(SCORES, settings=build_settings({}), hours=10)
    pd.testing.assert_frame_equal(before, SCORES)
    assert planned.lines["account_id"].tolist() == ["a", "b", "c"]
    assert planned.lines["segment"].notna().all()


def test_a_book_without_revenue_has_no_plan_and_says_why():
    given = ToPlan(SCORES.assign(annual_revenue=np.nan), None, None, NO_PAST)
    planned, notes = given.plan_if_possible(settings=build_settings({}), hours=None)
    assert planned is None
    assert "annual_revenue" in notes[0]


def test_scores_are_read_with_numbers_as_numbers_and_ids_as_they_were(tmp_path):
    (tmp_path / "s.csv").write_text(
        "account_id,churn_probability,annual_revenue,churned,auto_renew,name\n'=1+1,0.5,,yes,,'-x\n007,,9,no,1,y\n"
    )
    scores = read_scores(tmp_path / "s.csv")
    assert scores["account_id"].tolist() == ["=1+1", "007"]
    assert scores["name"].tolist() == ["-x", "y"]
    assert scores["churn_probability"].fillna(-1).tolist() == [0.5, -1]
    assert flags(scores, "churned")[0].tolist() == [True, False]
    renews, is_known = flags(scores, "auto_renew")
    assert (renews.tolist(), is_known.tolist()) == ([False, True], [False, True])


def test_a_number_that_is_none_is_shown(tmp_path):
    (tmp_path / "s.csv").write_text("account_id,churn_probability\na,high\n")
    with pytest.raises(InputError, match=r"'churn_probability' holds 1 values that are no number.*'high'"):
        read_scores(tmp_path / "s.csv")


def test_a_word_that_is_no_flag_is_refused_and_shown_not_read_as_no(tmp_path):
    scores = "account_id,churn_probability,upsell_probability,annual_revenue,upsell_value,churned\n"
    (tmp_path / "scores.csv").write_text(f"{scores}a,0.2,0.1,100,20,Yes\nb,0.2,0.1,100,20,perhaps\n")
    with pytest.raises(InputError, match="column 'churned' holds 'perhaps'"):
        plan(read_scores(tmp_path / "scores.csv"), settings=build_settings({}))


def test_skills_that_name_channels_limit_the_owner_unless_the_settings_say_what_he_does(tmp_path):
    rows = ["ann,30,german;calls", "bob,10,onboarding", "cy,5,phone | e-mail", "di,5,"]
    (tmp_path / "team.csv").write_text("\n".join(["owner,hours,skills", *rows]))
    limits = {"cy": {"channels": ["review"], "most_accounts": 3}}
    settings = build_settings({"book": {"team": "team.csv"}, "capacity": {"limits": limits}}, folder=tmp_path)
    found = team_capacity(settings).limits
    assert {name: own.channels for name, own in found.items()} == {"ann": ("call",), "cy": ("review",)}
    assert found["cy"].most_accounts == 3


def test_limits_of_an_owner_whom_the_team_does_not_know_are_refused(tmp_path):
    (tmp_path / "team.csv").write_text("owner,hours\nann,30\n")
    values = {"book": {"team": "team.csv"}, "capacity": {"limits": {"anne": {"channels": ["call"]}}}}
    with pytest.raises(InputError, match=r"names 'anne'.*the nearest owner with hours is 'ann'"):
        team_capacity(build_settings(values, folder=tmp_path))


def test_accounts_of_an_empty_shared_pool_are_told_who_could_take_them():
    settings = build_settings({"capacity": {"hours": 100, "owners": {"ann": 90, "bob": 10}}})
    notes = plan(SCORES.assign(owner=["ann", None, "zoe"]), settings=settings).summary.notes
    told = next(note for note in notes if "shared pool is empty" in note)
    assert told.startswith("2 accounts have no owner with hours")
    assert "owners with hours to spare: ann (8" in told


def test_t5_revenue_on_few_accounts_is_told_with_the_plan():
    notes = plan(SCORES, settings=build_settings({})).summary.notes
    assert any(note.startswith("careful, concentration") and "account, a, 56 %" in note for note in notes)


def test_touches_made_and_the_last_plan_reach_the_plan():
    settings = build_settings({})
    made = pd.DataFrame({"account_id": "a", "day": ["2026-01-01"] * 12, "channel": "call", "play": None})
    planned = plan(SCORES, settings=settings, past=Past(made=made))
    assert "no more are left; the next contact may be in 29 days" in planned.lines.loc[0, "why"]
    before = planned.lines.assign(as_of=pd.Timestamp("2025-12-01"))
    again = plan(SCORES, settings=settings, past=Past(last_plan=before))
    assert again.lines["hours"].tolist()[1:] == planned.lines["hours"].tolist()[1:]
