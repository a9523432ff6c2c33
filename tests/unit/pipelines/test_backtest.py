import json
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.errors import InputError, StateError
from standfast.pipelines.backtest import (
    BACKTEST,
    Backtest,
    dates_to_replay,
    keep_backtest,
    kept_backtest,
    refuse_flat,
)
from standfast.pipelines.observe import book_fingerprint
from standfast.pipelines.past_list import known_by
from standfast.settings import build_settings

DAYS = st.lists(st.integers(0, 900), min_size=1, max_size=30, unique=True)


def days(*numbers):
    return pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(list(numbers), unit="D"))


def test_dates_go_back_from_the_newest_by_the_step():
    found = dates_to_replay(days(0, 30, 60, 90, 120, 150, 180), n_dates=3, step_days=90)
    assert found == list(days(0, 90, 180))


def test_dates_that_do_not_fall_on_the_step_are_further_apart_never_closer():
    assert dates_to_replay(days(0, 31, 62, 93, 124), n_dates=9, step_days=60) == list(days(0, 62, 124))


@given(numbers=DAYS, n_dates=st.integers(1, 6), step_days=st.integers(1, 200))
def test_windows_never_overlap_and_the_newest_date_is_always_there(numbers, n_dates, step_days):
    found = dates_to_replay(days(*numbers), n_dates=n_dates, step_days=step_days)
    assert 1 <= len(found) <= n_dates
    assert found[-1] == days(max(numbers))[0]
    assert all(b - a >= pd.Timedelta(days=step_days) for a, b in pairwise(found))


def test_a_label_is_known_on_the_day_it_matures_and_not_a_day_before():
    snapshots = pd.DataFrame({"observation_date": days(0, 1)})
    assert len(known_by(snapshots, days(120)[0], maturity_days=120)) == 1
    assert known_by(snapshots, days(119)[0], maturity_days=120).empty


def test_a_flat_table_has_no_past_to_replay():
    settings = build_settings({"book": {"accounts": "customers.csv"}, "columns": {"churned": "left"}})
    with pytest.raises(InputError, match=r"no past to replay.*subscriptions"):
        refuse_flat(settings)


@pytest.fixture
def of_book(tmp_path):
    """A function that gives the settings of a book with models in a folder of its own."""

    def build(**horizon):
        return build_settings(
            {
                "book": {"name": "b", "accounts": "a.csv", "subscriptions": "s.csv"},
                "horizon": horizon,
                "paths": {"models": str(tmp_path / "models")},
            }
        )

    return build


def kept(settings, **more):
    told = {"schema": 1, "fingerprint": book_fingerprint(settings), "n_left": 3, **more}
    keep_backtest(Backtest(told, pd.DataFrame()), settings=settings)
    return told


def test_the_report_finds_the_backtest_that_was_kept(of_book):
    assert kept_backtest(of_book()) is None
    told = kept(of_book())
    assert kept_backtest(of_book()) == told


def test_a_backtest_of_another_horizon_is_not_this_book_s(of_book):
    kept(of_book(horizon_days=90))
    assert kept_backtest(of_book(horizon_days=60)) is None


def test_a_backtest_in_another_form_is_left_alone(of_book):
    kept(of_book(), schema=99)
    assert kept_backtest(of_book()) is None


def test_a_changed_backtest_is_refused(of_book, tmp_path):
    kept(of_book())
    path = tmp_path / "models" / BACKTEST
    changed = json.loads(path.read_text()) | {"n_left": 4}
    path.write_text(json.dumps(changed, indent=2, sort_keys=True) + "\n")
    with pytest.raises(StateError, match=r"backtest\.json was changed"):
        kept_backtest(of_book())
