"""Whom to contact at an account (C9)."""

import pandas as pd
import pytest

from standfast.decision.contact_person import (
    choose_contacts,
    language_not_spoken,
    other_channel_wanted,
    who_speaks,
)

TEAM = pd.DataFrame({"owner": ["Ann", "Bo", "Cy"], "skills": ["German; onboarding", "french", None]})


def people(**columns):
    n = len(next(iter(columns.values())))
    return pd.DataFrame(
        {"account_id": ["a"] * n, "contact_id": [str(place) for place in range(n)], **columns}
    )


def chosen(frame, *, as_of="2026-01-01", roles=("sponsor", "champion")):
    return choose_contacts(frame, as_of=as_of, sponsor_roles=roles)["contact_id"].tolist()


def test_the_sponsor_goes_before_the_champion_and_both_before_others():
    assert chosen(people(role=["user", "champion", "Sponsor"])) == ["2"]


def test_a_decision_maker_goes_before_a_user():
    assert chosen(people(role=["user", "decision-maker"])) == ["1"]


@pytest.mark.parametrize(("left", "expected"), [("2025-12-31", ["1"]), ("2026-01-01", ["0"])])
def test_who_has_left_by_the_day_is_not_asked(left, expected):
    """At the bound: whoever leaves on the day is there in the morning."""
    assert chosen(people(role=["sponsor", "user"], left_on=[left, None])) == expected


def test_who_joins_later_is_not_asked():
    assert chosen(people(role=["sponsor", "user"], joined_on=["2026-02-01", "2020-01-01"])) == ["1"]


def test_an_account_without_anybody_has_no_person():
    assert chosen(people(role=["sponsor"], left_on=["2020-01-01"])) == []
    assert chosen(pd.DataFrame(columns=["account_id"])) == []


@pytest.mark.parametrize(
    ("preferred", "channel", "other"),
    [("email", "call", True), ("E-Mail", "email", False), ("in_person", "review", False), ("", "call", False),
     ("pigeon", "call", False), (None, "call", False)],
)  # fmt: skip
def test_another_wish_is_told_only_where_it_is_understood(preferred, channel, other):
    assert other_channel_wanted(pd.Series([preferred]), pd.Series([channel])).tolist() == [other]


@pytest.mark.parametrize(
    ("language", "owner", "told"),
    [("de", "Ann", ""), ("fr", "Ann", "french"), ("en", "Ann", ""), ("fr", "Bo", ""), ("de", "Cy", ""),
     ("de", "Zoe", ""), ("xx", "Ann", ""), (None, "Ann", ""), ("de-AT", "Bo", "german")],
)  # fmt: skip
def test_a_language_is_flagged_where_the_owners_skills_are_known_and_lack_it(language, owner, told):
    """Owners without told skills are not flagged: unknown is no answer (U4)."""
    flagged = language_not_spoken(pd.Series([language]), pd.Series([owner]), team=TEAM, team_languages=["en"])
    assert flagged.tolist() == [told]


def test_who_could_help_is_named():
    assert who_speaks("german", team=TEAM) == "Ann"
    assert who_speaks("dutch", team=TEAM) == ""
    assert who_speaks("dutch", team=pd.DataFrame({"owner": ["Ann"]})) == ""
