"""Nobody leaves the question silently: who is not asked about is counted, by reason."""

from standfast.features.left_out import REASONS, left_out_by_date, total_left_out
from standfast.features.policy import ChurnPolicy, LabelPolicy, SnapshotPolicy


def leave(maker, rows, *, dates=None, lead=0, as_of=365, **churn):
    return left_out_by_date(
        maker.book(subscriptions=rows),
        dates=dates or [maker.t],
        as_of=maker.day(as_of),
        labels=LabelPolicy(lead_days=lead),
        policy=SnapshotPolicy(churn=ChurnPolicy(**churn)),
    )


def test_each_reason_is_counted_in_the_reasons_order(maker):
    rows = [
        maker.contract("gone", end=-90),
        maker.contract("gone too", end=-60),
        maker.contract("gap", end=-3),
        maker.contract("lost trial", start=-90, end=-80, is_trial=True),
        maker.contract("trial", start=-9, is_trial=True),
        maker.contract("young", start=-9),
        maker.contract("leaves", end=6),
        maker.contract("stays"),
        maker.contract("later", start=9),
    ]
    (counts,) = leave(maker, rows, lead=7, min_tenure_days=10).values()
    assert list(counts.items()) == list(zip(REASONS, (2, 1, 1, 1, 1, 1), strict=True))


def test_a_date_at_which_all_are_asked_about_counts_nobody(maker):
    days = [maker.day(-100), maker.t]
    counts = leave(maker, [maker.contract(), maker.contract("b", end=-50)], dates=days)
    assert counts == {days[0]: {}, days[1]: {"gone already": 1}}


def test_an_end_in_the_lead_that_is_still_ahead_is_only_a_plan(maker):
    assert leave(maker, [maker.contract(end=6)], lead=14, as_of=0) == {maker.t: {}}
    assert leave(maker, [maker.contract(end=6)], lead=14, as_of=36) == {maker.t: {"gone in the lead time": 1}}


def test_nobody_is_counted_without_a_date(maker):
    assert left_out_by_date(
        maker.book(), dates=[], as_of=maker.t, labels=LabelPolicy(), policy=SnapshotPolicy()
    ) == {}  # fmt: skip


def test_the_dates_add_up(maker):
    by_date = {maker.t: {"in trial": 1, "gone already": 2}, maker.day(1): {"gone already": 3}}
    assert list(total_left_out(by_date).items()) == [("gone already", 5), ("in trial", 1)]
