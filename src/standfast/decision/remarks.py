"""What limits add to a plan line's sentence: contacts of the last weeks, poor fit."""

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, texts
from standfast.decision.guards import CONTACTED, OPEN
from standfast.decision.tally import Tally
from standfast.decision.words import number_words

POOR_FIT = "; poor fit: one call at most"


def add_remarks(sentences: pd.Series, tally: Tally, *, start: pd.Series) -> pd.Series:
    """Return the sentences with what limits did to each account.

    Parameters
    ----------
    start
        The day the plan starts, for each account; without one, dates are told as days.
    """
    told = sentences.astype(object)
    limits, is_open = tally.offers.limits, tally.closed == OPEN
    if limits is not None:
        told = told.mask(is_open & limits.poor_fit, told + POOR_FIT)
    if limits is not None and limits.contact is not None:
        number = _contacts(limits.contact.n_recent)
        is_spent = (tally.closed == CONTACTED) & (limits.contact.n_recent > 0)
        told = told.mask(is_spent, number + " in the last 30 days: no more are left")
        told = told.mask(
            is_open & tally.planned & (limits.contact.n_recent > 0), told + "; " + number + " lately"
        )
        waits = (tally.wait_days > 0) & ((tally.closed == CONTACTED) | (is_open & tally.planned))
        told = told.mask(waits, told + _next_day(tally, start))
    return told.astype("str")


def _contacts(n_recent: Floats) -> pd.Series:
    return number_words(n_recent) + pd.Series(np.where(n_recent == 1, " contact", " contacts"))


def _next_day(tally: Tally, start: pd.Series) -> pd.Series:
    """Word the day of the next contact; each distinct one once."""
    start, wait = pd.to_datetime(start).reset_index(drop=True), pd.Series(tally.wait_days)
    days = start + pd.to_timedelta(wait, unit="D")
    codes, distinct = pd.factorize(days)
    words = texts(
        tuple(f"; the next contact may be on {day.date()}" for day in pd.to_datetime(distinct)),
        codes,
        pd.RangeIndex(len(days)),
    )
    in_days = "; the next contact may be in " + number_words(tally.wait_days.astype(np.float64)) + " days"
    return words.astype(object).where(words.notna(), in_days)
