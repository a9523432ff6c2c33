"""The plan says who is held out, what that costs and what it teaches, in plain words and honestly (U5)."""

from dataclasses import replace

from standfast.decision.held_out import HeldOut

HELD = HeldOut(
    cycle="2026-01-05", until="2026-04-04", n_held_out=7, n_planned=8, expected_cost=650.4,
    conservative_cost=-3.0, cost_share=0.0048, reduction=0.25, n_cycles=632,
)  # fmt: skip


def said(held):
    return held.sentences("USD", horizon_days=90)


def test_cost_and_lesson_are_told_with_the_way_out_where_it_is_too_small():
    who, cost, lesson = said(HELD)
    assert "chance leaves 7 of 15 accounts" in who
    assert "from 2026-01-05 to 2026-04-04" in who
    assert cost == (
        "the holdout is expected to cost 650 USD in this horizon, 0.5 % of what the plan is worth "
        "(cautiously nothing)"
    )
    assert "after 632 cycles of this size, 155.8 years" in lesson
    assert "too small: hold out more ([holdout] share" in lesson
    assert "too small" not in said(replace(HELD, n_cycles=8))[2]


def test_a_holdout_that_can_show_nothing_says_so():
    assert said(replace(HELD, n_cycles=None))[2].startswith("the holdout cannot show that outreach lowers")


def test_a_plan_that_gains_by_holding_out_costs_nothing():
    assert "cost nothing in this horizon, 0.0 %" in said(replace(HELD, expected_cost=-5, cost_share=-0.1))[1]


def test_a_holdout_cut_for_its_cost_says_so_and_how_much_longer_learning_takes():
    cost = said(replace(HELD, n_wanted=21, most_cost=0.0075))[1]
    assert cost.endswith(
        "; 21 would be held out if that cost no more than 0.75 % ([holdout] most_cost), so learning takes "
        "about 3.0 times as long"
    )
    assert "most_cost" not in said(HELD)[1]
