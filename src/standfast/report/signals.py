"""The reasons behind one account's probability, in words: what raises it and what lowers it (U1)."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from standfast.report.wording import is_known, plain, rounded, spoken


def what_reasons_move(scores: pd.DataFrame) -> str:
    """Name what the reasons in the scores speak of: the churn model's, else the expansion model's."""
    has_churn = "churn_probability" in scores and scores["churn_probability"].notna().any()
    return "the risk" if has_churn else "the chance"


def reasons_in_words(text: Any, *, n_shown: int, moved: str) -> str:
    """Word the strongest of the reasons that travel with the scores; unreadable ones are left out.

    >>> text = '[{"feature": "open_tickets", "value": 4, "effect": 0.7}]'
    >>> reasons_in_words(text, n_shown=2, moved="the risk")
    'Raises the risk: open tickets 4.'
    >>> reasons_in_words(text.replace("4,", '4, "peers": 1,'), n_shown=2, moved="the risk")
    'Raises the risk: open tickets 4 (peers 1).'
    """
    if not is_known(text):
        return ""
    try:
        reasons = json.loads(text) if isinstance(text, str) else list(text)
        strongest = sorted(reasons, key=lambda reason: -abs(float(reason["effect"])))[:n_shown]
        up = [_signal(reason) for reason in strongest if reason["effect"] > 0]
        down = [_signal(reason) for reason in strongest if reason["effect"] < 0]
    except (ValueError, TypeError, KeyError):
        return ""
    both = ((f"Raises {moved}", up), (f"Lowers {moved}", down))
    return " ".join(f"{way}: {'; '.join(found)}." for way, found in both if found)


def _signal(reason: Mapping[str, Any]) -> str:
    value, peers = reason.get("value"), reason.get("peers")
    beside = f" (peers {plain(rounded(peers))})" if is_known(peers) else ""
    return f"{spoken(reason['feature'])} {plain(rounded(value)) if is_known(value) else 'unknown'}{beside}"
