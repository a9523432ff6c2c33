"""A backtest as small tables: where leavers stood, the same hours in money, and every date."""

from collections.abc import Mapping, Sequence
from typing import Any

from standfast.report.listing import Listing
from standfast.report.wording import count, figure, is_known, money, percent

Told = Mapping[str, Any]


def place_listing(told: Told) -> Listing:
    """Give one line per list: where leavers stood in it, and how right its first calls would have been."""
    prefix = "precision_first_"
    # In order of the calls, whatever order the file that kept the figures has them in.
    sizes = sorted(int(name.removeprefix(prefix)) for name in told["rules"][0]["figures"] if prefix in name)
    calls = [f"{prefix}{size}" for size in sizes]
    columns = (
        "List", "First 10 %", "First 20 %", "First 50 %", "Middle leaver at",
        *(f"Right of first {size}" for size in sizes),
    )  # fmt: skip
    lines = (
        (
            rule["words"],
            *(percent(rule["figures"][name][0]) for name in ("in_first_10", "in_first_20", "in_first_50")),
            percent(rule["median_place"]),
            *(with_ends(rule["figures"][name], percent) for name in calls),
        )
        for rule in told["rules"]
    )
    base = told["n_left"] / told["n_listed"]
    chance = ("by chance", *map(percent, (0.1, 0.2, 0.5, 0.5)), *(percent(base) for _ in calls))
    return Listing(columns, (*lines, chance))


def money_listing(told: Told) -> Listing:
    """Give one line per list: what the same hours reached, what that was worth, how far the plan is ahead."""
    columns = (
        "List", "Leavers reached", "Churned revenue reached", "Worth, cautious", "The plan is ahead by",
        "Worth, planned",
    )  # fmt: skip
    return Listing(columns, tuple(_money_line(rule) for rule in told["rules"]))


def date_listing(told: Told) -> Listing:
    """Give one line per date: what was promised of churn, and what came."""
    columns = (
        "Date", "Learned from", "Accounts", "Left", "Promised", "Came", "AUC", "Calibration error",
        "Log loss", "Base rate's",
    )  # fmt: skip
    return Listing(columns, tuple(date_line(one) for one in told["dates"]))


def _money_line(rule: Told) -> tuple[str, ...]:
    found, ahead = rule["figures"], rule["ahead"].get("conservative_value")
    return (
        rule["words"],
        percent(found["leavers_reached"][0]),
        with_ends(found["revenue_reached"], money),
        with_ends(found["conservative_value"], money),
        with_ends(ahead, money) if ahead else "",
        with_ends(found["expected_value"], money),
    )


def date_line(one: Told) -> tuple[str, ...]:
    """Give the line of one date: what was learned from, who was there, churn promised and come, quality."""
    churn = one["models"].get("churn", {})
    return (
        str(one["date"]),
        f"{count(one['n_learned_from'])} to {one['learned_until']}",
        count(one["n_accounts"]),
        count(one["n_left"]),
        percent(churn.get("mean_probability")),
        percent(churn.get("event_rate")),
        *(figure(churn.get(name)) for name in ("auc", "ece", "log_loss", "base_log_loss")),
    )


def with_ends(estimate: Sequence[float], say: Any) -> str:
    """Say a figure with its interval, if it has one: where all draws agree, that makes nothing sure."""
    value, low, high = estimate
    has_ends = is_known(low) and is_known(high) and low < high
    return f"{say(value)} ({say(low)} to {say(high)})" if has_ends else str(say(value))
