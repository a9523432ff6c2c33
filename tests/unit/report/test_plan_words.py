"""Sentences on the plan's figures; what is unknown is left out."""

from standfast.report.plan_words import one_more_csm_told, sensitivity_told
from standfast.report.wording import GLUE

MORE = {"hours": 288.4, "owner": "Ada", "hours_used": 120.0, "value": 50_000.0, "cost": 36_000.0}


def test_one_more_csm_is_weighed_against_the_cost():
    told = one_more_csm_told({"horizon_days": 90, "one_more_csm": MORE}, "USD").replace(GLUE, " ")
    assert told == (
        "One more CSM, 288 h in 90 days, would use 120 h of them beside Ada and earn 50 k USD before their "
        "cost, which is 36 k USD."
    )


def test_figures_that_are_not_there_are_not_told():
    assert not one_more_csm_told({"one_more_csm": None}, "USD")
    assert not sensitivity_told({}, "USD")
