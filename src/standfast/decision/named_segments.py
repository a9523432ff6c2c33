"""Named segments as data: a rule, what it means, and how to talk to its accounts (S2 to S6).

They overlap: an account has the one segment of its cell and any number of these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from typing_extensions import Doc

Kind = Literal["behaviour", "growth", "value", "NPS", "yours"]

UNCLEAR = "unclear"
"""The segment of an account whose behaviour no rule can tell."""


@dataclass(frozen=True, kw_only=True)
class NamedSegment:
    """One named segment: whom it holds, what that means, and what to say to them."""

    name: str
    kind: Kind = "yours"
    where: Annotated[str, Doc("who is in it: an expression over snapshots and scores")] = ""
    meaning: Annotated[str, Doc("what its accounts have in common, for the glossary")] = ""
    message: Annotated[str, Doc("how to talk to them, and through which channel")] = ""
    accounts: Annotated[Mapping[str, str], Doc("accounts that are in it by hand, each with the reason")] = (
        field(default_factory=dict)
    )
    enabled: Annotated[bool, Doc("false leaves the segment out")] = True


_TREND = "first_known(usage_trend_90d, spend_trend_90d)"
_HEADROOM = "seat_utilisation >= 0.8 or usage_limit_share >= 0.8"
_MASKED = f"{_HEADROOM} or in_top(usage_30d / seats, 0.1)"
_DORMANT = "first_known(active_days_30d < 3, purchase_overdue > 2)"

NAMED_SEGMENTS: tuple[NamedSegment, ...] = (
    NamedSegment(
        name="advocate", kind="behaviour", where="nps_worst_180d >= 9 and risk_tier != 'high'",
        meaning="Everybody who answered lately recommends us, and nothing says that the account may leave.",
        message="Thank first, then ask: a reference, a case study, an introduction, early access in return.",
    ),
    NamedSegment(
        name="growth-ready", kind="behaviour",
        where=f"risk_tier == 'low' and ({_HEADROOM} or {_TREND} >= 0.18 or opportunities_open >= 1)",
        meaning="Unlikely to leave, and close to the end of what it bought, using more, or in talks.",
        message="Show the value reached, then the next step with a business case, through its owner.",
    ),
    NamedSegment(
        name="stable", kind="behaviour", where=f"{_TREND} > -0.22 and risk_tier != 'high' and not {_DORMANT}",
        meaning="Use or spend holds, and the risk to leave is not high.",
        message="Keep the value visible at a steady pace: a summary of results each quarter, no campaigns.",
    ),
    NamedSegment(
        name="saturated", kind="behaviour", where="seats >= 0.8 * employees and seat_utilisation >= 0.5",
        meaning="Nearly everybody who could use the product has a seat: little is left to sell of the same.",
        message="Sell no more of the same: deepen use, offer another product, secure a long renewal.",
    ),
    NamedSegment(
        name="price-sensitive", kind="behaviour",
        where="payment_delay_days > 14 or invoices_overdue >= 1 "
        "or (revenue_change_180d >= 0.05 and usage_trend_90d <= 0)",
        meaning="Pays late, or pays more than half a year ago without using more.",
        message="Talk about value before price: results per money spent, the fitting plan, terms, no "
        "discount.",
    ),
    NamedSegment(
        name="under-adopted", kind="behaviour", where="seat_utilisation < 0.5",
        meaning="Fewer than half of the seats paid for are used.",
        message="Offer help, not more product: who should use it and does not, training, a plan for one "
        "team.",
    ),
    NamedSegment(
        name="declining", kind="behaviour",
        where=f"{_TREND} <= -0.22 or first_known(revenue_change_180d <= -0.1, spend_trend_90d <= -0.22)",
        meaning="Uses or buys a fifth less than the quarter before, or pays a tenth less in half a year.",
        message="Ask what has changed before offering anything; agree one fix with a date, by phone.",
    ),
    NamedSegment(
        name="dormant", kind="behaviour", where=_DORMANT,
        meaning="Hardly used the product in the last 30 days, or its purchase is long overdue.",
        message="A personal call to the person who bought it: is the need still there? No newsletters.",
    ),
    NamedSegment(
        name="high-maintenance", kind="behaviour",
        where="tickets_30d >= 3 or escalations_90d >= 2 or open_critical >= 1",
        meaning="Many tickets in a month, several escalations in a quarter, or a critical ticket open.",
        message="Settle what is open first; one named person, a review of causes, then training.",
    ),
    NamedSegment(
        name="HiPo", kind="growth",
        where=f"value_tier == 'low' and risk_tier != 'high' and ({_HEADROOM} or employees >= 20 * seats "
        f"or {_TREND} >= 0.3)",
        meaning="High potential: pays little today and can grow, by its use, its headroom or its size.",
        message="Treat it as one value tier higher: find the sponsor of a wider rollout, show the next step.",
    ),
    NamedSegment(
        name="masked low", kind="value", where=f"value_tier == 'low' and ({_MASKED})",
        meaning="Low value by what it pays, but a power user or close to a limit: not low at all.",
        message="Call once and ask what they do with it; most have a reason to pay more.",
    ),
    NamedSegment(
        name="truly low", kind="value", where=f"value_tier == 'low' and not ({_MASKED})",
        meaning="Low value by what it pays, and nothing in its use says that there is more.",
        message="Automated messages and self-service; a call where an alert fires.",
    ),
    NamedSegment(
        name="poor fit", kind="value",
        where="risk_tier == 'high' and (gross_margin < 0.5 or (value_tier == 'low' and tickets_90d >= 6))",
        meaning="Earns little, by its margin or by the tickets it takes, and is likely to leave for a better "
        "offer.",
        message="Spend no hours to keep it: self-service, a fair end if it leaves. Last in every list.",
    ),
    NamedSegment(
        name="detractor", kind="NPS", where="nps_worst_180d <= 6",
        meaning="Somebody gave 0 to 6 in the last 180 days; the worst answer counts, not the mean.",
        message="Call within 48 hours and listen: where is value missing? Report back what was changed.",
    ),
    NamedSegment(
        name="passive", kind="NPS", where="nps_worst_180d > 6 and nps_worst_180d < 9",
        meaning="The worst answer of the last 180 days is a 7 or an 8.",
        message="Within five business days, help for what is used least; ask what would make it a 9.",
    ),
    NamedSegment(
        name="promoter", kind="NPS", where="nps_worst_180d >= 9",
        meaning="Everybody who answered in the last 180 days gave 9 or 10.",
        message="Within a week, thank and keep the value visible; then ask for a reference.",
    ),
    NamedSegment(
        name="silent", kind="NPS", where="not known(nps_worst_180d)",
        meaning="Nobody answered a survey in the last 180 days: that is no good news, only no news.",
        message="Do not send the survey again: ask one question by phone, to another person than last time.",
    ),
)  # fmt: skip
"""All of them; thresholds are A2 of the practice page where it has one, else our own judgement."""


def merge_segments(own: Iterable[NamedSegment]) -> tuple[NamedSegment, ...]:
    """Return the named segments with a team's own: same names are replaced, new ones follow.

    Examples
    --------
    >>> ours = merge_segments([NamedSegment(name="saturated", enabled=False), NamedSegment(name="key")])
    >>> [segment.name for segment in ours][-2:], "saturated" in {segment.name for segment in ours}
    (['silent', 'key'], False)
    """
    merged = {segment.name: segment for segment in NAMED_SEGMENTS} | {
        segment.name: segment for segment in own
    }
    return tuple(segment for segment in merged.values() if segment.enabled)
