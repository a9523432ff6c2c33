"""The smaller tables of the page: segments, hours by owner, what was cut, and how it was made."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from standfast.report.content import PageLimits, ReportContent
from standfast.report.listing import Listing
from standfast.report.plan_view import NO_OWNER
from standfast.report.wording import as_text, count, figure, hours, is_known, money, percent, plain, spoken


def segment_rows(segments: pd.DataFrame) -> list[dict[str, str]]:
    """Word each segment's figures and what it means, in the order they come."""
    return [
        {
            "segment": str(as_text(row.get("segment"))),
            "accounts": count(row.get("n_accounts")),
            "revenue": money(row.get("annual_revenue")),
            "churn": percent(row.get("churn_probability")),
            "upsell": percent(row.get("upsell_probability")),
            "lifetime": money(row.get("lifetime_value")),
            "allowed": money(row.get("allowed_acquisition_cost")),
            "ratio": figure(row.get("ltv_to_cac"), 1),
            "deprioritised": "deprioritise" if row.get("is_deprioritised") is True else "",
            "meaning": str(row["meaning"]) if is_known(row.get("meaning")) else "",
        }
        for row in segments.to_dict("records")
    ]


def named_rows(named: pd.DataFrame) -> list[dict[str, str]]:
    """Word the named segments that hold somebody, or may hold some of whom too little is known."""
    return [
        {
            "segment": str(row["segment"]),
            "kind": str(row["kind"]),
            "accounts": count(row["n_accounts"]),
            "unknown": count(row["n_unknown"]),
            "revenue": money(row["annual_revenue"]),
            "churn": percent(row["churn_probability"]),
            "upsell": percent(row["upsell_probability"]),
            "at_risk": money(row["revenue_at_risk"]),
            "message": str(row["message"]),
        }
        for row in named.to_dict("records")
        if row["n_accounts"] or (row["n_unknown"] and row["is_told"])
    ]


def owner_rows(summary: Mapping[str, Any], *, limits: PageLimits) -> Listing:
    """Put each owner's capacity beside the plan; nothing where the team shares all its hours."""
    lines = list(summary.get("by_owner") or ())
    if len(lines) == 1:
        return Listing((), ())
    columns = {
        "Owner": [str(line["owner"]) if is_known(line.get("owner")) else NO_OWNER for line in lines],
        "Accounts": [count(line.get("n_accounts")) for line in lines],
        **_fixed_column(lines),
        "Outreach": [hours(line.get("used")) for line in lines],
        "Capacity": [hours(line.get("capacity")) for line in lines],
    }
    if any(is_known(line.get("lambda_")) for line in lines):
        columns["One more hour"] = [money(line.get("lambda_")) for line in lines]
    rows = tuple(zip(*columns.values(), strict=True))[: limits.owner_rows]
    return Listing(tuple(columns), rows, len(lines) - len(rows))


def _fixed_column(lines: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Show the hours of fixed work where there is any."""
    if not any(line.get("fixed") for line in lines):
        return {}
    return {"Fixed work": [hours(line.get("fixed")) for line in lines]}


def cut_rows(summary: Mapping[str, Any]) -> Listing:
    """Show, by segment, what would pay without a limit of hours beside what the hours allow."""
    lines = [line for line in summary.get("cut") or () if _is_cut(line)]
    rows = tuple(
        (
            str(as_text(line.get("segment"))),
            count(line.get("n_wanted")),
            count(line.get("n_planned")),
            hours(line.get("hours_wanted")),
            hours(line.get("hours_planned")),
        )
        for line in lines
    )
    return Listing(("Segment", "Accounts that pay", "Planned", "Hours they need", "Planned"), rows)


def _is_cut(line: Mapping[str, Any]) -> bool:
    wanted, planned = line.get("hours_wanted"), line.get("hours_planned")
    return not is_known(wanted) or not is_known(planned) or wanted > planned


def left_rows(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Count the accounts the plan leaves alone, by reason, the commonest first."""
    left = summary.get("left") or {}
    return [
        (str(reason), count(n)) for reason, n in sorted(left.items(), key=lambda item: (-item[1], item[0]))
    ]


def made_rows(content: ReportContent) -> list[tuple[str, str]]:
    """Say how the page was made: rows in and out, version, and the settings that shaped it."""
    rows = content.rows
    kinds = (count(rows.get(name)) for name in ("rows_in", "scored", "rejected"))
    balance = "{} in = {} scored + {} rejected".format(*kinds)
    facts = [("Model version", plain(content.model_version)), ("Horizon", f"{content.horizon_days} days")]
    if rows:
        facts.insert(0, ("Rows", balance))
    return [*facts, *((spoken(name), plain(value)) for name, value in content.settings_summary)]
