"""An interval is carried to ranks: which places it allows, and whether one is really above another."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.ranks import add_places, chance_above, rank_certainty
from standfast.errors import InputError


def listed(p, half=0.05):
    p = np.asarray(p, dtype=float)
    return pd.DataFrame(
        {
            "account_id": [f"A{number}" for number in range(len(p))],
            "churn_probability": p,
            "churn_low": np.maximum(p - half, 0.0),
            "churn_high": np.minimum(p + half, 1.0),
        }
    )


@settings(deadline=None)
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30), half=st.floats(0, 0.5))
def test_a_place_lies_in_the_range_its_interval_allows_whatever_the_order(p, half):
    book = listed(p, half)
    placed = add_places(book)
    assert (placed["best_place"] <= placed["place"]).all()
    assert (placed["place"] <= placed["worst_place"]).all()
    assert placed["best_place"].min() >= 1
    assert placed["worst_place"].max() <= len(p)
    back = add_places(book.iloc[::-1])
    assert back["place"].sort_index().tolist() == placed["place"].tolist()


def test_a_wider_interval_allows_more_places():
    p = np.linspace(0.9, 0.1, 81)
    narrow, wide = (add_places(listed(p, half)).iloc[40] for half in (0.011, 0.101))
    assert (narrow["best_place"], narrow["place"], narrow["worst_place"]) == (40, 41, 42)
    assert (wide["best_place"], wide["worst_place"]) == (31, 51)


def test_an_unknown_probability_has_no_place_and_takes_none():
    placed = add_places(listed([0.2, np.nan, 0.4]))
    assert placed["place"].tolist() == [2, pd.NA, 1]
    assert placed["worst_place"].max() == 2


def test_the_chance_of_being_above_is_a_half_between_equals_and_mirrors():
    one, two = listed([0.2, 0.3]), listed([0.2, 0.1])
    chance = chance_above(one, two, level=0.9)
    assert chance[0] == pytest.approx(0.5)
    assert chance[1] > 0.95
    assert chance + chance_above(two, one, level=0.9) == pytest.approx(1.0)
    assert np.isnan(chance_above(listed([np.nan]), listed([0.1]), level=0.9)).all()


def test_whether_number_40_is_really_above_number_60_depends_on_the_intervals():
    p = np.linspace(0.5, 0.1, 100)
    wide = rank_certainty(listed(p, 0.2), 40, 60, level=0.9)
    narrow = rank_certainty(listed(p, 0.02), 40, 60, level=0.9)
    assert 0.5 < wide.chance < 0.9 < narrow.chance
    assert "number 40 (A39) is not surely above number 60 (A59)" in wide.sentence
    assert "is surely above" in narrow.sentence


@pytest.mark.parametrize("place", [0, 4])
def test_a_place_the_list_does_not_have_is_named(place):
    with pytest.raises(InputError, match=f"no place {place}; it has places 1 to 3"):
        rank_certainty(listed([0.1, 0.2, 0.3]), 1, place, level=0.9)
