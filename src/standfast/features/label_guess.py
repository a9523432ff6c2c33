"""Guesses what the values of a label column mean: plain yes and no, or a status with words of its own."""

import re
from dataclasses import dataclass

import pandas as pd

from standfast.features.aliases import CHURNED_WORDS, NEITHER_WORDS, STAYED_WORDS
from standfast.features.label_values import NO_WORDS, YES_WORDS, LabelValues

MOST_VALUES = 10
_NOT = frozenset({"not", "no", "non", "never", "without"})


@dataclass(frozen=True)
class GuessedLabel:
    """Why a column seems to be a label; ``label_values`` where it does not simply say yes and no."""

    reason: str
    label_values: LabelValues | None = None


def guess_label_values(values: pd.Series, *, label: str, is_opposite: bool = False) -> GuessedLabel | None:
    """Give what the values of a column mean as ``label``, or None where they do not look like one.

    Parameters
    ----------
    is_opposite
        The column says who stayed.
    """
    texts = values.astype("string").str.strip()
    met = sorted(texts[texts.notna() & (texts != "")].unique())
    if not met or len(met) > MOST_VALUES:
        return None
    if {text.casefold().removesuffix(".0") for text in met} <= YES_WORDS | NO_WORDS:
        return _plain(met, is_opposite=is_opposite)
    if label != "churned" or is_opposite:
        return None
    return _status(met)


def _plain(met: list[str], *, is_opposite: bool) -> GuessedLabel:
    reason = f"a known name; its values are {' and '.join(met)}"
    if not is_opposite:
        return GuessedLabel(reason)
    said_yes = tuple(text for text in met if text.casefold().removesuffix(".0") in YES_WORDS)
    said_no = tuple(text for text in met if text not in said_yes)
    return GuessedLabel(f"{reason}, which say who stayed", LabelValues(is_true=said_no, is_false=said_yes))


def _status(met: list[str]) -> GuessedLabel | None:
    """Read a status: who left, who stayed, and who can be counted neither way."""
    meaning = {text: _meaning(text) for text in met}
    left, stayed, neither = (tuple(t for t in met if meaning[t] is m) for m in (True, False, None))
    if not left or not stayed:
        return None
    return GuessedLabel(
        f"a status of {len(met)} values: {', '.join(met)}",
        LabelValues(is_true=left, is_false=stayed, is_exclude=neither),
    )


def _meaning(text: str) -> bool | None:
    """Give whether a word of a status means that the account left; None where it says neither."""
    words = re.findall(r"[a-z]+", text.casefold())
    if any(word in NEITHER_WORDS for word in words):
        return None
    negated = any(word in _NOT for word in words)
    if any(word in CHURNED_WORDS for word in words):
        return not negated
    return negated if any(word in STAYED_WORDS for word in words) else None
