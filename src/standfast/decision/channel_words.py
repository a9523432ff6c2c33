"""How tables and skill lists word a channel, and what we call it."""

from collections.abc import Mapping
from typing import Literal

import pandas as pd

PersonalChannel = Literal["in_person", "review", "call", "email"]
"""Channels that take a person's time."""
IN_PERSON = ("in_person", "review")
"""Channels in which people meet: a contact there counts for more than one (C3)."""
HUMAN_CHANNELS = (*IN_PERSON, "call")
"""A visit, a review, a call: what C3 means by a human touch."""

PERSONAL_WORDS: Mapping[str, PersonalChannel] = {
    "in_person": "in_person", "in person": "in_person", "on-site": "in_person", "on site": "in_person",
    "onsite": "in_person", "visit": "in_person", "visits": "in_person", "meeting": "in_person",
    "meetings": "in_person",
    "review": "review", "reviews": "review", "business review": "review", "business reviews": "review",
    "qbr": "review",
    "call": "call", "calls": "call", "phone": "call", "phone call": "call", "phone calls": "call",
    "telephone": "call", "video": "call", "video call": "call",
    "email": "email", "emails": "email", "e-mail": "email", "e-mails": "email", "mail": "email",
}  # fmt: skip
"""Words, lower case, for the channels in which a person is at work."""
CHANNEL_WORDS: Mapping[str, str] = {
    **PERSONAL_WORDS,
    **dict.fromkeys(("digital", "automated", "in-app", "in_app"), "digital"),
}
"""Words, lower case, for every channel."""
HUMAN_WORDS = tuple(word for word, channel in PERSONAL_WORDS.items() if channel in HUMAN_CHANNELS)


def name_channels(words: pd.Series) -> pd.Series:
    """Return what we call each channel; empty where the word is unknown.

    Examples
    --------
    >>> name_channels(pd.Series(["Phone", " QBR ", "pigeon", None])).fillna("").tolist()
    ['call', 'review', '', '']
    """
    return words.astype("str").str.strip().str.casefold().map(CHANNEL_WORDS).astype("str")
