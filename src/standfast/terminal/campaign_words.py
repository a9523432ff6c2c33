"""What ``standfast campaign`` says, for a person."""

import math
from typing import TYPE_CHECKING, Any

from standfast.report.wording import UNKNOWN, count, counted, day, figure, hours, is_known, money, percent
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.campaign_next import NextUp
    from standfast.pipelines.campaign_profile import Profile
    from standfast.pipelines.campaign_results import Campaigns, RecordedResults, Standing
    from standfast.pipelines.campaign_start import Started

MOST_TRAITS = 15
"""Rows of a profile on the screen; the file has all of them."""


def show_started(started: "Started") -> None:
    """Say who is on which list, and how to go on."""
    campaign = started.campaign
    print_lines([f"campaign {campaign.name!r} begins on {day(campaign.started_on)}: {campaign.offer}", ""])
    print_table(
        "Lists, in the order in which they are contacted",
        ("list", "accounts", "held back now", f"revenue ({started.currency})", "the offer may bring"),
        [
            (row["list"], count(row["n_accounts"]), count(row["n_held_back"]), money(row["annual_revenue"]),
             money(row["expected_worth"]))
            for row in started.lists.to_dict("records")
        ],
    )  # fmt: skip
    terms = campaign.terms
    print_lines(
        [
            *(f"note: {note}" for note in started.notes),
            (
                f"list {campaign.open_list} is open; it is judged when {percent(terms['gate_share'])} of "
                "those who can be reached have been contacted"
            ),
            f"next: standfast campaign next {_quoted(campaign.name)}",
        ]
    )


def show_next(found: "NextUp") -> None:
    """Say whom to contact now by owner, who is held back, and what the gate says."""
    campaign = found.campaign
    print_lines([f"campaign {campaign.name!r} on {day(campaign.looked_on)}: {campaign.offer}"])
    print_lines([*(f"gate: {said}" for said in found.opened), ""])
    by_owner = found.rows.sort_values("owner", kind="stable", na_position="last").to_dict("records")
    print_table(
        "Whom to contact now, by owner",
        ("owner", "account", "name", "why"),
        [(*(row[name] if is_known(row[name]) else UNKNOWN for name in ("owner", "account_id", "name")),
          row["why"]) for row in by_owner],
    )  # fmt: skip
    held = [f"{count(n)} {why}" for why, n in found.held_back.items()]
    print_lines(
        [
            f"{count(len(found.rows))} of {counted(found.n_left, 'account')} left to contact now",
            *([f"held back: {'; '.join(held)}"] if held else []),
            f"gate: {found.gate.sentence}",
            *([_way_on(found)] if found.gate.verdict in {"stop", "unproven", "waiting"} else []),
            *([_way_to_record(found)] if len(found.rows) else []),
            *([f"these: {found.output}"] if found.output else []),
        ]
    )


def show_recorded(done: "RecordedResults") -> None:
    """Say what was recorded."""
    told = done.recorded
    print_lines(
        [
            (
                f"campaign {done.campaign.name!r}: {counted(done.rows, 'row')} = {count(told.n_new)} new + "
                f"{count(told.n_known)} known already + {count(told.n_corrected)} corrected"
            ),
            *(f"careful: {note}" for note in done.notes),
        ]
    )


def show_status(found: "Standing | Campaigns") -> None:
    """Say how one campaign stands, or which there are."""
    if hasattr(found, "campaigns"):
        _show_campaigns(found)
    else:
        _show_standing(found)


def show_profile(found: "Profile") -> None:
    """Say in what the best accounts differ from the others."""
    stands_out = found.rows[found.rows["stands_out"]]
    order = stands_out["difference"].abs().sort_values(ascending=False, kind="stable").index
    shown = stands_out.loc[order].head(MOST_TRAITS).to_dict("records")
    people = f"{counted(found.n_accounts, 'account')} of list A against {counted(found.n_others, 'other')}"
    print_table(
        f"{people}: in what they surely differ" if shown else f"{people}: nothing surely tells them apart",
        ("about", "group", "list A", "share", "from", "to", "others", "difference", "from", "to"),
        [
            (row["about"], row["group"], count(row["n_accounts"]),
             *(percent(row[name]) for name in ("share", "low", "high", "others_share", "difference",
                                               "difference_low", "difference_high")))
            for row in shown
        ],
    )  # fmt: skip
    told = f"{count(len(stands_out))} of {count(len(found.rows))} rows differ"
    print_lines(
        [
            f"{told}; shares are among the accounts of whom the trait is known",
            (
                f"intervals hold with {percent(found.confidence)} confidence, those of differences for all "
                "rows at once; a difference is no need yet: ask these accounts"
            ),
            f"all rows: {found.output}" if found.output else "all rows: add -o profile.csv",
        ]
    )


def _show_campaigns(found: Any) -> None:
    if not found.campaigns:
        print_lines(["no campaign yet; start one with: standfast campaign start NAME --offer TEXT"])
        return
    print_table(
        "Campaigns",
        ("name", "offer", "began", "lists", "open", "stopped"),
        [
            (one.name, one.offer, str(one.started_on), ", ".join(one.lists), one.open_list,
             f"{one.stopped_on}: {one.stop_reason}" if one.stopped_on else "no")
            for one in found.campaigns
        ],
    )  # fmt: skip
    print_lines(["one of them: standfast campaign status NAME"])


def _show_standing(found: Any) -> None:
    campaign = found.campaign
    print_lines([f"campaign {campaign.name!r}, since {day(campaign.started_on)}: {campaign.offer}", ""])
    effort = "effort per won revenue" if found.costs_money else "minutes per won revenue"
    print_table(
        f"Effort and result per list ({found.currency}; revenue is per year)",
        ("list", "accounts", "held back", "left", "contacted", "hours", "cost", "meetings", "sales",
         "refused", "revenue won", effort, f"times list {campaign.lists[0]}"),
        [_list_row(tally, found) for tally in found.tallies],
    )  # fmt: skip
    state = (
        f"list {campaign.open_list} is open" if campaign.is_live else f"stopped on {day(campaign.stopped_on)}"
    )
    reason = "" if campaign.is_live else f": {campaign.stop_reason}"
    print_lines(
        [
            *(_gate_line(row) for row in found.gates.to_dict("records")),
            state + reason,
            f"gate of list {found.gate.list}: {found.gate.sentence}",
        ]
    )


def _list_row(tally: Any, found: Any) -> tuple[str, ...]:
    per_revenue = tally.effort_per_revenue
    return (
        tally.list, count(tally.n_accounts), count(tally.n_suppressed), count(tally.n_left),
        count(tally.n_contacted), hours(tally.minutes / 60), money(tally.cost), count(tally.n_meetings),
        count(tally.n_sales), count(tally.n_refused), money(tally.revenue),
        "nothing won" if math.isinf(per_revenue) else figure(per_revenue, 2),
        _times(found.ratios.get(tally.list)),
    )  # fmt: skip


def _times(ratio: Any) -> str:
    """Say how many times the first list's effort, with the interval beside it."""
    if ratio is None:
        return UNKNOWN
    high = "any" if math.isinf(ratio.high) else figure(ratio.high, 1)
    middle = figure(ratio.ratio, 1) if math.isfinite(ratio.ratio) else UNKNOWN
    return f"{middle} ({figure(ratio.low, 1)} to {high})"


def _gate_line(row: Any) -> str:
    because = f"; overruled: {row['overruled_because']}" if is_known(row["overruled_because"]) else ""
    return f"{day(row['passed_on'])}: {row['sentence']}{because}"


def _way_on(found: "NextUp") -> str:
    name = _quoted(found.campaign.name)
    stop = f"standfast campaign stop {name} --reason TEXT"
    if found.campaign.open_list == found.campaign.lists[-1]:
        return f"nothing stops by itself: {stop}"
    return f"nothing stops by itself: {stop}, or go on: standfast campaign next {name} --go-on REASON"


def _way_to_record(found: "NextUp") -> str:
    name, account = _quoted(found.campaign.name), found.rows["account_id"].iloc[0]
    return f"then: standfast campaign record {name} {_quoted(account)} --minutes 30 --result meeting"


def _quoted(text: str) -> str:
    import shlex  # noqa: PLC0415  (only where a command is shown)

    return shlex.quote(text)
