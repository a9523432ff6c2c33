"""What ``standfast alerts`` says, for a person."""

from typing import TYPE_CHECKING, Any

from standfast.report.wording import UNKNOWN, count, is_known, percent
from standfast.terminal.segment_words import CAUTION
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.alerts import AlertList

MOST_SHOWN = 10
"""Open alerts of one owner on the screen; the file has all of them."""


def show_alerts(found: "AlertList") -> None:
    """Say what is open by owner, and how far each type can be trusted."""
    total = f"{count(len(found.open))} open alerts at {count(found.open['account_id'].nunique())} accounts"
    print_lines([f"{total} of {count(found.n_accounts)} on {found.as_of}", *_since_words(found), ""])
    for owner, rows in found.open.groupby("owner", dropna=False, sort=True):
        shown = rows.head(MOST_SHOWN).to_dict("records")
        more = f", {count(len(shown))} of {count(len(rows))} shown" if len(rows) > len(shown) else ""
        print_table(
            f"{owner if is_known(owner) else 'nobody owns'}{more}",
            ("account", "severity", "since", "new", "why", "what to do"),
            [(row["account_id"], row["severity"], str(row["opened_on"])[:10], "new" if row["is_new"] else "",
              row["reason"], row["action"]) for row in shown],
        )  # fmt: skip
    _show_precision(found)
    if weak := [past.type for past in found.precision if past.n_accounts and not past.is_telling]:
        advice = "raise the threshold under [alerts.TYPE], or say enabled = false"
        print_lines([f"not surely better than the base rate so far: {', '.join(weak)}; {advice}"])
    print_lines(
        [
            f"open: changed within {found.n_weeks} weekly looks; before: has held ever since, so no change",
            "unknown: the tables do not tell, and that is no good news",
            (
                f"right: share of accounts whose first such alert was followed within {found.horizon_days} "
                f"days, with a {percent(found.confidence)} interval; base: of all accounts and dates"
            ),
            CAUTION,
        ]
    )
    if found.output:
        print_lines([f"all of them: {found.output}"])


def _since_words(found: "AlertList") -> list[str]:
    """Say what has changed since the look before."""
    if found.since is None:
        told = ["nobody has looked for alerts before, so all are new"]
    else:
        told = [f"{count(found.n_new)} new since {found.since}, {count(found.n_closed)} closed"]
    kept = "the ledger keeps what later looks found; this one changes nothing there"
    return told if found.is_kept else [*told, kept]


def _show_precision(found: "AlertList") -> None:
    print_table(
        "Types of alert, and how often they were right",
        ("type", "open", "before", "unknown", "outcome", "past accounts", "right", "from", "to", "base"),
        [_type_row(found, past) for past in found.precision],
    )


def _type_row(found: "AlertList", past: Any) -> tuple[str, ...]:
    state = found.states[past.type]
    seen = past.n_accounts > 0
    return (
        past.type,
        count(state.n_open),
        count(state.n_before),
        count(state.n_unknown),
        past.outcome,
        count(past.n_accounts),
        *(percent(value) if seen else UNKNOWN for value in (past.rate, past.low, past.high)),
        percent(past.base_rate),
    )
