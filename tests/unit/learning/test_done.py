"""U5: what was done is counted from the draw to the end of the horizon; what nobody recorded is not known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.done import CHANNELS, DONE, add_done, count_followed

START = pd.Timestamp("2026-01-05")


def assigned(n, seed):
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": random.choice([f"a{k}" for k in range(6)], n),
            "owner": random.choice(["ann", "bob", None], n),
            "cycle": START + pd.to_timedelta(random.choice([0, 20, 90], n), unit="D"),
            "horizon_days": random.choice([10, 90], n),
        }
    )


def made(n, seed):
    random = np.random.default_rng(seed + 1)
    return pd.DataFrame(
        {
            "account_id": random.choice([f"a{k}" for k in range(7)], n),
            "owner": random.choice(["ann", "bob", None], n),
            "day": START + pd.to_timedelta(random.integers(-5, 200, n), unit="D"),
            "channel": random.choice([*CHANNELS, "unknown"], n),
        }
    )


def one_by_one(row, touches):
    """The same by plain words: the touches of the account, and whether its owner has any at all."""
    end = row["cycle"] + pd.Timedelta(days=int(row["horizon_days"]))
    then = touches[(touches["day"] >= row["cycle"]) & (touches["day"] < end)]
    owner = row["owner"] if isinstance(row["owner"], str) else ""
    is_recorded = (then["owner"].fillna("") == owner).any()
    mine = then[then["account_id"] == row["account_id"]]["channel"]
    return [float((mine == channel).sum()) if is_recorded else np.nan for channel in CHANNELS], is_recorded


@given(st.integers(0, 12), st.integers(0, 30), st.integers(0, 999))
def test_touches_are_counted_as_one_would_by_hand(n, n_touches, seed):
    rows, touches = assigned(n, seed), made(n_touches, seed)
    found = add_done(rows, touches)
    for place, row in rows.iterrows():
        counts, is_recorded = one_by_one(row, touches)
        np.testing.assert_array_equal(found.loc[place, list(DONE)].astype(float), counts)
        assert found.loc[place, "is_recorded"] == is_recorded
    pd.testing.assert_frame_equal(found[rows.columns], rows)


@pytest.mark.parametrize(("day", "counts"), [(-1, 0), (0, 1), (89, 1), (90, 0)])
def test_the_horizon_begins_with_the_draw_and_its_end_is_not_in_it(day, counts):
    rows = assigned(1, 0).assign(account_id="a", owner="ann", cycle=START, horizon_days=90)
    other = {"account_id": "b", "owner": "ann", "day": START, "channel": "email"}
    mine = {"account_id": "a", "owner": "ann", "day": START + pd.Timedelta(days=day), "channel": "call"}
    assert add_done(rows, pd.DataFrame([mine, other]))["done_call"].tolist() == [counts]


def followed(**columns):
    row = {"arm": "planned", "is_recorded": True, "n_in_person": 0, "n_call": 2, "n_email": 1, "n_digital": 0}
    row |= dict.fromkeys(DONE, 0.0)
    return [name for name, n in count_followed(pd.DataFrame([row | columns])).items() if n]


def test_a_plan_is_followed_wholly_in_part_not_at_all_or_nobody_knows():
    assert followed(done_call=2.0, done_email=1.0) == ["planned, as planned"]
    assert followed(done_call=1.0) == ["planned, in part"]
    assert followed(done_digital=3.0) == ["planned, nothing done"]
    assert followed(is_recorded=False) == ["planned, not recorded"]
    assert followed(arm="held_out", done_digital=3.0) == ["held_out, left alone"]
    assert followed(arm="held_out", done_email=1.0) == ["held_out, contacted"]


def test_every_row_is_counted_once():
    rows = pd.concat([assigned(40, 3), assigned(40, 4)], ignore_index=True)
    rows = rows.assign(arm=["planned", "held_out"] * 40, **dict.fromkeys([f"n_{c}" for c in CHANNELS], 1))
    assert sum(count_followed(add_done(rows, made(30, 3))).values()) == len(rows)
