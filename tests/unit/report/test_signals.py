import pytest

from standfast.report.signals import reasons_in_words, what_reasons_move

BOTH = """[{"feature": "usage_trend_90d", "value": -0.41234, "effect": 0.9},
           {"feature": "plan", "value": "gold", "effect": -1.2},
           {"feature": "nps", "value": null, "effect": 0.1}]"""


def test_reasons_name_the_direction_in_which_they_move_the_probability():
    """U1: signed reasons per account, in the user's words."""
    told = reasons_in_words(BOTH, n_shown=3, moved="the risk")
    assert told == "Raises the risk: usage trend 90d \u22120.412; nps unknown. Lowers the risk: plan gold."


def test_only_the_strongest_reasons_are_shown():
    assert reasons_in_words(BOTH, n_shown=1, moved="the risk") == "Lowers the risk: plan gold."
    assert reasons_in_words(BOTH, n_shown=0, moved="the risk") == ""


@pytest.mark.parametrize(
    "text", [None, float("nan"), "", "not json", "[1, 2]", "3", '[{"feature": "x"}]', '{"a": 1}']
)
def test_reasons_that_cannot_be_read_are_left_out(text):
    assert reasons_in_words(text, n_shown=2, moved="the risk") == ""


def test_without_a_churn_model_reasons_speak_of_the_chance(scores):
    assert what_reasons_move(scores) == "the risk"
    assert what_reasons_move(scores.assign(churn_probability=None)) == "the chance"
