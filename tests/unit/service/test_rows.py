"""Lists page by page: whatever the values, every row comes once and in order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.service.problems import Problem
from standfast.service.rows import part_of, rows_of

DAYS = pd.to_datetime(["2026-01-01", "2026-01-02", None, "2026-01-03"])
FRAMES = st.lists(
    st.tuples(
        st.sampled_from([1.0, 2.5, -3.0, np.nan, np.inf]), st.sampled_from(["a", "B", "", None, "é"]),
        st.integers(0, 3), st.booleans(),
    ),
    min_size=1, max_size=15,
)  # fmt: skip


def frame_of(rows):
    return pd.DataFrame(
        {
            "id": [f"A{place}" for place in range(len(rows))],
            "number": [row[0] for row in rows],
            "word": pd.Series([row[1] for row in rows], dtype="str"),
            "day": [DAYS[row[2]] for row in rows],
            "flag": [row[3] for row in rows],
        }
    )


@given(FRAMES, st.sampled_from(["id", "number", "word", "day", "flag"]), st.booleans(), st.integers(1, 7))
def test_every_row_comes_once_in_order_and_unknown_values_last(rows, name, falls, limit):
    frame = frame_of(rows)
    sort, met, cursor = ("-" if falls else "") + name, [], None
    while True:
        part = part_of(frame, key="id", sort=sort, limit=limit, cursor=cursor, columns=list(frame.columns))
        assert len(part.rows) <= limit
        met += part.rows
        if (cursor := part.next_cursor) is None:
            break
    assert sorted(row["id"] for row in met) == sorted(frame["id"])
    values = [row[name] for row in met]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=falls)


@given(FRAMES, st.integers(1, 5))
def test_a_cursor_goes_on_at_the_right_place_though_rows_before_it_are_gone(rows, limit):
    frame = frame_of(rows)
    first = part_of(frame, key="id", sort="number", limit=limit, cursor=None, columns=["id"])
    if first.next_cursor is None:
        return
    every = part_of(frame, key="id", sort="number", limit=99, cursor=None, columns=["id"]).rows
    left = frame[frame["id"] != first.rows[0]["id"]]
    rest = part_of(left, key="id", sort="number", limit=99, cursor=first.next_cursor, columns=["id"]).rows
    assert rest == every[limit:]


@pytest.mark.parametrize("cursor", ["", "x", "W10", "bnVsbA", "WyJudW1iZXIiLHt9LCJhIl0", "=", "é"])
def test_a_made_up_cursor_is_a_problem_that_shows_it(cursor):
    with pytest.raises(Problem) as problem:
        part_of(
            frame_of([(1.0, "a", 0, True)]), key="id", sort="number", limit=1, cursor=cursor, columns=["id"]
        )
    assert problem.value.status == 422


def test_midnights_are_days_moments_are_moments_and_what_is_not_known_is_null():
    frame = pd.DataFrame(
        {
            "at": pd.to_datetime(["2026-01-01", "2026-01-01 09:30", None], format="ISO8601"),
            "x": [1, np.nan, np.inf],
        }
    )
    assert rows_of(frame) == [
        {"at": "2026-01-01", "x": 1.0}, {"at": "2026-01-01T09:30:00", "x": None}, {"at": None, "x": None},
    ]  # fmt: skip
