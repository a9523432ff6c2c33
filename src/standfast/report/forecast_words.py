"""The book's forecast in words: what the coming horizon keeps, with and without the plan."""

from collections.abc import Mapping
from typing import Any

from standfast.report.listing import Listing
from standfast.report.wording import GLUE, UNKNOWN, counted, is_known, money, percent

COURSES = {
    "without_plan": "Without the plan",
    "cautious": "With it, cautious",
    "with_plan": "With it, as planned",
}


def forecast_lead(told: Mapping[str, Any], currency: str) -> str:
    """Say in one sentence what is kept as before, and with the plan at the cautious estimate."""
    before, after = told["without_plan"], told["cautious"]
    paid = money(told["annual_revenue"], currency)
    kept = f"{share(before['gross'])} of the {paid} a year of {counted(told['n_accounts'], 'account')}"
    net = f" ({share(before['net'])} with expansions)" if before["net"] else ""
    planned = f"{share(after['gross'])} ({share(after['net'])})" if after["net"] else share(after["gross"])
    return (
        f"Over the next {told['horizon_days']} days the book should keep {kept}{net} if the team goes on as "
        f"before, and {planned} with the plan at the cautious estimate."
    )


def forecast_caution(told: Mapping[str, Any]) -> str:
    """Say what the intervals hold, and what they do not."""
    doubt = "chance and the doubt about base rates" if told["holds_level"] else "chance alone"
    contraction = (
        f"A contraction is taken to cost {percent(told['contraction_share'])} of an account's revenue, "
        f"{_source(told.get('n_contractions'))}."
        if told["has_contraction"]
        else "Contraction is not in it, for the book has no model of it: read the figures as a little high."
    )
    horizons = f"{told['n_draws']:,} simulated horizons"
    return (
        f"Estimates under past practice. Intervals hold {percent(told['confidence'])} of "
        f"{horizons}: {doubt}, not whether outreach works as assumed. {contraction}"
    )


def _source(n_contractions: int | None) -> str:
    if not n_contractions:
        return "which is an assumption"
    return f"as {counted(n_contractions, 'account')} that contracted showed, large and small apart"


def forecast_listing(told: Mapping[str, Any]) -> Listing:
    """Put gross and net retention side by side for each course; net is left out where it is unknown."""
    kinds = [kind for kind in ("gross", "net") if told["without_plan"][kind]]
    columns = [text for kind in kinds for text in (f"{kind.capitalize()} retention", "Between")]
    rows = tuple(
        (
            words,
            *(text for kind in kinds for text in (share(told[course][kind]), between(told[course][kind]))),
        )
        for course, words in COURSES.items()
    )
    return Listing(("Course", *columns), rows)


def share(one: Mapping[str, float] | None) -> str:
    """Say a retention with one decimal, for a plan moves it by less than a whole percent."""
    return one_decimal(one["value"]) if one else UNKNOWN


def between(one: Mapping[str, float] | None) -> str:
    """Say the ends of its interval."""
    return f"{one_decimal(one['low'])} to {one_decimal(one['high'])}" if one else UNKNOWN


def one_decimal(value: float) -> str:
    """Say a share as a percentage with one decimal."""
    return f"{100 * value:.1f}{GLUE}%" if is_known(value) else UNKNOWN
