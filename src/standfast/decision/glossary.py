"""One language for all teams: what each segment and each term means (S9)."""

from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.tiers import TierPolicy

_TERMS: dict[str, str] = {
    "account": "Who pays: one row of the plan.",
    "churn probability": "How likely the account leaves within the horizon if cared for as in the past.",
    "upsell probability": "How likely the account pays at least a tenth more after the horizon, if it stays.",
    "annual revenue": "What the account pays a year.",
    "revenue at risk": "Churn probability times annual revenue.",
    "reward": "What a year with the account earns: margin on its revenue and on its likely expansion; "
    "the risk to leave is not in it.",
    "risk tier": "",
    "value tier": "",
    "cell": "Where an account stands by risk tier and value tier.",
    "segment": "The name of the cell, so that everyone means the same accounts.",
    "priority": "The cell's rank, 1 first.",
    "play": "What is done with an account: goal, steps, who does it.",
    "touch": "One visit, review, call, e-mail or automated message.",
    "bundle": "The touches an account gets in one horizon.",
    "capacity": "The hours that the team has for outreach in one horizon.",
    "cut-off": "What the last planned hour is worth: one more hour would earn about as much.",
    "expected value": "What the planned touches are estimated to earn, less their cost, if outreach works as "
    "assumed.",
    "conservative value": "The same if outreach keeps only one leaving account in ten and sells nothing; "
    "automated messages alone count for nothing.",
    "lifetime value": "Yearly margin divided by the yearly chance to leave, five years at most.",
    "held out": "Left without outreach on purpose, so that the effect of outreach can be measured.",
}
"""What each term means; where the tiers are cut is worded from the settings."""


def segment_meanings(matrix: Matrix = MATRIX) -> dict[str, str]:
    """Return each segment's meaning and the cell it is, in order of priority."""
    return {cell.segment: f"{cell.words} ({cell.name})" for cell in matrix.cells}


def glossary(*, matrix: Matrix = MATRIX, tiers: TierPolicy | None = None) -> tuple[tuple[str, str], ...]:
    """Return terms, then segments, as pairs of name and meaning: those of a matrix and its cuts."""
    cuts = tiers or TierPolicy()
    own = {"risk tier": _risk_words(matrix, cuts), "value tier": _value_words(matrix, cuts)}
    return (*(_TERMS | own).items(), *segment_meanings(matrix).items())


def _risk_words(matrix: Matrix, cuts: TierPolicy) -> str:
    """Say where the risk tiers are cut."""
    high = f"High from {_odds_words(cuts.high_risk_odds)} of churn"
    if "medium" not in matrix.risk_tiers:
        return f"{high}, low below; high where the probability is unknown."
    medium = _odds_words(cuts.medium_risk_odds).replace("the book's", "the")
    return f"{high}, medium from {medium}, low below; medium where the probability is unknown."


def _odds_words(multiple: float) -> str:
    times = {1.0: "", 2.0: "twice "}.get(multiple, f"{multiple:g} times ")
    return f"{times}the book's base odds"


def _value_words(matrix: Matrix, cuts: TierPolicy) -> str:
    """Say where the value tiers are cut."""
    top = f"The top {_share_words(cuts.top_share)} of accounts by reward is high"
    if "medium" not in matrix.value_tiers:
        return f"{top}, the rest low."
    return f"{top}, the next {_share_words(cuts.middle_share)} medium, the rest low."


def _share_words(share: float) -> str:
    return {0.1: "tenth", 0.4: "four tenths"}.get(share, f"{100 * share:g} %")
