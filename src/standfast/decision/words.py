"""Why a plan line says what it says: one plain sentence per account."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.bundles import Bundle
from standfast.decision.columns import Bools, Floats, Ints, texts
from standfast.decision.guards import OPEN, REASONS

_PLURAL_FROM = 2


def touch_words(bundle: Bundle, *, with_digital: bool = False) -> str:
    """Return the touches in words.

    Examples
    --------
    >>> touch_words(Bundle(n_in_person=2, n_review=1, n_call=3))
    '1 visit, 1 review and 3 calls'
    """
    counted = [
        _count(bundle.n_visit, "visit"),
        _count(bundle.n_review, "review"),
        _count(bundle.n_call, "call"),
        _count(bundle.n_email, "e-mail"),
        _count(bundle.n_digital if with_digital else 0, "automated message"),
    ]
    *most, last = [words for words in counted if words] or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last


def _count(n: int, thing: str) -> str:
    return "" if not n else f"{n} {thing}{'s' if n >= _PLURAL_FROM else ''}"


def number_words(values: Floats, pattern: str = "{:,.0f}") -> pd.Series:
    """Return the numbers as text, such as ``96,000``; each distinct one is worded once."""
    digits = 0 if pattern == "{:,.0f}" else 3
    codes, distinct = pd.factorize(np.round(values, digits) + 0.0)  # + 0.0: no '-0'
    return texts(tuple(pattern.format(value) for value in distinct), codes, pd.RangeIndex(len(values)))


@dataclass(frozen=True, eq=False)
class Decision:
    """What the sentences are made of, one entry per account.

    ``value_per_hour`` is empty where no hours are planned; the cut-off is that of the account's pool.
    """

    closed: Ints
    choice: Ints
    first: Ints
    value_per_hour: Floats
    first_per_hour: Floats
    cut_off: Floats
    kept: Bools
    list_full: Bools
    grows: Bools
    churn_probability: Floats
    upsell_probability: Floats
    annual_revenue: Floats
    upsell_value: Floats


def why(decision: Decision, *, bundles: tuple[Bundle, ...]) -> pd.Series:
    """Return one sentence per account: what its touches are worth against the cut-off, or why it is left."""
    planned = ~np.isnan(decision.value_per_hour)
    sentences = texts(REASONS, decision.closed, pd.RangeIndex(len(planned))).astype(object)
    sentences[planned] = _planned(_only(decision, planned), bundles).astype(object).to_numpy()
    left = (decision.closed == OPEN) & ~planned
    sentences[left] = _left(_only(decision, left), bundles).astype(object).to_numpy()
    return sentences.astype("str")


def _only(decision: Decision, where: Bools) -> Decision:
    """Return the decision for some accounts."""
    return Decision(**{name: part[where] for name, part in vars(decision).items()})


def _planned(decision: Decision, bundles: tuple[Bundle, ...]) -> pd.Series:
    """Word accounts that get a person's time."""
    several = np.array([sum(b.counts) - b.n_digital >= _PLURAL_FROM for b in bundles])
    touches = _bundle_words(decision.choice, bundles) + _either(several[decision.choice], " are", " is")
    worth = touches + " worth " + number_words(decision.value_per_hour) + " an hour"
    return _stakes(decision) + ": " + worth + _against_cut_off(decision)


def _stakes(decision: Decision) -> pd.Series:
    """Word what is at stake: revenue that may leave, or growth that may come."""
    known = ~np.isnan(decision.churn_probability)
    leaves = _percent(decision.churn_probability) + " likely to leave"
    risk = leaves.where(known, "churn risk unknown") + ", " + number_words(decision.annual_revenue)
    grows = (
        _percent(decision.upsell_probability) + " likely to expand, by " + number_words(decision.upsell_value)
    )
    return (risk + " a year at stake").where(~decision.grows, grows + " a year")


def _against_cut_off(decision: Decision) -> pd.Series:
    """Word how the plan line stands to the cut-off."""
    cut_off = number_words(decision.cut_off)
    above = "; the cut-off is " + cut_off
    reason = _either(decision.kept, ", kept from the last plan", ", which uses hours left")
    below = reason + " below the cut-off of " + cut_off
    ending = above.where(decision.value_per_hour >= decision.cut_off, below)
    return ending.where(decision.cut_off > 0, "; there are hours for all that pays")


def _left(decision: Decision, bundles: tuple[Bundle, ...]) -> pd.Series:
    """Word accounts that get no person's time."""
    digital = np.array([bundle.n_digital > 0 for bundle in bundles])[decision.choice]
    opening = _either(digital, "automated messages only: ", "left: ")
    pays = decision.first_per_hour > 0
    offer = (
        _bundle_words(decision.first, bundles) + " would be worth " + number_words(decision.first_per_hour)
    )
    below = offer + " an hour, below the cut-off of " + number_words(decision.cut_off)
    full = offer + " an hour, but the hours are used up"
    reason = below.where(np.round(decision.first_per_hour) < np.round(decision.cut_off), full)
    reason = reason.where(~decision.list_full, offer + " an hour, but its owner's list is full")
    return opening + reason.where(pays, "no personal touch is worth its cost")


def _bundle_words(choice: Ints, bundles: tuple[Bundle, ...]) -> pd.Series:
    return texts(
        tuple(touch_words(b, with_digital=not b.is_personal) for b in bundles),
        choice,
        pd.RangeIndex(len(choice)),
    )


def _percent(probability: Floats) -> pd.Series:
    return number_words(np.nan_to_num(probability) * 100) + " %"


def _either(flag: npt.NDArray[np.bool_], yes: str, no: str) -> pd.Series:
    return texts((no, yes), flag.astype(np.int64), pd.RangeIndex(len(flag)))
