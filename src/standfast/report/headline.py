"""What the page says first: what the plan does, and what it is worth at the cautious estimate."""

from dataclasses import dataclass

import pandas as pd

from standfast.report.content import ReportContent
from standfast.report.forecast_words import forecast_lead
from standfast.report.plan_view import is_planned, takes_time
from standfast.report.plan_words import one_more_csm_told
from standfast.report.wording import count, counted, hours, is_known, money, percent


@dataclass(frozen=True)
class Tile:
    """One figure of the first screen: its name, the figure, and what it means."""

    name: str
    figure: str
    note: str


def title(content: ReportContent) -> str:
    """Say in one line what to do."""
    if content.plan is None:
        return f"{counted(len(content.scores), 'account')}, ordered by the risk of leaving"
    reached = int(takes_time(content.plan).sum())
    if not reached:
        return f"Nobody to contact in the next {content.horizon_days} days"
    verb = "is" if reached == 1 else "are"
    return (
        f"{counted(reached, 'account')} {verb} worth your team's time in the next {content.horizon_days} days"
    )


def lead(content: ReportContent) -> list[str]:
    """Say in a few sentences what the plan takes and what it gives, the cautious figure first."""
    if content.plan is None:
        return [_risk_sentence(content), "There is no plan in this report; the notes below say why."]
    return [text for text in _plan_sentences(content) if text]


def _plan_sentences(content: ReportContent) -> tuple[str, ...]:
    ahead = content.plan_summary.get("forecast")
    return (
        _hours_sentence(content),
        _worth_sentence(content),
        _risk_sentence(content),
        forecast_lead(ahead, content.currency) if ahead else "",
    )


def _hours_sentence(content: ReportContent) -> str:
    used, capacity = content.plan_summary.get("hours_used"), content.plan_summary.get("hours_capacity")
    if not is_known(used) or not is_known(capacity):
        return ""
    reached = content.plan_summary.get("revenue_reached")
    text = f"The plan uses {hours(used)} of the {hours(capacity)} the team has{_beside(content)}"
    if is_known(reached):
        text += f" and reaches accounts that pay {money(reached, content.currency)} a year"
    return text + "."


def _beside(content: ReportContent) -> str:
    """Say what fixed work takes of the hours; nothing where there is none."""
    fixed = content.plan_summary.get("hours_fixed")
    return f", beside {hours(fixed)} of fixed work," if is_known(fixed) and fixed > 0 else ""


def _worth_sentence(content: ReportContent) -> str:
    cautious = content.plan_summary.get("conservative_value")
    expected = content.plan_summary.get("expected_value")
    if not is_known(cautious):
        return ""
    text = (
        f"Cautious estimate of what it is worth over twelve months, its cost taken off: "
        f"{money(cautious, content.currency)}"
    )
    if is_known(expected):
        text += f"; at the response the plan assumes: {money(expected, content.currency)}"
    text += ". Both are estimates, not promises."
    if cautious < 0:
        text += " At the cautious estimate the plan does not pay for itself."
    return text


def _risk_sentence(content: ReportContent) -> str:
    n_high = _high(content.scores).sum()
    if "risk_tier" not in content.scores or not content.scores["risk_tier"].notna().any():
        return "No churn model was trained, so the risk of leaving is unknown."
    text = f"{count(n_high)} of {counted(len(content.scores), 'account')} are at high risk of leaving"
    at_risk = _total(content.scores, "revenue_at_risk")
    if is_known(at_risk):
        text += f"; over the whole book {money(at_risk, content.currency)} of yearly revenue is at risk"
    return text + "."


def tiles(content: ReportContent) -> list[Tile]:
    """Give the four or five figures of the first screen; unknown ones are left out."""
    revenue, at_risk = _total(content.scores, "annual_revenue"), _total(content.scores, "revenue_at_risk")
    summary, named = content.plan_summary, content.currency
    found = [
        Tile(
            "Cautious worth of the plan", money(summary.get("conservative_value"), named), _save_note(content)
        ),
        Tile("Revenue at risk", money(at_risk, named), _share_note(at_risk, revenue)),
        Tile(
            "Hours planned",
            hours(summary.get("hours_used")),
            f"of {hours(summary.get('hours_capacity'))}{_beside(content).rstrip(',')}",
        ),
        Tile("Yearly revenue", money(revenue, named), counted(len(content.scores), "account")),
    ]
    known = [summary.get("conservative_value"), at_risk, summary.get("hours_used"), revenue]
    return [tile for tile, value in zip(found, known, strict=True) if is_known(value)] or [
        Tile("Accounts scored", count(len(content.scores)), f"next {content.horizon_days} days")
    ]


def _save_note(content: ReportContent) -> str:
    rate = content.plan_summary.get("save_rate")
    expected = content.plan_summary.get("expected_value")
    kept = f"estimate, if {percent(rate)} of those who would leave are kept" if is_known(rate) else "estimate"
    return f"{kept}; planned {money(expected, content.currency)}" if is_known(expected) else kept


def _share_note(part: float, whole: float) -> str:
    return (
        f"{percent(part / whole)} of yearly revenue"
        if is_known(part) and is_known(whole) and whole
        else "a year"
    )


def _high(scores: pd.DataFrame) -> pd.Series:
    return (
        scores.get("risk_tier", pd.Series(index=scores.index, dtype="object")).eq("high").fillna(value=False)
    )


def _total(scores: pd.DataFrame, column: str) -> float:
    amounts = (
        pd.to_numeric(scores[column], errors="coerce") if column in scores else pd.Series(dtype="float64")
    )
    return float(amounts.sum(min_count=1)) if len(amounts) else float("nan")


def hours_told(content: ReportContent) -> str:
    """Say how full the hours are, what one more would earn, and how near the plan is to the best one."""
    summary = content.plan_summary
    used, capacity = summary.get("hours_used"), summary.get("hours_capacity")
    more, gap = summary.get("lambda_"), summary.get("gap")
    told = (
        [f"{hours(used)} of {hours(capacity)}{_beside(content)} are planned."]
        if is_known(used) and is_known(capacity)
        else []
    )
    if is_known(more) and more > 0:
        worth = money(more, content.currency)
        told.append(
            f"One more hour, where hours are shortest, would earn about {worth} at the planned response."
        )
    elif is_known(more):
        told.append("There are hours to spare: every touch that pays for itself is planned.")
    if is_known(gap) and gap > 0:
        below = f"at most {percent(gap)}".replace("at most <", "less than ")
        told.append(f"The plan is {below} below the best that these hours allow.")
    elif is_known(gap):
        told.append("No other plan would earn more in these hours.")
    return " ".join([*told, one_more_csm_told(summary, content.currency)]).strip()


def automated_note(plan: pd.DataFrame) -> str:
    """Say how many more accounts get automated messages only."""
    n_automated = int((is_planned(plan) & ~takes_time(plan)).sum())
    verb = "gets" if n_automated == 1 else "get"
    return f"{counted(n_automated, 'more account')} {verb} automated messages only." if n_automated else ""
