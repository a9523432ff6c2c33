"""The gate behind each list: go on to the next one, or stop and offer the best accounts something (O3)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from standfast.decision.campaign_policy import CampaignPolicy
from standfast.decision.effort import EffortRatio, Tally, effort_ratio

Verdict = Literal["working", "waiting", "go on", "doubt", "stop", "unproven"]
MOST_TIMES = 100
"""Evidence that would take so many times the accounts contacted so far is out of reach."""


@dataclass(frozen=True)
class Gate:
    """What a list's figures say about going on.

    Parameters
    ----------
    verdict
        working: not judged yet; waiting: everyone is held back; go on; doubt: the evidence is not enough;
        stop: the effort is surely too much; unproven: nothing has been won, so there is nothing to compare.
    opens_next
        Whether the next list opens without a person's word.
    n_more
        Accounts still to contact until the list is judged, or until the evidence would be enough.
    """

    list: str
    verdict: Verdict
    opens_next: bool
    sentence: str
    ratio: EffortRatio | None = None
    n_more: int | None = None


def judge_gate(tallies: Sequence[Tally], *, of: str, policy: CampaignPolicy) -> Gate:
    """Return what the gate behind list ``of`` says; ``tallies`` begin with the first list.

    Examples
    --------
    >>> a = Tally("A", 50, 0, 0, 50, 20, 10, 0, 3000.0, 6000.0, 50_000.0, 6000.0, 2.5e8)
    >>> b = Tally("B", 99, 0, 0, 99, 20, 0, 0, 6000.0, 12_000.0, 0.0, 12_000.0, 0.0)
    >>> judge_gate([a, b], of="B", policy=CampaignPolicy()).verdict
    'stop'
    """
    tally = next(one for one in tallies if one.list == of)
    reachable = tally.n_contacted + tally.n_left
    if not reachable:
        return _nobody(tally)
    needed = max(policy.least_accounts, math.ceil(policy.gate_share * reachable - 1e-9))
    if tally.n_contacted < (needed := min(reachable, needed)):
        n_more = needed - tally.n_contacted
        return Gate(
            of, "working", False, f"list {of}: {_accounts(n_more)} to contact until its gate", None, n_more
        )
    return _first(tally) if of == tallies[0].list else _compared(tally, tallies[0], policy)


def _nobody(tally: Tally) -> Gate:
    if not tally.n_accounts:
        return Gate(tally.list, "go on", True, f"list {tally.list} holds no account: go on")
    return Gate(
        tally.list, "waiting", False,
        f"list {tally.list}: all {_accounts(tally.n_accounts)} are held back; look again later",
    )  # fmt: skip


def _first(tally: Tally) -> Gate:
    """Judge the first list, which nothing is compared with, by whether it has won anything at all."""
    if tally.revenue > 0:
        told = f"list {tally.list} has won {tally.revenue:,.0f} a year at {_accounts(tally.n_sales)}: go on"
        return Gate(tally.list, "go on", True, told)
    return Gate(
        tally.list, "unproven", False,
        f"list {tally.list} has won nothing at {_accounts(tally.n_contacted)}: a proven offer comes first; "
        "change it before others are asked",
    )  # fmt: skip


def _compared(tally: Tally, first: Tally, policy: CampaignPolicy) -> Gate:
    name = tally.list
    ratio = effort_ratio(tally, first, confidence=policy.confidence)
    if ratio is None:
        return Gate(name, "go on", True, f"list {name}: no effort is recorded, so nothing can be compared")
    if not first.revenue > 0:
        return _without_yardstick(tally, first, ratio)
    told = _words(tally, first, ratio, policy)
    if ratio.low > policy.max_effort_ratio:
        ending = (
            f"more than {policy.max_effort_ratio:g} times: stop, and invest in an offer for list {first.list}"
        )
        return Gate(name, "stop", False, f"{told}, {ending} instead", ratio)
    if ratio.ratio <= policy.max_effort_ratio:
        return Gate(name, "go on", True, f"{told}, within {policy.max_effort_ratio:g} times: go on", ratio)
    n_more = accounts_to_tell(tally, first, policy=policy)
    opens = not tally.n_left
    return Gate(name, "doubt", opens, f"{told}; {_doubt(first, n_more, is_last=opens)}", ratio, n_more)


def _without_yardstick(tally: Tally, first: Tally, ratio: EffortRatio) -> Gate:
    told = f"list {first.list} has won nothing to compare with"
    if tally.revenue > 0:
        return Gate(
            tally.list, "go on", True, f"{told}, list {tally.list} {tally.revenue:,.0f}: go on", ratio
        )
    return Gate(
        tally.list, "unproven", False, f"{told}, and list {tally.list} nothing: change the offer", ratio
    )


def _words(tally: Tally, first: Tally, ratio: EffortRatio, policy: CampaignPolicy) -> str:
    sure = f"with {100 * policy.confidence:g} % confidence"
    if math.isinf(ratio.ratio):
        bound = f"at least {ratio.low:.1f} times list {first.list}'s effort per won revenue, {sure}"
        return f"list {tally.list} has won nothing at {_accounts(tally.n_contacted)}; that is {bound}"
    high = "any" if math.isinf(ratio.high) else f"{ratio.high:.1f}"
    interval = f"({ratio.low:.1f} to {high} {sure})"
    times = f"{ratio.ratio:.1f} times list {first.list}'s effort per won revenue"
    return f"list {tally.list} takes {times} {interval}"


def _doubt(first: Tally, n_more: int | None, *, is_last: bool) -> str:
    enough = f"{_accounts(n_more)} more at this rate would be" if n_more else (
        f"sales on list {first.list} ({first.n_sales:,}) are too few to tell so small a difference"
    )  # fmt: skip
    end = "; nobody is left, so go on in doubt" if is_last else ""
    return f"the evidence is not enough: {enough}{end}"


def accounts_to_tell(tally: Tally, first: Tally, *, policy: CampaignPolicy) -> int | None:
    """Return how many more accounts would be evidence enough at the rate so far; None: too many."""
    low, high = 0, MOST_TIMES * max(1, tally.n_contacted)
    if not _would_tell(tally, first, high, policy):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _would_tell(tally, first, middle, policy) else (middle, high)
    return high


def _would_tell(tally: Tally, first: Tally, n_more: int, policy: CampaignPolicy) -> bool:
    times = 1 + n_more / max(1, tally.n_contacted)
    ratio = effort_ratio(tally, first, confidence=policy.confidence, times=times)
    return ratio is not None and ratio.low > policy.max_effort_ratio


def _accounts(n: int) -> str:
    return f"{n:,} account{'' if n == 1 else 's'}"
