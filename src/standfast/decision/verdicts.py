"""What a comparison of groups amounts to, in plain words (S7, S8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from standfast.decision.differences import Comparison, Contrast, EvidencePolicy
from standfast.many_tests import benjamini_hochberg, holm

About = Literal["dimension", "belief"]
Finding = Literal["differ", "alike", "not shown", "too little"]
VERDICTS: dict[Finding, str] = {
    "differ": "worth segmenting by",
    "alike": "not worth segmenting by: its groups behave alike",
    "not shown": "not worth segmenting by on this evidence: it may be chance",
    "too little": "too little is known",
}
BELIEF_VERDICTS: dict[Finding, str] = {
    "differ": "they {outcome} {more}",
    "alike": "no difference worth acting on",
    "not shown": "not shown: it may be chance",
    "too little": "too little is known",
}
OUTCOME_WORDS = {"churned": "churn", "contracted": "contract", "expanded": "expand"}


@dataclass(frozen=True)
class Judged:
    """A comparison with its p-value corrected for how many were tried, and what was found.

    ``effect`` is what stands out, in words; what is missing, where too little is known.
    """

    name: str
    comparison: Comparison
    adjusted_p: float
    n_tried: int
    finding: Finding
    strongest: Contrast | None
    verdict: str
    effect: str


def judge(
    named: Sequence[tuple[str, Comparison]], *, policy: EvidencePolicy, about: About
) -> tuple[Judged, ...]:
    """Return each comparison with its verdict.

    Beliefs are corrected by Holm (no belief is called true by chance, at the confidence asked for);
    dimensions, of which many are tried to find some, by Benjamini and Hochberg (few of those called worth
    it are so by chance).
    """
    tested = [c.p_value if _enough(c, policy) else float("nan") for _, c in named]
    n_tried = int((~np.isnan(tested)).sum())
    corrected = holm(tested) if about == "belief" else benjamini_hochberg(tested)
    return tuple(
        _judged(name, comparison, adjusted, n_tried=n_tried, policy=policy, about=about)
        for (name, comparison), adjusted in zip(named, corrected, strict=True)
    )


def _judged(
    name: str, comparison: Comparison, adjusted: float, *, n_tried: int, policy: EvidencePolicy, about: About
) -> Judged:
    finding = _finding(comparison, adjusted, policy)
    strongest = _strongest(comparison)
    verdict = VERDICTS[finding]
    if about == "belief":
        more = "more" if strongest and strongest.difference > 0 else "less"
        verdict = BELIEF_VERDICTS[finding].format(outcome=OUTCOME_WORDS[comparison.outcome], more=more)
    effect = (
        _effect(strongest, about) if strongest and finding != "too little" else _lacks(comparison, policy)
    )
    return Judged(name, comparison, adjusted, n_tried, finding, strongest, verdict, effect)


def _enough(comparison: Comparison, policy: EvidencePolicy) -> bool:
    return len(comparison.contrasts) > 1 and comparison.n_events >= policy.min_events


def _finding(comparison: Comparison, adjusted: float, policy: EvidencePolicy) -> Finding:
    """Call groups different where the test says so and at least one stands out by its own interval."""
    if np.isnan(adjusted):
        return "too little"
    most = policy.alike_share * comparison.overall
    if all(-most <= contrast.low and contrast.high <= most for contrast in comparison.contrasts):
        return "alike"
    stands_out = any(contrast.low > 0 or contrast.high < 0 for contrast in comparison.contrasts)
    return "differ" if adjusted < 1 - policy.confidence and stands_out else "not shown"


def _strongest(comparison: Comparison) -> Contrast | None:
    """Return what stands out most against its own interval; of yes and no, it is yes."""
    told = [contrast for contrast in comparison.contrasts if contrast.group == "yes"] or comparison.contrasts
    return max(told, key=lambda c: abs(c.difference) / max(c.high - c.low, 1e-12), default=None)


def _effect(contrast: Contrast, about: About) -> str:
    """Word a group's rate against the others'.

    >>> _effect(Contrast("Retail", 0.025, 0.009, 0.041, other_rate=0.038), "dimension")
    'Retail: 6.3 % against 3.8 % of the others (+2.5 points, +0.9 to +4.1)'
    """
    own, other = 100 * (contrast.other_rate + contrast.difference), 100 * contrast.other_rate
    points = (
        f"{100 * contrast.difference:+.1f} points, {100 * contrast.low:+.1f} to {100 * contrast.high:+.1f}"
    )
    group = "" if about == "belief" else f"{contrast.group}: "
    return f"{group}{own:.1f} % against {other:.1f} % of the others ({points})"


def _lacks(comparison: Comparison, policy: EvidencePolicy) -> str:
    n = sum(rate.n_accounts >= policy.min_accounts for rate in comparison.rates)
    return (
        f"{n} of {len(comparison.rates)} groups have {policy.min_accounts} accounts, and in them "
        f"{comparison.n_events} accounts {OUTCOME_WORDS[comparison.outcome]}; it takes 2 groups and "
        f"{policy.min_events} accounts"
    )
