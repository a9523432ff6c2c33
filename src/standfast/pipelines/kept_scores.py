"""Scores kept in the ledger, so that an account has a history, and a person's word can be judged later."""

from datetime import date

import pandas as pd

from standfast.adapters.ledger_scores import keep_scores
from standfast.pipelines.book_ledger import book_ledger
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


def keep_made_scores(
    scores: pd.DataFrame, *, settings: Settings, day: date | None, model_version: str | None
) -> int | None:
    """Keep the model's scores of a book as of a day, and give the run's number.

    None where the settings say not to, or nothing tells the day (a flat table without dates).
    """
    if day is None or not settings.ledger.keep_scores:
        return None
    known = scores.assign(**{ACCOUNT_ID: scores[ACCOUNT_ID].astype("str")})
    with book_ledger(settings) as ledger:
        return keep_scores(ledger, known, as_of=day, model_version=model_version)
