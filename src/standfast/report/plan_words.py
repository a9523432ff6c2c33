"""What one more person would earn, and how much of the plan rests on the response it assumes."""

from collections.abc import Mapping
from typing import Any

from standfast.report.wording import hours, is_known, money, percent


def one_more_csm_told(summary: Mapping[str, Any], currency: str) -> str:
    """Say what one more CSM would earn where that is most, beside the cost; nothing where unknown."""
    more = summary.get("one_more_csm") or {}
    if not is_known(more.get("value")):
        return ""
    where = "" if more["owner"] == "team" else f" beside {more['owner']}"
    text = (
        f"One more CSM, {hours(more['hours'])} in {summary['horizon_days']} days, would use "
        f"{hours(more['hours_used'])} of them{where} and earn {money(more['value'], currency)}"
    )
    if not more["cost"] > 0:
        return f"{text}; hourly_cost is 0, so what that costs is not told."
    return f"{text} before their cost, which is {money(more['cost'], currency)}."


def sensitivity_told(summary: Mapping[str, Any], currency: str) -> str:
    """Say what the plan is worth where outreach works half or twice as well as it assumes."""
    told = summary.get("sensitivity") or {}
    half, twice = told.get("value_at_half_response"), told.get("value_at_twice_response")
    if not is_known(half) or not is_known(twice):
        return ""
    text = (
        f"If it works half as well as planned, the plan is worth {money(half, currency)}; "
        f"if twice as well, {money(twice, currency)}."
    )
    pays = told.get("break_even_save_rate")
    return f"{text} It pays for itself from a save rate of {percent(pays)}." if is_known(pays) else text
