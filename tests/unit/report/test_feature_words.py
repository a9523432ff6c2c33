"""Figures as people say them."""

import pytest

from standfast.features.catalogue import CATALOGUE, describe
from standfast.report.feature_words import change_words, feature_words, figure_words
from standfast.report.wording import GLUE


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(-0.41, "log ratio", "down 34 %"), (0.0, "log ratio", "steady"), (1e9, "log ratio", "up"),
     (1, "days", "1 day"), (-17.2, "days", "17 days early"), (None, "days", "unknown"),
     (float("nan"), "share", "unknown"), (0, "1 or 0", "no"), (True, "", "yes"), ("Pro", "", "Pro"),
     (1234.0, "money per year", "1.2 k USD"),
     (2.266, "activity per day", "2.27"), (3, "tickets", "3")],
)  # fmt: skip
def test_a_figure_is_said_in_its_unit(value, unit, words):
    assert figure_words(value, unit, currency="USD").replace(GLUE, " ").startswith(words)


def test_a_change_says_its_direction():
    assert change_words(describe("seats"), 20.0, 12.0) == "seats fell from 20 to 12"
    assert change_words(describe("plan"), "Pro", "Basic") == "plan: Basic, was Pro"
    assert change_words(describe("has_sponsor"), 1, 0) == "has a sponsor: no, was yes"


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_feature_can_be_said(name):
    for value in (None, 0, 1.5, -2, "text", True):
        assert feature_words(describe(name), value, currency="USD")
