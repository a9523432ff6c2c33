"""One language for all teams: what each segment and each term means (S9)."""

from standfast.decision.matrix import CELLS

SEGMENT_MEANINGS: dict[str, str] = {cell.segment: f"{cell.words} ({cell.name})" for cell in CELLS}
"""Each segment's meaning and the cell it is, in order of priority."""

TERMS: dict[str, str] = {
    "account": "Who pays: one row of the plan.",
    "churn probability": "How likely the account leaves within the horizon if cared for as in the past.",
    "upsell probability": "How likely the account pays at least a tenth more after the horizon, if it stays.",
    "annual revenue": "What the account pays a year.",
    "revenue at risk": "Churn probability times annual revenue.",
    "reward": "What a year with the account earns: margin on its revenue and on its likely expansion; "
    "the risk to leave is not in it.",
    "risk tier": "High from twice the book's base odds of churn, medium from the base odds, low below; "
    "medium where the probability is unknown.",
    "value tier": "The top tenth of accounts by reward is high, the next four tenths medium, the rest low.",
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

GLOSSARY: tuple[tuple[str, str], ...] = (*TERMS.items(), *SEGMENT_MEANINGS.items())
"""Terms, then segments, as pairs of name and meaning."""
