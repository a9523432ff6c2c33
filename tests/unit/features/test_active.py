"""Subscription rows become active periods, and a row counts until another takes over."""

import numpy as np
import pytest

from standfast.features.active import OPEN_END, dated_rows, is_trial_row, known_rows


def periods(maker, rows, gap=30):
    known = known_rows(maker.book(subscriptions=rows)["subscriptions"], allowed_gap_days=gap).to_pandas()
    for name in ("started_on", "ended_on", "period_started_on", "period_ended_on", "held_until"):
        known[name] = [value.date() if hasattr(value, "date") else value for value in known[name]]
    return known.sort_values(["started_on", "ended_on"], ignore_index=True)


def in_days(maker, column):
    return [(value - maker.t).days for value in column]


def test_an_open_row_ends_never(maker):
    assert periods(maker, [maker.contract()])["period_ended_on"].tolist() == [OPEN_END]


@pytest.mark.parametrize(("gap", "n_periods"), [(9, 2), (10, 1), (11, 1)])
def test_a_gap_of_exactly_the_allowed_days_is_bridged(maker, gap, n_periods):
    rows = periods(maker, [maker.contract(start=0, end=50), maker.contract(start=60, end=90)], gap)
    assert rows["period_started_on"].nunique() == n_periods


def test_a_row_counts_through_a_bridged_gap_and_no_further(maker):
    rows = [
        maker.contract(start=0, end=50),
        maker.contract(start=10, end=40),
        maker.contract(start=60, end=90),
        maker.contract(start=200, end=210),
    ]
    assert in_days(maker, periods(maker, rows)["held_until"]) == [60, 40, 90, 210]


def test_a_long_row_covers_short_ones_inside_it(maker):
    rows = [
        maker.contract(start=0, end=300),
        maker.contract(start=10, end=20),
        maker.contract(start=100, end=110),
    ]
    assert set(in_days(maker, periods(maker, rows, 0)["period_ended_on"])) == {300}


@pytest.mark.parametrize("gap", [0, 7])
def test_periods_are_what_painting_the_days_gives(maker, gap):
    """Painted day by day: covered days, and holes between them of at most the gap."""
    chance = np.random.default_rng(3)
    spans = {
        f"{n:03}": [
            (int(s), int(s + k))
            for s, k in zip(chance.integers(0, 120, 6), chance.integers(1, 25, 6), strict=True)
        ]
        for n in range(150)
    }
    rows = periods(
        maker, [maker.contract(a, start=s, end=e) for a, list_ in spans.items() for s, e in list_], gap
    )
    assert (rows["held_until"] >= rows["ended_on"]).all()
    for account_id, found in rows.groupby("account_id"):
        covered = sorted({day for start, end in spans[account_id] for day in range(start, end)})
        starts = [d for n, d in enumerate(covered) if n == 0 or d - covered[n - 1] - 1 > gap]
        ends = [d + 1 for n, d in enumerate(covered) if n == len(covered) - 1 or covered[n + 1] - d - 1 > gap]
        merged = found[["period_started_on", "period_ended_on"]].drop_duplicates()
        assert in_days(maker, merged["period_started_on"].sort_values()) == starts
        assert in_days(maker, merged["period_ended_on"].sort_values()) == ends


def test_an_island_is_what_overlaps_or_touches(maker):
    rows = [
        maker.contract(start=0, end=50),
        maker.contract(start=50, end=60),
        maker.contract(start=70, end=90),
    ]
    known = known_rows(maker.book(subscriptions=rows)["subscriptions"], allowed_gap_days=30).to_pandas()
    islands = (
        known[["island_started_on", "island_ended_on"]].drop_duplicates().sort_values("island_started_on")
    )
    assert in_days(maker, islands["island_started_on"].dt.date) == [0, 70]
    assert in_days(maker, islands["island_ended_on"].dt.date) == [60, 90]


def test_trials_belong_to_no_period(maker):
    rows = [
        maker.contract(start=-60, end=-30, is_trial=True),
        maker.contract(start=-30, end=30, is_trial=None),
        maker.contract(start=30, end=60, is_trial=True),
    ]
    found = periods(maker, rows)
    assert in_days(maker, found["period_started_on"]) == [-30]
    assert in_days(maker, found["period_ended_on"]) == [30]


def test_a_trial_says_so_or_has_a_plan_called_one(maker):
    said = [(True, "pro"), (False, "Trial "), (None, "POC"), (None, "pro"), (None, None), (False, None)]
    rows = [maker.contract(f"{n}", is_trial=flag, plan=plan) for n, (flag, plan) in enumerate(said)]
    table = dated_rows(maker.book(subscriptions=rows)["subscriptions"])
    found = table.mutate(found=is_trial_row(table)).to_pandas().sort_values("account_id")
    assert found["found"].tolist() == [True, True, True, False, False, False]
    bare = table.drop("is_trial", "plan")
    assert not bare.mutate(found=is_trial_row(bare)).to_pandas()["found"].any()
