"""A segment is off only beyond chance and by a size that matters; small ones are counted, not judged."""

import numpy as np
import pandas as pd

from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.segment_levels import segment_levels

POLICY = MonitorPolicy()


def rows(rates, *, n=800, promised=0.1, seed=0):
    rng = np.random.default_rng(seed)
    parts = [
        pd.DataFrame({"y": (rng.random(n) < rate).astype(float), "p": promised, "industry": name})
        for name, rate in rates.items()
    ]
    return pd.concat(parts, ignore_index=True)


def levels(frame):
    return {
        one.segment: one for one in segment_levels(frame, dimensions=("industry",), design=1.0, policy=POLICY)
    }


def test_segments_like_the_book_are_left_alone():
    assert not any(one.is_off for one in levels(rows(dict.fromkeys("abcdef", 0.1))).values())


def test_the_one_that_is_off_is_found_and_drawn_to_the_book():
    found = levels(rows({**dict.fromkeys("abcdefhijklm", 0.1), "g": 0.25}))
    assert [name for name, one in found.items() if one.is_off] == ["g"]
    whole = sum(one.observed for one in found.values()) / sum(one.expected for one in found.values())
    assert whole < found["g"].drawn <= found["g"].observed / found["g"].expected + 1e-9


def test_u6_a_small_segment_is_not_judged_however_far_off_it_looks():
    frame = pd.concat([rows(dict.fromkeys("abc", 0.1)), rows({"tiny": 1.0}, n=8)], ignore_index=True)
    tiny = levels(frame)["tiny"]
    assert not tiny.is_judged
    assert not tiny.is_off
    assert tiny.drawn < tiny.observed / tiny.expected


def test_a_book_that_is_off_as_a_whole_is_no_matter_of_its_segments():
    assert not any(one.is_off for one in levels(rows(dict.fromkeys("abcdef", 0.2))).values())


def test_a_row_without_a_name_belongs_to_no_segment_and_an_empty_dimension_has_none():
    frame = rows({"a": 0.1, "b": 0.1})
    frame.loc[:99, "industry"] = None
    assert levels(frame)["a"].expected < levels(frame)["b"].expected
    assert levels(frame.assign(industry=None)) == {}
