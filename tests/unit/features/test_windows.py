"""Windows are half-open, and arithmetic is guarded and exact."""

import math
from datetime import timedelta

import ibis
import pandas as pd
import pytest

from standfast.features.windows import (
    BUCKETED_DAYS,
    canonical_columns,
    day_buckets,
    exact_units,
    from_units,
    log_ratio,
    ratio,
)


@pytest.fixture
def numbers(maker):
    def run(**columns):
        return maker.engine.backend, ibis.memtable(pd.DataFrame(columns, dtype="float64"))

    return run


def test_every_day_is_in_exactly_the_windows_that_hold_it(maker):
    dates = [maker.t - timedelta(days=n) for n in (0, 11, 30, 200)]
    buckets, spans = (maker.engine.backend.to_pandas(table) for table in day_buckets(dates))
    both = buckets.merge(spans, on="bucket")
    both["age"] = (pd.to_datetime(both["observation_date"]) - pd.to_datetime(both["day"])).dt.days
    assert both["age"].min() == 1
    for k in BUCKETED_DAYS:
        assert (both[f"in_{k}"] == (both["age"] <= k)).all()
        assert both.groupby("observation_date")[f"in_{k}"].sum().tolist() == [k] * len(dates)


def test_bucket_zero_is_all_that_came_before_and_in_no_window(maker):
    _, spans = day_buckets([maker.t])
    first = maker.engine.backend.to_pandas(spans.filter(spans.bucket == 0))
    assert len(first) == 1
    assert not first[[f"in_{k}" for k in BUCKETED_DAYS]].any(axis=None)


def test_money_is_summed_exactly(numbers):
    backend, table = numbers(amount=[0.1, 0.2, -0.3, 1e9])
    total = backend.to_pandas(table.agg(total=from_units(exact_units(table.amount).sum())))
    assert total["total"].tolist() == [1e9]


def test_amounts_beyond_all_reason_are_bounded_and_do_not_stop_the_run(numbers):
    backend, table = numbers(amount=[1e300])
    assert backend.to_pandas(table.select(u=exact_units(table.amount)))["u"].tolist() == [900_000_000_000_000]


def test_a_ratio_to_nothing_is_missing(numbers):
    backend, table = numbers(part=[1.0, 1.0, 0.0], whole=[0.0, 4.0, 4.0])
    found = backend.to_pandas(table.select(r=ratio(table.part, table.whole)))["r"]
    assert math.isnan(found[0])
    assert found.tolist()[1:] == [0.25, 0.0]


def test_log_ratios_are_guarded_on_both_sides(numbers):
    backend, table = numbers(now=[0.0, 0.0, 1.0, 2.0, 1e9], before=[0.0, 1.0, 0.0, 2.0, 1.0])
    found = backend.to_pandas(table.select(r=log_ratio(table.now, table.before)))["r"]
    assert math.isnan(found[0])
    assert found.tolist()[1:] == [-3.0, 3.0, 0.0, 3.0]


def test_only_canonical_columns_and_named_ones_go_on():
    accounts = ibis.table({"account_id": "string", "tier": "string", "day_30": "string"}, name="accounts")
    assert canonical_columns("accounts", accounts, more=("tier",)).columns == ("account_id", "tier")
    assert canonical_columns("usage", accounts, more=("tier",)).columns == ("account_id",)
