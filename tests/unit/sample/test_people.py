import numpy as np

from standfast.sample.people import HOURS_PER_ACCOUNT, contact_book


def test_sponsors_follow_each_other_and_leave_when_the_gap_opens(life):
    people = contact_book(life.roster, life.health, period=life.period, seed=1)
    sponsors = people[people["role"] == "sponsor"]
    following = sponsors.groupby("account")["joins"].shift(-1)
    assert (sponsors["leaves"][following.notna()] <= following.dropna()).all()
    gap = life.health.sponsor_gap
    opens = gap[:, 0].sum() + (gap[:, 1:] & ~gap[:, :-1]).sum()
    assert (sponsors["leaves"] < life.period.n_days).sum() == opens


def test_contact_ids_are_unique_and_every_account_has_a_sponsor(book):
    contacts = book.tables["contacts"]
    assert contacts["contact_id"].is_unique
    sponsored = set(contacts.loc[contacts["role"] == "sponsor", "account_id"])
    assert sponsored == set(book.tables["accounts"]["account_id"])
    assert {"sponsor", "decision-maker", "admin", "user"} == set(contacts["role"])


def test_the_team_has_about_a_fifth_of_an_hour_per_account_and_quarter(book):
    team = book.tables["team"]
    assert np.isclose(team["hours"].sum(), HOURS_PER_ACCOUNT * 2000, rtol=0.15)
    assert team["owner"].is_unique
    assert team["skills"].str.len().min() > 0
