"""How tables word a channel, and what we call it."""

import pandas as pd
import pytest

from standfast.decision.calendar_policy import CalendarPolicy
from standfast.decision.channel_words import CHANNEL_WORDS, HUMAN_WORDS, name_channels


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        ("In Person", "in_person"),
        ("QBR", "review"),
        (" phone call ", "call"),
        ("Mail", "email"),
        ("in-app", "digital"),
    ],
)
def test_a_channel_is_known_by_what_people_write(word, channel):
    assert name_channels(pd.Series([word])).tolist() == [channel]


def test_a_word_that_nobody_knows_is_no_channel():
    """U4."""
    assert name_channels(pd.Series(["pigeon", None, ""])).isna().all()


def test_a_person_is_called_or_seen_by_no_mail_and_no_machine():
    """C3."""
    assert {CHANNEL_WORDS[word] for word in HUMAN_WORDS} == {"in_person", "review", "call"}
    assert CalendarPolicy().human_channels == HUMAN_WORDS
