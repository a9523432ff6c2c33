"""O4: what the best accounts are like against all others, in shares with intervals."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.profile import PROFILE_COLUMNS, account_traits, profile_accounts


def book(n=200):
    return pd.DataFrame(
        {
            "account_id": [f"a{i}" for i in range(n)],
            "plan": np.where(np.arange(n) < n // 4, "Enterprise", "Starter"),
            "industry": np.where(np.arange(n) % 2, "Retail", "retail "),
            "seat_utilisation": np.linspace(0, 1, n),
            "nps_state": None,
        }
    )


def profiled(frame, best, confidence=0.95):
    return profile_accounts(account_traits(frame), best, confidence=confidence)


def test_shares_stand_against_the_others_with_intervals_and_what_differs_stands_out():
    """O4."""
    frame = book()
    best = {account: i < 20 for i, account in enumerate(frame["account_id"])}
    rows = profiled(frame, best).set_index(["about", "group"])
    plan = rows.loc[("plan", "Enterprise")]
    assert (plan["n_accounts"], plan["n_others"]) == (20, 30)
    assert (plan["share"], plan["others_share"]) == (1.0, pytest.approx(30 / 180))
    assert plan["difference_low"] > 0.5
    assert plan["stands_out"]
    assert not rows.loc[("industry", "Retail"), "stands_out"], "one word in two spellings is one group"
    assert (rows["low"] <= rows["share"]).all()
    assert (rows["share"] <= rows["high"] + 1e-12).all()
    assert "NPS" not in rows.index.get_level_values("about"), "what nobody knows is no trait"


def test_headroom_is_told_in_bands_of_whole_percents():
    about = account_traits(book())
    bands = about.loc[about["about"].str.startswith("seats in use"), "group"].unique().tolist()
    assert bands == ["0 to 25", "25 to 50", "50 to 75", "75 to 100"]


def test_by_chance_hardly_any_row_stands_out():
    rng = np.random.default_rng(5)
    found = []
    for _ in range(20):
        frame = book().assign(
            **{name: rng.choice(list("abcd"), 200) for name in ("plan", "product", "country")}
        )
        found.append(profiled(frame, dict(zip(frame["account_id"], rng.random(200) < 0.1, strict=True))))
    assert np.mean([rows["stands_out"].any() for rows in found]) <= 0.15


def test_permuting_rows_changes_nothing_and_an_account_may_have_several_words_of_a_trait():
    traits = pd.DataFrame(
        {"account_id": ["x", "x", "y", "x"], "about": "used", "group": ["login", "export", "login", "login"]}
    )
    best = {"x": True, "y": False}
    rows = profile_accounts(traits, best, confidence=0.9)
    again = profile_accounts(traits.iloc[::-1].reset_index(drop=True), best, confidence=0.9)
    pd.testing.assert_frame_equal(rows, again)
    assert rows.set_index("group").loc["login", ["n_accounts", "n_others"]].tolist() == [1, 1]


@pytest.mark.parametrize("is_best", [True, False])
def test_one_account_or_none_is_told_without_an_error(is_best):
    rows = profiled(book(4).head(1), {"a0": is_best})
    assert tuple(rows.columns) == PROFILE_COLUMNS
    assert not rows["stands_out"].any()
    assert profiled(book(4).head(0), {}).empty
